use lanyard::domain::error::Problem;
use lanyard::domain::page::Direction;
use lanyard::domain::role::BuiltInRole;
use lanyard::domain::user::{NewUser, ProfileEdit, UserFilter, UserQuery, UserSort, UserType};
use lanyard::service::{Error, users};

use crate::app::TestApp;

fn new(email: &str) -> NewUser {
    NewUser {
        email: email.to_owned(),
        given_name: String::new(),
        family_name: String::new(),
        role: String::new(),
        user_type: UserType::Standard,
    }
}

#[tokio::test]
async fn s30_look_alike_login_names_are_taken() {
    let app = TestApp::new().await;
    let org = app.set_up().await;
    users::create(&org.admin, &new("Admin@x.example")).await.unwrap();
    for twin in [
        "admin@x.example",
        "ADMIN@X.EXAMPLE",
        "ａｄｍｉｎ@x.example",
        "adm\u{131}n@x.example",
    ] {
        let Err(Error::Invalid(faults)) = users::create(&org.admin, &new(twin)).await else {
            panic!("{twin} was accepted")
        };
        assert_eq!(
            (faults[0].field.as_str(), &faults[0].problem),
            ("email", &Problem::Taken),
            "{twin}"
        );
    }
}

#[tokio::test]
async fn lists_page_by_keyset_in_every_order() {
    let app = TestApp::new().await;
    let org = app.set_up().await;
    for n in 0..23 {
        let name = format!("p{:02}@contoso.example", (n * 7) % 23);
        users::create(
            &org.admin,
            &NewUser {
                given_name: "Same".to_owned(),
                family_name: "Name".to_owned(),
                ..new(&name)
            },
        )
        .await
        .unwrap();
    }
    for sort in [UserSort::Name, UserSort::UserName, UserSort::CreatedAt, UserSort::UpdatedAt] {
        for direction in [Direction::Ascending, Direction::Descending] {
            let mut query = UserQuery {
                sort,
                direction,
                limit: Some(5),
                ..UserQuery::default()
            };
            let mut seen = Vec::new();
            loop {
                let page = users::list(&org.admin, &query).await.unwrap();
                assert_eq!(page.total, Some(24));
                seen.extend(page.items.into_iter().map(|user| user.user_name));
                let Some(next) = page.next else { break };
                query.cursor = Some(next);
            }
            let mut unique = seen.clone();
            unique.sort();
            unique.dedup();
            assert_eq!((seen.len(), unique.len()), (24, 24), "{sort:?} {direction:?}");
            if sort == UserSort::UserName {
                let sorted = if direction == Direction::Ascending {
                    unique
                } else {
                    unique.into_iter().rev().collect()
                };
                assert_eq!(seen, sorted);
            }
        }
    }
}

#[tokio::test]
async fn search_finds_the_beginning_of_any_word() {
    let app = TestApp::new().await;
    let org = app.set_up().await;
    let people = [
        ("asa.oberg@contoso.example", "Åsa", "Öberg"),
        ("jean-luc@contoso.example", "Jean-Luc", "Picard"),
        ("o.neil@contoso.example", "Tip", "O'Neil"),
    ];
    for (email, given, family) in people {
        users::create(
            &org.admin,
            &NewUser {
                given_name: given.to_owned(),
                family_name: family.to_owned(),
                ..new(email)
            },
        )
        .await
        .unwrap();
    }
    let find = async |search: &str| {
        let query = UserQuery {
            filter: UserFilter {
                search: search.to_owned(),
                ..UserFilter::default()
            },
            ..UserQuery::default()
        };
        users::list(&org.admin, &query)
            .await
            .unwrap()
            .items
            .into_iter()
            .map(|user| user.user_name)
            .collect::<Vec<_>>()
    };
    assert_eq!(find("asa").await, ["asa.oberg@contoso.example"]);
    assert_eq!(find("ÅS öb").await, ["asa.oberg@contoso.example"]);
    assert_eq!(find("luc").await, ["jean-luc@contoso.example"]);
    assert_eq!(find("neil tip").await, ["o.neil@contoso.example"]);
    assert_eq!(find("erg").await, [""; 0]);
    assert_eq!(find("%").await.len(), 4, "a sign is no word and narrows nothing");
    assert_eq!(find("contoso").await.len(), 3);
}

#[tokio::test]
async fn filters_narrow_and_combine() {
    let app = TestApp::new().await;
    let org = app.set_up().await;
    let active = app.user(&org, "active@contoso.example", Some(BuiltInRole::User)).await;
    let gone = app.user(&org, "gone@contoso.example", None).await;
    users::deactivate(&org.admin, gone).await.unwrap();
    let names = async |filter: UserFilter| {
        let query = UserQuery {
            filter,
            ..UserQuery::default()
        };
        users::list(&org.admin, &query)
            .await
            .unwrap()
            .items
            .into_iter()
            .map(|user| user.id)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        names(UserFilter {
            is_active: Some(false),
            ..UserFilter::default()
        })
        .await,
        [gone]
    );
    assert_eq!(
        names(UserFilter {
            without_role: true,
            ..UserFilter::default()
        })
        .await,
        [gone]
    );
    let role = app.role(&org.admin, BuiltInRole::User).await;
    assert_eq!(
        names(UserFilter {
            role: Some(role.parse().unwrap()),
            ..UserFilter::default()
        })
        .await,
        [active]
    );
    assert_eq!(
        names(UserFilter {
            role: Some(role.parse().unwrap()),
            is_active: Some(false),
            ..UserFilter::default()
        })
        .await,
        []
    );
    assert_eq!(
        names(UserFilter {
            without_identity: true,
            search: "active".to_owned(),
            ..UserFilter::default()
        })
        .await,
        [active]
    );
    assert_eq!(
        names(UserFilter {
            user_type: Some(UserType::Premium),
            ..UserFilter::default()
        })
        .await,
        []
    );
}

#[tokio::test]
async fn a_stale_edit_is_refused_and_changes_nothing() {
    let app = TestApp::new().await;
    let org = app.set_up().await;
    let id = app.user(&org, "grace@contoso.example", None).await;
    let edit = |version: i64, name: &str| ProfileEdit {
        id,
        version,
        display_name: name.to_owned(),
        given_name: "Grace".to_owned(),
        family_name: "Hopper".to_owned(),
        email: "grace@contoso.example".to_owned(),
    };
    users::update_profile(&org.admin, &edit(1, "First")).await.unwrap();
    assert!(matches!(
        users::update_profile(&org.admin, &edit(1, "Second")).await,
        Err(Error::Stale)
    ));
    let detail = users::get(&org.admin, id).await.unwrap();
    assert_eq!((detail.display_name.as_deref(), detail.version), (Some("First"), 2));
    // Saving what is there already is no change.
    users::update_profile(&org.admin, &edit(2, "First")).await.unwrap();
    assert_eq!(users::get(&org.admin, id).await.unwrap().version, 2);
}

#[tokio::test]
async fn deletion_needs_the_login_name_and_frees_it() {
    let app = TestApp::new().await;
    let org = app.set_up().await;
    let id = app.user(&org, "grace@contoso.example", None).await;
    assert!(matches!(users::delete(&org.admin, id, "grace").await, Err(Error::Invalid(_))));
    users::delete(&org.admin, id, "Grace@contoso.example").await.unwrap();
    assert!(matches!(users::get(&org.admin, id).await, Err(Error::NotFound)));
    let again = app.user(&org, "grace@contoso.example", None).await;
    assert_ne!(again, id);
}
