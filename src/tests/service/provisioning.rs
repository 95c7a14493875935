//! What a directory does, through the service layer.

use std::collections::HashSet;

use lanyard::domain::connector::{ConnectorEdit, ProvisioningSettings};
use lanyard::domain::ids::{ConnectorId, ProvisioningEntryId, UserId};
use lanyard::domain::permission::Permission;
use lanyard::domain::provisioning::ProvisioningQuery;
use lanyard::domain::role::BuiltInRole;
use lanyard::domain::user::{AccessEdit, UserType};
use lanyard::service::error::retrying;
use lanyard::service::provisioning::groups::{self, GroupChange, SentGroup};
use lanyard::service::provisioning::users::{self, SentUser};
use lanyard::service::provisioning_log::EntryRecord;
use lanyard::service::{Context, Error, connectors, provisioning_log};

use crate::app::{TestApp, TestOrganisation};

pub(super) fn sent(user_name: &str) -> SentUser {
    SentUser {
        user_name: user_name.to_owned(),
        external_id: Some(format!("ext-{user_name}")),
        is_active: true,
        display_name: Some("Ada Lovelace".to_owned()),
        given_name: Some("Ada".to_owned()),
        family_name: Some("Lovelace".to_owned()),
        email: Some(user_name.to_owned()),
        user_type: Some("Premium".to_owned()),
        folders: Vec::new(),
        metadata: Vec::new(),
        attributes: serde_json::Map::new(),
    }
}

/// Attributes that say nothing but these roles, the first of them primary.
fn roles(names: &[&str]) -> serde_json::Map<String, serde_json::Value> {
    let sent: Vec<_> = names
        .iter()
        .enumerate()
        .map(|(n, name)| serde_json::json!({ "value": name, "primary": n == 0 }))
        .collect();
    [("roles".to_owned(), sent.into())].into_iter().collect()
}

/// A user with these roles.
pub(super) fn with_roles(user_name: &str, names: &[&str]) -> SentUser {
    SentUser {
        attributes: roles(names),
        ..sent(user_name)
    }
}

pub(super) async fn update(cx: &Context, id: UserId, new: SentUser) -> Result<users::ProvisionedUser, Error> {
    users::update::<Error, _>(cx, id, |_| Ok(new)).await
}

#[tokio::test]
async fn what_a_directory_sends_is_seen_in_the_console() {
    let app = TestApp::new().await;
    let org = app.set_up().await;
    let connector = app.connector(&org).await;
    let directory = app.directory(&connector.secret).await;
    let mut new = sent("ada@contoso.example");
    new.folders = vec!["Finance".to_owned(), "HR".to_owned()];
    new.metadata = vec![("CostCenter".to_owned(), "4711".to_owned())];
    new.attributes = roles(&["user"]);
    let id = users::create(&directory, new).await.unwrap().record.id;
    let detail = lanyard::service::users::get(&org.admin, id).await.unwrap();
    assert_eq!(detail.summary.name, "Ada Lovelace");
    assert_eq!(detail.summary.role.unwrap().name, "User");
    assert_eq!(
        detail
            .folders
            .iter()
            .map(|folder| (folder.value.as_str(), folder.folder))
            .collect::<Vec<_>>(),
        [("Finance", None), ("HR", None)]
    );
    assert_eq!(detail.metadata[0].value, "4711");
    assert!(detail.identity.is_some(), "a Global User Id is reserved");
    assert!(detail.locked_fields.contains(&"email".to_owned()));
    let page = connectors::get(&org.admin, connector.id).await.unwrap();
    assert_eq!(page.summary.users, 1);
    assert_eq!(page.unknown_folders.len(), 2);
}

