//! The address of the Users page as a question to the server.

use leptos_router::params::ParamsMap;

use crate::domain::ids::{ConnectorId, GroupId, RoleId};
use crate::domain::page::Direction;
use crate::domain::user::{InvitationStatus, LoginMethod, UserFilter, UserQuery, UserSort, UserType};
use crate::ui::components::param;

/// Query parameters that narrow the list.
pub(super) const FILTERS: [&str; 11] = [
    "search",
    "status",
    "role",
    "type",
    "login",
    "connector",
    "group",
    "external",
    "incomplete",
    "identity",
    "invitation",
];

/// Value of `role` for users without one, and of `identity` for users without Global User Id.
pub(super) const NONE: &str = "none";

/// Value of `login` for the built-in login.
pub(super) const BUILT_IN: &str = "built_in";

/// Reads the address. What it does not understand narrows nothing.
pub(super) fn read(query: &ParamsMap) -> UserQuery {
    let value = |name: &str| param(query, name);
    let role = value("role");
    let login_method = match value("login").as_str() {
        BUILT_IN => Some(LoginMethod::BuiltIn),
        id => ConnectorId::parse(id).ok().map(LoginMethod::Connector),
    };
    let invitation = value("invitation");
    let filter = UserFilter {
        search: value("search"),
        is_active: match value("status").as_str() {
            "active" => Some(true),
            "deactivated" => Some(false),
            _ => None,
        },
        role: RoleId::parse(&role).ok(),
        without_role: role == NONE,
        user_type: UserType::from_name(&value("type")),
        login_method,
        connector: ConnectorId::parse(&value("connector")).ok(),
        group: GroupId::parse(&value("group")).ok(),
        is_external: match value("external").as_str() {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        },
        is_incomplete: value("incomplete") == "true",
        without_identity: value("identity") == NONE,
        invitation: InvitationStatus::ALL.into_iter().find(|status| status.name() == invitation),
    };
    let cursor = value("cursor");
    UserQuery {
        filter,
        sort: match value("sort").as_str() {
            "user_name" => UserSort::UserName,
            "created_at" => UserSort::CreatedAt,
            "updated_at" => UserSort::UpdatedAt,
            _ => UserSort::Name,
        },
        direction: if value("dir") == "desc" {
            Direction::Descending
        } else {
            Direction::Ascending
        },
        cursor: (!cursor.is_empty()).then_some(cursor),
        limit: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(pairs: &[(&'static str, &str)]) -> UserQuery {
        read(&pairs.iter().map(|(key, value)| (*key, (*value).to_owned())).collect())
    }

    #[test]
    fn the_address_is_the_question() {
        let asked = query(&[
            ("search", "ana"),
            ("status", "deactivated"),
            ("role", "none"),
            ("login", "built_in"),
            ("sort", "updated_at"),
            ("dir", "desc"),
            ("cursor", "c"),
        ]);
        assert_eq!(asked.filter.search, "ana");
        assert_eq!(asked.filter.is_active, Some(false));
        assert!(asked.filter.without_role && asked.filter.role.is_none());
        assert_eq!(asked.filter.login_method, Some(LoginMethod::BuiltIn));
        assert_eq!(
            (asked.sort, asked.direction, asked.cursor.as_deref()),
            (UserSort::UpdatedAt, Direction::Descending, Some("c"))
        );
    }

    #[test]
    fn what_is_not_understood_narrows_nothing() {
        assert_eq!(
            query(&[
                ("status", "x"),
                ("role", "x"),
                ("login", "x"),
                ("group", "x"),
                ("sort", "x"),
                ("cursor", "")
            ]),
            UserQuery::default()
        );
    }
}
