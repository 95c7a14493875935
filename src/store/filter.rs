//! Condition trees as SQL, on indexed columns, with every value bound.

use chrono::{DateTime, Utc};
use sea_orm::prelude::Uuid;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, LikeExpr, Query, SelectStatement, SimpleExpr};
use sea_orm::{ColumnTrait, Condition};

use super::entities::{group_members, groups, user_values, users};
use crate::domain::filter::{Filter, GroupAttribute, Operand, Operator, UserAttribute, ValuePart};
use crate::domain::text::fold;

/// A condition on `users`. `connector` bounds the values that are looked into.
pub(in crate::store) fn user_condition(filter: &Filter<UserAttribute>, connector: Uuid) -> Condition {
    condition(filter, &|attribute, test| user_attribute(attribute, test, connector))
}

/// A condition on `groups`.
pub(in crate::store) fn group_condition(filter: &Filter<GroupAttribute>) -> Condition {
    condition(filter, &group_attribute)
}

/// What is asked of one attribute.
enum Test<'a> {
    Compare(Operator, &'a Operand),
    Present,
}

fn condition<A>(filter: &Filter<A>, leaf: &dyn Fn(&A, Test<'_>) -> Condition) -> Condition {
    match filter {
        Filter::All(parts) => parts.iter().fold(Condition::all().add(Expr::val(1).eq(1)), |all, part| {
            all.add(condition(part, leaf))
        }),
        Filter::Any(parts) => parts.iter().fold(Condition::any().add(Expr::val(1).eq(0)), |any, part| {
            any.add(condition(part, leaf))
        }),
        Filter::Not(part) => condition(part, leaf).not(),
        Filter::Compare {
            attribute,
            operator,
            operand,
        } => leaf(attribute, Test::Compare(*operator, operand)),
        Filter::Present(attribute) => leaf(attribute, Test::Present),
    }
}

fn never() -> Condition {
    Condition::all().add(Expr::val(1).eq(0))
}

fn user_attribute(attribute: &UserAttribute, test: Test<'_>, connector: Uuid) -> Condition {
    use users::Column as C;
    match attribute {
        UserAttribute::Id => id(column(C::Id), &test),
        UserAttribute::ExternalId => text(column(C::ExternalId), None, &test),
        UserAttribute::UserName => text(column(C::UserName), Some(column(C::UserNameKey)), &test),
        UserAttribute::DisplayName => text(column(C::DisplayName), Some(lower(C::DisplayName)), &test),
        UserAttribute::GivenName => text(column(C::GivenName), Some(lower(C::GivenName)), &test),
        UserAttribute::FamilyName => text(column(C::FamilyName), Some(lower(C::FamilyName)), &test),
        UserAttribute::UserType => text(column(C::UserType), None, &test),
        UserAttribute::IsActive => flag(column(C::IsActive), &test),
        UserAttribute::CreatedAt => time(column(C::CreatedAt), &test),
        UserAttribute::UpdatedAt => time(column(C::UpdatedAt), &test),
        UserAttribute::Group => member_of(&test),
        UserAttribute::Values { name, condition: inner } => {
            let rows = Query::select()
                .column(user_values::Column::UserId)
                .from(user_values::Entity)
                .and_where(user_values::Column::ConnectorId.eq(connector))
                .and_where(user_values::Column::Attribute.eq(name.as_str()))
                .cond_where(condition(inner, &value_part))
                .to_owned();
            match test {
                // Compared as a whole is compared with nothing: absence and presence are all that can be said of it.
                Test::Compare(Operator::Equal, Operand::Null) => Condition::all().add(column(C::Id).not_in_subquery(rows)),
                Test::Compare(_, Operand::Null) | Test::Present => Condition::all().add(column(C::Id).in_subquery(rows)),
                Test::Compare(_, Operand::Text(_) | Operand::Bool(_) | Operand::Time(_)) => never(),
            }
        }
    }
}

fn value_part(part: &ValuePart, test: Test<'_>) -> Condition {
    use user_values::Column as C;
    match part {
        ValuePart::Value => text(column(C::Value), Some(column(C::ValueKey)), &test),
        ValuePart::ExactValue => text(column(C::Value), None, &test),
        ValuePart::Kind => text(column(C::Kind), Some(lower(C::Kind)), &test),
        ValuePart::IsPrimary => flag(column(C::IsPrimary), &test),
    }
}

fn group_attribute(attribute: &GroupAttribute, test: Test<'_>) -> Condition {
    use groups::Column as C;
    match attribute {
        GroupAttribute::Id => id(column(C::Id), &test),
        GroupAttribute::ExternalId => text(column(C::ExternalId), None, &test),
        GroupAttribute::DisplayName => text(column(C::Name), Some(column(C::NameKey)), &test),
        GroupAttribute::CreatedAt => time(column(C::CreatedAt), &test),
        GroupAttribute::UpdatedAt => time(column(C::UpdatedAt), &test),
        GroupAttribute::Member => has_member(&test),
    }
}

fn member_of(test: &Test<'_>) -> Condition {
    membership(
        test,
        users::Column::Id,
        group_members::Column::UserId,
        group_members::Column::GroupId,
    )
}

fn has_member(test: &Test<'_>) -> Condition {
    membership(
        test,
        groups::Column::Id,
        group_members::Column::GroupId,
        group_members::Column::UserId,
    )
}

fn membership(
    test: &Test<'_>,
    own: impl ColumnTrait,
    own_side: group_members::Column,
    other_side: group_members::Column,
) -> Condition {
    let rows = || -> SelectStatement { Query::select().column(own_side).from(group_members::Entity).to_owned() };
    let of = |other: &str| {
        let other = uuid(other)?;
        Some(rows().and_where(other_side.eq(other)).to_owned())
    };
    match test {
        Test::Present | Test::Compare(Operator::NotEqual, Operand::Null) => Condition::all().add(column(own).in_subquery(rows())),
        Test::Compare(Operator::Equal, Operand::Null) => Condition::all().add(column(own).not_in_subquery(rows())),
        Test::Compare(Operator::Equal, Operand::Text(other)) => {
            of(other).map_or_else(never, |rows| Condition::all().add(column(own).in_subquery(rows)))
        }
        Test::Compare(Operator::NotEqual, Operand::Text(other)) => match uuid(other) {
            // As for every attribute with several values: one that is another one is enough.
            Some(other) => Condition::all().add(column(own).in_subquery(rows().and_where(other_side.ne(other)).to_owned())),
            None => Condition::all().add(column(own).in_subquery(rows())),
        },
        Test::Compare(..) => never(),
    }
}

fn column(column: impl ColumnTrait) -> SimpleExpr {
    Expr::col((
        Alias::new(column.entity_name().to_string()),
        Alias::new(column.unquoted().to_string()),
    ))
}

/// For attributes without a folded column: folding by the database covers ASCII on SQLite and all letters on PostgreSQL, and
/// the operand is folded the same way.
fn lower(of: impl ColumnTrait) -> SimpleExpr {
    SimpleExpr::from(sea_orm::sea_query::Func::lower(column(of)))
}

/// Ids are case-exact and opaque: only the canonical spelling is one.
fn uuid(text: &str) -> Option<Uuid> {
    crate::domain::ids::UserId::parse(text).ok().map(|id| id.as_uuid())
}

fn id(column: SimpleExpr, test: &Test<'_>) -> Condition {
    match test {
        Test::Present | Test::Compare(Operator::NotEqual, Operand::Null) => Filter::<()>::everything_condition(),
        Test::Compare(Operator::Equal, Operand::Text(value)) => {
            uuid(value).map_or_else(never, |value| Condition::all().add(column.eq(value)))
        }
        Test::Compare(Operator::NotEqual, Operand::Text(value)) => uuid(value)
            .map_or_else(Filter::<()>::everything_condition, |value| {
                Condition::all().add(column.ne(value))
            }),
        Test::Compare(..) => never(),
    }
}

impl Filter<()> {
    fn everything_condition() -> Condition {
        Condition::all().add(Expr::val(1).eq(1))
    }
}

/// `exact` is the column as stored, `folded` the one by which it compares where case does not matter.
fn text(exact: SimpleExpr, folded: Option<SimpleExpr>, test: &Test<'_>) -> Condition {
    let expression = match test {
        Test::Present => exact.clone().is_not_null().and(exact.ne("")),
        Test::Compare(Operator::Equal, Operand::Null) => exact.clone().is_null().or(exact.eq("")),
        Test::Compare(Operator::NotEqual, Operand::Null) => exact.clone().is_not_null().and(exact.ne("")),
        Test::Compare(operator, Operand::Text(value)) => {
            let (column, value) = match folded {
                Some(folded) => (folded, fold(value)),
                None => (exact, value.clone()),
            };
            compare_text(column, *operator, &value)
        }
        Test::Compare(_, Operand::Null | Operand::Bool(_) | Operand::Time(_)) => return never(),
    };
    Condition::all().add(expression)
}

fn compare_text(column: SimpleExpr, operator: Operator, value: &str) -> SimpleExpr {
    match operator {
        Operator::Equal => column.eq(value),
        // A value that is absent is not the operand either (RFC 7644 section 3.4.2.2: "ne" is the opposite of "eq").
        Operator::NotEqual => column.clone().ne(value).or(column.is_null()),
        Operator::Contains => column.like(pattern("%", value, "%")),
        Operator::StartsWith => column.like(pattern("", value, "%")),
        Operator::EndsWith => column.like(pattern("%", value, "")),
        Operator::Greater => column.gt(value),
        Operator::GreaterOrEqual => column.gte(value),
        Operator::Less => column.lt(value),
        Operator::LessOrEqual => column.lte(value),
    }
}

fn pattern(before: &str, value: &str, after: &str) -> LikeExpr {
    let escaped = value.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    LikeExpr::new(format!("{before}{escaped}{after}")).escape('\\')
}

fn flag(column: SimpleExpr, test: &Test<'_>) -> Condition {
    match test {
        Test::Present | Test::Compare(Operator::NotEqual, Operand::Null) => Filter::<()>::everything_condition(),
        Test::Compare(Operator::Equal, Operand::Bool(value)) => Condition::all().add(column.eq(*value)),
        Test::Compare(Operator::NotEqual, Operand::Bool(value)) => Condition::all().add(column.ne(*value)),
        Test::Compare(..) => never(),
    }
}

fn time(column: SimpleExpr, test: &Test<'_>) -> Condition {
    let compare = |operator: Operator, value: DateTime<Utc>| match operator {
        Operator::Equal => Some(column.clone().eq(value)),
        Operator::NotEqual => Some(column.clone().ne(value)),
        Operator::Greater => Some(column.clone().gt(value)),
        Operator::GreaterOrEqual => Some(column.clone().gte(value)),
        Operator::Less => Some(column.clone().lt(value)),
        Operator::LessOrEqual => Some(column.clone().lte(value)),
        Operator::Contains | Operator::StartsWith | Operator::EndsWith => None,
    };
    match test {
        Test::Present | Test::Compare(Operator::NotEqual, Operand::Null) => Filter::<()>::everything_condition(),
        Test::Compare(operator, Operand::Time(value)) => {
            compare(*operator, *value).map_or_else(never, |test| Condition::all().add(test))
        }
        Test::Compare(_, Operand::Text(_) | Operand::Bool(_) | Operand::Null) => never(),
    }
}

#[cfg(test)]
mod tests {
    use sea_orm::{DatabaseBackend, EntityTrait, QueryFilter, QueryTrait};

    use super::*;

    fn statement(filter: &Filter<UserAttribute>) -> sea_orm::Statement {
        users::Entity::find()
            .filter(user_condition(filter, Uuid::nil()))
            .build(DatabaseBackend::Sqlite)
    }

    #[test]
    fn s28_values_are_bound_never_spelled_out() {
        for hostile in ["' OR 1=1 --", "%", "_", "\\", "\"; DROP TABLE users"] {
            for operator in [Operator::Equal, Operator::Contains, Operator::StartsWith, Operator::EndsWith] {
                let text = statement(&Filter::Compare {
                    attribute: UserAttribute::UserName,
                    operator,
                    operand: Operand::Text(hostile.to_owned()),
                })
                .sql;
                assert!(!text.contains("OR 1=1") && !text.contains("DROP"), "{text}");
            }
        }
    }

    #[test]
    fn the_empty_all_holds_for_everything_and_the_empty_any_for_nothing() {
        let values = |filter| format!("{:?}", statement(filter).values);
        assert_ne!(values(&Filter::everything()), values(&Filter::nothing()));
    }
}