#[tokio::test]
async fn s02_accounts_that_the_connector_does_not_manage_are_not_touched() {
    let app = TestApp::new().await;
    let org = app.set_up().await;
    let connector = app.connector(&org).await;
    let other = app.connector(&org).await;
    let directory = app.directory(&connector.secret).await;
    let others = app.directory(&other.secret).await;
    let local = app
        .user(&org, "local@contoso.example", Some(BuiltInRole::EnterpriseAdmin))
        .await;
    let foreign = users::create(&others, sent("foreign@contoso.example"))
        .await
        .unwrap()
        .record
        .id;
    let owner = org.admin.own_user().unwrap();
    for id in [local, foreign, owner] {
        assert!(matches!(users::get(&directory, id).await, Err(Error::NotFound)));
        assert!(matches!(
            update(&directory, id, sent("x@contoso.example")).await,
            Err(Error::NotFound)
        ));
        assert!(matches!(users::delete(&directory, id).await, Err(Error::NotFound)));
        let group = SentGroup {
            display_name: format!("With {id}"),
            external_id: None,
            members: vec![id.to_string()],
        };
        assert!(matches!(groups::create(&directory, group).await, Err(Error::Invalid(_))));
    }
    for name in [
        "local@contoso.example",
        "LOCAL@contoso.example",
        "foreign@contoso.example",
        "olive@vendor.example",
    ] {
        assert!(
            matches!(
                users::create(&directory, sent(name)).await,
                Err(Error::Conflict { field: "user_name", .. })
            ),
            "{name}"
        );
    }
    let page = connectors::get(&org.admin, connector.id).await.unwrap();
    let wanted: Vec<_> = page.matches.iter().map(|found| (found.user, found.times)).collect();
    assert!(
        wanted.contains(&(local, 2)) && wanted.contains(&(owner, 1)) && wanted.len() == 2,
        "{wanted:?}"
    );
    assert!(
        lanyard::service::users::get(&org.admin, local)
            .await
            .unwrap()
            .summary
            .managed_by
            .is_none()
    );
}

#[tokio::test]
async fn s03_external_ids_are_never_ours() {
    let app = TestApp::new().await;
    let org = app.set_up().await;
    let directory = app.directory(&app.connector(&org).await.secret).await;
    let owner = org.admin.own_user().unwrap();
    let mut ids = HashSet::from([owner]);
    let own = owner.to_string();
    let spellings = [
        own.clone(),
        own.to_uppercase(),
        own.replace('-', ""),
        format!("{{{own}}}"),
        format!("urn:uuid:{own}"),
        format!(" {own} "),
    ];
    for (n, external) in ["0", "1", "-1", "admin", "me"]
        .into_iter()
        .map(str::to_owned)
        .chain(spellings)
        .enumerate()
    {
        let user = SentUser {
            external_id: Some(external.clone()),
            ..sent(&format!("u{n}@contoso.example"))
        };
        let made = users::create(&directory, user).await.unwrap().record;
        assert!(ids.insert(made.id), "{external}: an id was given twice");
        assert_eq!(made.external_id.as_deref(), Some(external.as_str()), "kept as sent");
    }
    let detail = lanyard::service::users::get(&org.admin, owner).await.unwrap();
    assert_eq!(detail.version, 1);
}

#[tokio::test]
async fn s12_deactivation_by_the_directory_ends_sessions_at_once() {
    let app = TestApp::new().await;
    let replica = app.replica();
    let org = app.set_up().await;
    let directory = app.directory(&app.connector(&org).await.secret).await;
    let with_role = SentUser {
        attributes: roles(&["User"]),
        ..sent("ada@contoso.example")
    };
    let id = users::create(&directory, with_role.clone()).await.unwrap().record.id;
    for delete in [false, true] {
        let cookie = app.sign_in(&org, "ada@contoso.example").await;
        assert!(replica.holder(&cookie).await.person().is_ok());
        if delete {
            users::delete(&directory, id).await.unwrap();
        } else {
            update(
                &directory,
                id,
                SentUser {
                    is_active: false,
                    ..with_role.clone()
                },
            )
            .await
            .unwrap();
        }
        assert!(app.holder(&cookie).await.person().is_err());
        assert!(replica.holder(&cookie).await.person().is_err());
        if !delete {
            update(&directory, id, with_role.clone()).await.unwrap();
        }
    }
}

#[tokio::test]
async fn an_equal_description_changes_nothing() {
    let app = TestApp::new().await;
    let org = app.set_up().await;
    let directory = app.directory(&app.connector(&org).await.secret).await;
    let made = users::create(&directory, sent("ada@contoso.example")).await.unwrap();
    app.clock.advance(chrono::Duration::minutes(5));
    let same = update(&directory, made.record.id, sent("ada@contoso.example")).await.unwrap();
    assert_eq!(
        (same.record.version, same.record.updated_at),
        (made.record.version, made.record.updated_at)
    );
}

/// Sets a role by hand.
async fn set_role(app: &TestApp, org: &TestOrganisation, id: UserId, role: BuiltInRole) {
    let detail = lanyard::service::users::get(&org.admin, id).await.unwrap();
    let edit = AccessEdit {
        id,
        version: detail.version,
        role: app.role(&org.admin, role).await,
        user_type: detail.summary.user_type,
    };
    lanyard::service::users::update_access(&org.admin, &edit).await.unwrap();
}

#[tokio::test]
async fn a_role_set_by_hand_stays_until_the_directory_sends_other_roles() {
    let app = TestApp::new().await;
    let org = app.set_up().await;
    let directory = app.directory(&app.connector(&org).await.secret).await;
    let name = "ada@contoso.example";
    let id = users::create(&directory, with_roles(name, &["User"]))
        .await
        .unwrap()
        .record
        .id;
    let seen = async || {
        let detail = lanyard::service::users::get(&org.admin, id).await.unwrap();
        (detail.summary.role.map(|role| role.name), detail.is_role_manual)
    };
    let named = |role: &str, is_manual: bool| (Some(role.to_owned()), is_manual);
    set_role(&app, &org, id, BuiltInRole::Admin).await;
    // Another name with the same roles, however they are spelled, is no decision about roles.
    let renamed = SentUser {
        display_name: Some("Countess".to_owned()),
        ..with_roles(name, &["user"])
    };
    update(&directory, id, renamed).await.unwrap();
    assert_eq!(seen().await, named("Admin", true));
    update(&directory, id, with_roles(name, &["ReadOnly"])).await.unwrap();
    assert_eq!(seen().await, named("ReadOnly", false));
    set_role(&app, &org, id, BuiltInRole::User).await;
    update(&directory, id, with_roles(name, &["Admin"])).await.unwrap();
    assert_eq!(
        seen().await,
        named("User", false),
        "and acts as far as the connector may grant"
    );
    set_role(&app, &org, id, BuiltInRole::Admin).await;
    update(&directory, id, sent(name)).await.unwrap();
    assert_eq!(seen().await, (None, false), "taken away in the directory");
}

#[tokio::test]
async fn a_role_set_by_hand_stays_where_no_roles_are_mapped() {
    let app = TestApp::new().await;
    let org = app.set_up().await;
    let directory = app.directory(&app.connector(&org).await.secret).await;
    let id = users::create(&directory, sent("ada@contoso.example"))
        .await
        .unwrap()
        .record
        .id;
    set_role(&app, &org, id, BuiltInRole::Admin).await;
    let renamed = SentUser {
        display_name: Some("Countess".to_owned()),
        ..sent("ada@contoso.example")
    };
    update(&directory, id, renamed).await.unwrap();
    let detail = lanyard::service::users::get(&org.admin, id).await.unwrap();
    assert_eq!(detail.summary.role.unwrap().name, "Admin");
    assert!(detail.is_role_manual);
}

/// Saves the settings of a connector, changed.
async fn set(
    org: &TestOrganisation,
    connector: ConnectorId,
    change: impl FnOnce(&mut ProvisioningSettings),
) -> Result<(), Error> {
    let page = connectors::get(&org.admin, connector).await.unwrap();
    let mut settings = page.settings;
    change(&mut settings);
    let edit = ConnectorEdit {
        id: connector,
        version: page.version,
        name: page.summary.name,
        folders_extension_name: settings.folders_extension_name,
        is_folder_add_replacing: settings.is_folder_add_replacing,
        default_user_type: settings.default_user_type,
        are_names_required: settings.are_names_required,
        may_grant_admin_roles: settings.may_grant_admin_roles,
        adoption: settings.adoption,
    };
    connectors::update(&org.admin, edit).await
}

#[tokio::test]
async fn s08_the_switch_for_admin_roles_takes_effect_on_who_is_there_already() {
    let app = TestApp::new().await;
    let org = app.set_up().await;
    let connector = app.connector(&org).await;
    let other = app.connector(&org).await;
    set(&org, other.id, |settings| settings.may_grant_admin_roles = true)
        .await
        .unwrap();
    let directory = app.directory(&connector.secret).await;
    let others = app.directory(&other.secret).await;
    let make = async |cx: &Context, name: &str, roles: &[&str]| {
        users::create(cx, with_roles(&format!("{name}@contoso.example"), roles))
            .await
            .unwrap()
            .record
            .id
    };
    let ada = make(&directory, "ada", &["EnterpriseAdmin", "User"]).await;
    let bob = make(&directory, "bob", &["User"]).await;
    let eve = make(&directory, "eve", &["Admin"]).await;
    let foreign = make(&others, "foreign", &["Admin"]).await;
    // Set by hand, which no switch touches.
    set_role(&app, &org, eve, BuiltInRole::Admin).await;
    let seen = async |id: UserId| {
        let detail = lanyard::service::users::get(&org.admin, id).await.unwrap();
        (detail.summary.role.unwrap().name, detail.is_role_capped)
    };
    for is_on in [false, true, false, true] {
        let cookie = app.sign_in(&org, "ada@contoso.example").await;
        set(&org, connector.id, |settings| settings.may_grant_admin_roles = is_on)
            .await
            .unwrap();
        let expected = if is_on { ("EnterpriseAdmin", false) } else { ("User", true) };
        assert_eq!(seen(ada).await, (expected.0.to_owned(), expected.1), "{is_on}");
        let holder = app.holder(&cookie).await;
        assert_eq!(holder.demand(Permission::ConnectorsManage).is_ok(), is_on);
        assert_eq!(seen(bob).await, ("User".to_owned(), false));
        assert_eq!(seen(eve).await, ("Admin".to_owned(), false));
        assert_eq!(seen(foreign).await, ("Admin".to_owned(), false));
    }
    let told = lanyard::service::users::activity(&org.admin, ada).await.unwrap();
    let updates = told.iter().filter(|entry| entry.action == "user.update").count();
    assert_eq!(updates, 3, "each change is audited: on, off, on");
    let served = users::get(&directory, ada).await.unwrap().record;
    assert_eq!(
        served.attributes,
        roles(&["EnterpriseAdmin", "User"]),
        "what was sent is kept"
    );
}

#[tokio::test]
async fn s09_the_switch_for_admin_roles_leaves_an_administrator() {
    let app = TestApp::new().await;
    let org = app.set_up().await;
    let connector = app.connector(&org).await;
    set(&org, connector.id, |settings| settings.may_grant_admin_roles = true)
        .await
        .unwrap();
    let directory = app.directory(&connector.secret).await;
    let ada = users::create(&directory, with_roles("ada@contoso.example", &["EnterpriseAdmin"]))
        .await
        .unwrap()
        .record
        .id;
    let ada_cx = app.holder(&app.sign_in(&org, "ada@contoso.example").await).await;
    lanyard::service::users::deactivate(&ada_cx, org.admin.own_user().unwrap())
        .await
        .unwrap();
    let as_ada = TestOrganisation { admin: ada_cx, ..org };
    assert!(matches!(
        set(&as_ada, connector.id, |settings| settings.may_grant_admin_roles = false).await,
        Err(Error::LastAdministrator)
    ));
    let page = connectors::get(&as_ada.admin, connector.id).await.unwrap();
    assert!(page.settings.may_grant_admin_roles, "nothing of it was saved");
    let detail = lanyard::service::users::get(&as_ada.admin, ada).await.unwrap();
    assert_eq!(detail.summary.role.unwrap().name, "EnterpriseAdmin");
}

#[tokio::test]
async fn the_default_user_type_takes_effect_on_who_has_none() {
    let app = TestApp::new().await;
    let org = app.set_up().await;
    let connector = app.connector(&org).await;
    let directory = app.directory(&connector.secret).await;
    let without = SentUser {
        user_type: None,
        ..sent("none@contoso.example")
    };
    let none = users::create(&directory, without.clone()).await.unwrap().record.id;
    let standard = SentUser {
        user_type: Some("Standard".to_owned()),
        ..sent("standard@contoso.example")
    };
    let standard = users::create(&directory, standard).await.unwrap().record.id;
    let local = app.user(&org, "local@contoso.example", None).await;
    set(&org, connector.id, |settings| settings.default_user_type = UserType::Premium)
        .await
        .unwrap();
    let effective = async |id: UserId| lanyard::service::users::get(&org.admin, id).await.unwrap().summary.user_type;
    assert_eq!(effective(none).await, UserType::Premium);
    assert_eq!(effective(standard).await, UserType::Standard);
    assert_eq!(effective(local).await, UserType::Standard);
    let record = users::get(&directory, none).await.unwrap().record;
    assert_eq!(record.user_type, None, "a default is not served");
    let same = update(&directory, none, without).await.unwrap().record;
    assert_eq!(same.version, record.version, "what the directory says is nothing new");
}

#[tokio::test]
async fn names_may_be_missing_unless_the_connector_demands_them() {
    let app = TestApp::new().await;
    let org = app.set_up().await;
    let directory = app.directory(&app.connector(&org).await.secret).await;
    let bare = SentUser {
        display_name: None,
        given_name: None,
        family_name: None,
        email: None,
        user_type: None,
        ..sent("bare")
    };
    let made = users::create(&directory, bare).await.unwrap().record;
    assert!(made.is_incomplete());
    assert_eq!(made.effective_user_type.name(), "Standard");
    let wrong = SentUser {
        user_type: Some("premium".to_owned()),
        ..sent("wrong@contoso.example")
    };
    assert!(matches!(users::create(&directory, wrong).await, Err(Error::Invalid(_))));
}

#[tokio::test]
async fn r04_of_many_equal_creations_one_succeeds() {
    let app = TestApp::with_pool().await;
    let org = app.set_up().await;
    let directory = app.directory(&app.connector(&org).await.secret).await;
    for round in 0..5 {
        let name = format!("race{round}@contoso.example");
        let tries = (0..32).map(|_| {
            let (cx, name) = (directory.clone(), name.clone());
            tokio::spawn(async move { retrying(|| users::create(&cx, sent(&name))).await })
        });
        let mut made = 0;
        for outcome in futures::future::join_all(tries).await {
            match outcome.unwrap() {
                Ok(_) => made += 1,
                Err(Error::Conflict { field: "user_name", .. }) => {}
                Err(other) => panic!("{other:?}"),
            }
        }
        assert_eq!(made, 1);
    }
}

#[tokio::test]
async fn r03_no_member_is_lost_between_parallel_changes() {
    let app = TestApp::with_pool().await;
    let org = app.set_up().await;
    let connector = app.connector(&org).await;
    let directory = app.directory(&connector.secret).await;
    let replica = app.replica();
    let other = replica.directory(&connector.secret).await;
    let mut people = Vec::new();
    for n in 0..60 {
        people.push(
            users::create(&directory, sent(&format!("m{n}@contoso.example")))
                .await
                .unwrap()
                .record
                .id,
        );
    }
    let group = groups::create(
        &directory,
        SentGroup {
            display_name: "All".to_owned(),
            external_id: None,
            members: Vec::new(),
        },
    )
    .await
    .unwrap()
    .id;
    let tries = people.iter().enumerate().map(|(n, user)| {
        let (cx, user) = (if n % 2 == 0 { directory.clone() } else { other.clone() }, user.to_string());
        tokio::spawn(async move {
            retrying(|| groups::update(&cx, group, vec![GroupChange::AddMembers(vec![user.clone()])]))
                .await
                .unwrap();
            if n % 3 == 0 {
                retrying(|| groups::update(&cx, group, vec![GroupChange::RemoveMembers(vec![user.clone()])]))
                    .await
                    .unwrap();
            }
        })
    });
    for outcome in futures::future::join_all(tries).await {
        outcome.unwrap();
    }
    let members: HashSet<UserId> = groups::members_of(&directory, group).await.unwrap().into_iter().collect();
    let expected: HashSet<UserId> = people
        .iter()
        .enumerate()
        .filter(|(n, _)| n % 3 != 0)
        .map(|(_, id)| *id)
        .collect();
    assert_eq!(members, expected);
}

#[tokio::test]
async fn s29_a_change_of_a_group_is_all_or_nothing() {
    let app = TestApp::new().await;
    let org = app.set_up().await;
    let directory = app.directory(&app.connector(&org).await.secret).await;
    let ada = users::create(&directory, sent("ada@contoso.example"))
        .await
        .unwrap()
        .record
        .id;
    let group = groups::create(
        &directory,
        SentGroup {
            display_name: "One".to_owned(),
            external_id: None,
            members: Vec::new(),
        },
    )
    .await
    .unwrap();
    let steps = vec![
        GroupChange::SetDisplayName("Two".to_owned()),
        GroupChange::AddMembers(vec![ada.to_string()]),
        GroupChange::AddMembers(vec!["0193a2b4-c5d6-7e8f-9012-3456789abcde".to_owned()]),
    ];
    assert!(matches!(
        groups::update(&directory, group.id, steps).await,
        Err(Error::Invalid(_))
    ));
    assert_eq!(groups::get(&directory, group.id).await.unwrap(), group);
    assert_eq!(groups::members_of(&directory, group.id).await.unwrap(), []);
}

#[tokio::test]
async fn s26_rotation_overlaps_and_ends_to_the_second() {
    let app = TestApp::new().await;
    let org = app.set_up().await;
    let connector = app.connector(&org).await;
    let second = connectors::rotate(&org.admin, connector.id, 24).await.unwrap();
    let works = async |secret: &secrecy::SecretString| {
        use secrecy::ExposeSecret;
        connectors::authenticate(
            &app.services,
            app.request(),
            connectors::Presented::Bearer(secret.expose_secret()),
        )
        .await
        .is_ok()
    };
    assert!(works(&connector.secret).await && works(&second).await);
    app.clock.advance(chrono::Duration::hours(24) - chrono::Duration::seconds(1));
    assert!(works(&connector.secret).await);
    app.clock.advance(chrono::Duration::seconds(1));
    assert!(!works(&connector.secret).await && works(&second).await);
    // Two at most are alive.
    let third = connectors::rotate(&org.admin, connector.id, 168).await.unwrap();
    let fourth = connectors::rotate(&org.admin, connector.id, 168).await.unwrap();
    assert!(!works(&second).await && works(&third).await && works(&fourth).await);
    assert!(matches!(
        connectors::rotate(&org.admin, connector.id, 169).await,
        Err(Error::Invalid(_))
    ));
    let live = connectors::get(&org.admin, connector.id).await.unwrap().credentials;
    let revoked = live.iter().find(|credential| credential.is_live).unwrap();
    connectors::revoke(&org.admin, connector.id, revoked.id).await.unwrap();
    assert!(!works(&fourth).await && works(&third).await);
    app.clock.advance(chrono::Duration::days(366));
    assert!(!works(&third).await, "every secret ends");
}

#[tokio::test]
async fn s13_a_paused_connector_and_an_ended_plan_refuse_the_directory() {
    let app = TestApp::new().await;
    let org = app.set_up().await;
    let connector = app.connector(&org).await;
    let works = async || {
        use secrecy::ExposeSecret;
        connectors::authenticate(
            &app.services,
            app.request(),
            connectors::Presented::Bearer(connector.secret.expose_secret()),
        )
        .await
        .is_ok()
    };
    connectors::set_paused(&org.admin, connector.id, true).await.unwrap();
    assert!(!works().await);
    connectors::set_paused(&org.admin, connector.id, false).await.unwrap();
    assert!(works().await);
    lanyard::service::billing::set_toolkit(&org.admin, false).await.unwrap();
    assert!(!works().await);
    assert!(matches!(
        connectors::create(&org.admin, lanyard::domain::connector::ConnectorKind::Okta, None).await,
        Err(Error::ToolkitRequired)
    ));
}

#[tokio::test]
async fn s26_no_usable_secret_is_in_the_database() {
    use secrecy::ExposeSecret;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("test.db");
    let app = TestApp::at(&format!("sqlite://{}", path.display())).await;
    let org = app.set_up().await;
    let connector = app.connector(&org).await;
    let copy = folder.path().join("copy.db");
    lanyard::store::connect::copy_sqlite(&app.services.store, &copy)
        .await
        .unwrap();
    let dump = std::fs::read(copy).unwrap();
    for secret in [
        connector.secret.expose_secret(),
        org.cookie.expose_secret(),
        crate::app::PASSWORD,
    ] {
        assert!(!dump.windows(secret.len()).any(|window| window == secret.as_bytes()));
    }
}

#[tokio::test]
async fn removing_a_connector_leaves_its_people() {
    let app = TestApp::new().await;
    let org = app.set_up().await;
    let connector = app.connector(&org).await;
    let directory = app.directory(&connector.secret).await;
    let id = users::create(&directory, sent("ada@contoso.example"))
        .await
        .unwrap()
        .record
        .id;
    groups::create(
        &directory,
        SentGroup {
            display_name: "All".to_owned(),
            external_id: None,
            members: vec![id.to_string()],
        },
    )
    .await
    .unwrap();
    assert!(matches!(
        connectors::delete(&org.admin, connector.id, "wrong").await,
        Err(Error::Invalid(_))
    ));
    connectors::delete(&org.admin, connector.id, "Microsoft Entra ID")
        .await
        .unwrap();
    let detail = lanyard::service::users::get(&org.admin, id).await.unwrap();
    assert!(detail.summary.managed_by.is_none() && detail.locked_fields.is_empty());
    assert_eq!(detail.groups.len(), 1);
    assert!(
        provisioning_log::list(&org.admin, &ProvisioningQuery::default())
            .await
            .is_ok()
    );
}

/// What the door hands over when it has answered a request.
fn answered(org: &TestOrganisation, connector: ConnectorId, method: &str, status: u16) -> EntryRecord {
    EntryRecord {
        id: ProvisioningEntryId::from_uuid(org.admin.new_uuid()),
        organisation: org.id,
        connector: Some(connector),
        credential: None,
        at: org.admin.now(),
        duration_us: 1,
        request_id: "test-request".to_owned(),
        ip: "192.0.2.1".to_owned(),
        user_agent: "test".to_owned(),
        method: method.to_owned(),
        path: "/Users".to_owned(),
        operation: "query".to_owned(),
        target_kind: None,
        target_id: None,
        target_name: None,
        status,
        scim_type: None,
        detail: None,
        changes: Vec::new(),
        ignored: Vec::new(),
        request_body: None,
        response_body: None,
    }
}

#[tokio::test]
async fn entries_of_a_removed_connector_do_not_take_others_with_them() {
    let app = TestApp::new().await;
    let org = app.set_up().await;
    let gone = app.connector(&org).await;
    let other = app.connector(&org).await;
    let credential = connectors::get(&org.admin, gone.id).await.unwrap().credentials[0].id;
    connectors::delete(&org.admin, gone.id, "Microsoft Entra ID").await.unwrap();
    // Handed over before the connector was removed, written after.
    let recorder = &app.services.recorder;
    let mut late = answered(&org, gone.id, "GET", 200);
    late.credential = Some(credential);
    recorder.answered(late, None).await;
    recorder.answered(answered(&org, other.id, "GET", 200), None).await;
    recorder.flush().await;
    let page = provisioning_log::list(&org.admin, &ProvisioningQuery::default())
        .await
        .unwrap();
    let of: Vec<_> = page
        .items
        .iter()
        .map(|entry| entry.connector.as_ref().map(|found| found.id))
        .collect();
    assert_eq!(of, [Some(other.id), None]);
    let summary = connectors::get(&org.admin, other.id).await.unwrap().summary;
    assert!(summary.last_request_at.is_some());
}

#[tokio::test]
async fn look_alike_metadata_keys_are_refused_by_name() {
    let app = TestApp::new().await;
    let org = app.set_up().await;
    let directory = app.directory(&app.connector(&org).await.secret).await;
    for twins in [["Größe", "GRÖSSE"], ["Site", "S\u{131}te"], ["Team", "Te\u{200b}am"]] {
        let new = SentUser {
            metadata: twins.map(|key| (key.to_owned(), "1".to_owned())).to_vec(),
            ..sent("ada@contoso.example")
        };
        let Err(Error::Invalid(faults)) = users::create(&directory, new).await else {
            panic!("{twins:?} was accepted")
        };
        assert!(faults[0].field.contains(twins[1]), "{faults:?}");
    }
}

#[tokio::test]
async fn s02_renaming_to_an_account_of_others_is_noted_too() {
    let app = TestApp::new().await;
    let org = app.set_up().await;
    let connector = app.connector(&org).await;
    let directory = app.directory(&connector.secret).await;
    let local = app.user(&org, "local@contoso.example", None).await;
    let ada = users::create(&directory, sent("ada@contoso.example"))
        .await
        .unwrap()
        .record
        .id;
    users::create(&directory, sent("bob@contoso.example")).await.unwrap();
    for name in ["LOCAL@contoso.example", "bob@contoso.example"] {
        assert!(
            matches!(
                update(&directory, ada, sent(name)).await,
                Err(Error::Conflict { field: "user_name", .. })
            ),
            "{name}"
        );
    }
    let page = connectors::get(&org.admin, connector.id).await.unwrap();
    let wanted: Vec<_> = page.matches.iter().map(|found| found.user).collect();
    assert_eq!(wanted, [local], "a login name of its own people is nothing to decide");
    let same = update(&directory, ada, sent("ADA@contoso.example")).await.unwrap().record;
    assert_eq!(same.user_name, "ADA@contoso.example", "its own name in another spelling");
}
