//! Who may do what to whom (security rules S1, S7, S9).

use lanyard::domain::ids::UserId;
use lanyard::domain::permission::Permission;
use lanyard::domain::role::BuiltInRole;
use lanyard::domain::user::{AccessEdit, NewUser, ProfileEdit, UserQuery, UserType};
use lanyard::service::error::retrying;
use lanyard::service::{Context, Error, connectors, groups, organisations, users};

use crate::app::{TestApp, TestOrganisation};
use crate::process::scaled;

const ROLES: [Option<BuiltInRole>; 5] = [
    None,
    Some(BuiltInRole::ReadOnly),
    Some(BuiltInRole::User),
    Some(BuiltInRole::Admin),
    Some(BuiltInRole::EnterpriseAdmin),
];

fn rank(role: Option<BuiltInRole>) -> usize {
    ROLES.iter().position(|other| *other == role).unwrap()
}

async fn signed_in(app: &TestApp, org: &TestOrganisation, role: BuiltInRole) -> Context {
    let email = format!("actor.{}@contoso.example", role.name()).to_lowercase();
    app.user(org, &email, Some(role)).await;
    app.holder(&app.sign_in(org, &email).await).await
}

async fn version(org: &TestOrganisation, id: UserId) -> i64 {
    users::get(&org.admin, id).await.unwrap().version
}

#[tokio::test]
async fn s07_nobody_manages_or_grants_more_than_they_hold() {
    let app = TestApp::new().await;
    let org = app.set_up().await;
    for actor_role in [
        BuiltInRole::ReadOnly,
        BuiltInRole::User,
        BuiltInRole::Admin,
        BuiltInRole::EnterpriseAdmin,
    ] {
        let actor = signed_in(&app, &org, actor_role).await;
        let manages = actor_role.permissions().holds(Permission::UsersManage);
        for target_role in ROLES {
            let email = format!("target.{}.{}@contoso.example", actor_role.name(), rank(target_role)).to_lowercase();
            let target = app.user(&org, &email, target_role).await;
            let allowed = manages && rank(target_role) <= rank(Some(actor_role));
            let context = format!("{actor_role:?} on {target_role:?}");
            // Giving every role to this account.
            for granted in ROLES {
                let role = match granted {
                    Some(role) => app.role(&org.admin, role).await,
                    None => String::new(),
                };
                let edit = AccessEdit {
                    id: target,
                    version: version(&org, target).await,
                    role,
                    user_type: UserType::Standard,
                };
                let outcome = users::update_access(&actor, &edit).await;
                let expected = allowed && rank(granted) <= rank(Some(actor_role));
                assert_eq!(outcome.is_ok(), expected, "{context}: granting {granted:?}: {outcome:?}");
                let held = users::get(&org.admin, target)
                    .await
                    .unwrap()
                    .summary
                    .role
                    .and_then(|role| role.built_in);
                if expected {
                    assert_eq!(held, granted);
                    let back = match target_role {
                        Some(role) => app.role(&org.admin, role).await,
                        None => String::new(),
                    };
                    let edit = AccessEdit {
                        id: target,
                        version: version(&org, target).await,
                        role: back,
                        user_type: UserType::Standard,
                    };
                    users::update_access(&org.admin, &edit).await.unwrap();
                } else {
                    assert_eq!(held, target_role, "{context}");
                }
            }
            let profile = ProfileEdit {
                id: target,
                version: version(&org, target).await,
                display_name: "Renamed".to_owned(),
                given_name: String::new(),
                family_name: String::new(),
                email: String::new(),
            };
            assert_eq!(
                users::update_profile(&actor, &profile).await.is_ok(),
                allowed,
                "{context}: profile"
            );
            assert_eq!(
                users::end_sessions(&actor, target).await.is_ok(),
                allowed,
                "{context}: sessions"
            );
            assert_eq!(
                users::deactivate(&actor, target).await.is_ok(),
                allowed,
                "{context}: deactivate"
            );
            assert_eq!(users::activate(&actor, target).await.is_ok(), allowed, "{context}: activate");
            assert_eq!(
                users::delete(&actor, target, &email).await.is_ok(),
                allowed,
                "{context}: delete"
            );
        }
        for granted in ROLES {
            let role = match granted {
                Some(role) => app.role(&org.admin, role).await,
                None => String::new(),
            };
            let email = format!("new.{}.{}@contoso.example", actor_role.name(), rank(granted)).to_lowercase();
            let new = NewUser {
                email,
                given_name: String::new(),
                family_name: String::new(),
                role,
                user_type: UserType::Standard,
            };
            let expected = manages && rank(granted) <= rank(Some(actor_role));
            assert_eq!(
                users::create(&actor, &new).await.is_ok(),
                expected,
                "{actor_role:?} creating {granted:?}"
            );
        }
    }
}

/// One attempt: who, at whom, and what.
type Attempt = (usize, usize, usize, usize);

/// Makes the attempts as three people who may not administer, and looks for anything that has become stronger than they are.
async fn attempt_all(attempts: Vec<Attempt>) {
    let app = TestApp::new().await;
    let org = app.set_up().await;
    let chief = org.admin.own_user().unwrap();
    let chief_before = users::get(&org.admin, chief).await.unwrap();
    let mut actors = Vec::new();
    let mut known = vec![chief];
    for role in [BuiltInRole::ReadOnly, BuiltInRole::User, BuiltInRole::Admin] {
        let actor = signed_in(&app, &org, role).await;
        known.push(actor.own_user().unwrap());
        actors.push(actor);
    }
    known.push(app.user(&org, "nobody@contoso.example", None).await);
    let mut carried_out = 0;
    for (step, (actor, target, action, role)) in attempts.iter().enumerate() {
        let actor = &actors[actor % actors.len()];
        let target = known[target % known.len()];
        let role = match ROLES[role % ROLES.len()] {
            Some(role) => app.role(&org.admin, role).await,
            None => String::new(),
        };
        let Ok(seen) = users::get(&org.admin, target).await else {
            continue;
        };
        let outcome = match action % 7 {
            0 | 1 => {
                let edit = AccessEdit {
                    id: target,
                    version: seen.version,
                    role,
                    user_type: UserType::Premium,
                };
                users::update_access(actor, &edit).await
            }
            2 => users::deactivate(actor, target).await,
            3 => users::activate(actor, target).await,
            4 => {
                let new = NewUser {
                    email: format!("new{step}@contoso.example"),
                    given_name: String::new(),
                    family_name: String::new(),
                    role,
                    user_type: UserType::Standard,
                };
                users::create(actor, &new).await.map(|id| known.push(id))
            }
            5 => users::delete(actor, target, &seen.summary.user_name).await,
            _ => users::end_sessions(actor, target).await,
        };
        carried_out += usize::from(outcome.is_ok());
        for id in &known[1..] {
            let Ok(detail) = users::get(&org.admin, *id).await else {
                continue;
            };
            let held = detail.summary.role.and_then(|role| role.built_in);
            assert!(
                rank(held) <= rank(Some(BuiltInRole::Admin)),
                "step {step}: {held:?} for {}",
                detail.summary.user_name
            );
        }
        assert_eq!(users::get(&org.admin, chief).await.unwrap(), chief_before, "step {step}");
    }
    assert!(attempts.len() < 20 || carried_out > 0, "nothing was allowed at all");
}

#[test]
fn s07_no_chain_of_actions_makes_anybody_stronger() {
    let cases = scaled(8, 128);
    let mut runner = proptest::test_runner::TestRunner::new(proptest::test_runner::Config {
        cases,
        failure_persistence: None,
        ..Default::default()
    });
    let attempts = proptest::collection::vec((0..3_usize, 0..64_usize, 0..7_usize, 0..5_usize), 20..60);
    runner
        .run(&attempts, |attempts| {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(attempt_all(attempts));
            Ok(())
        })
        .unwrap();
}

#[tokio::test]
async fn s07_sessions_of_a_stronger_account_are_not_shown() {
    let app = TestApp::new().await;
    let org = app.set_up().await;
    let admin = signed_in(&app, &org, BuiltInRole::Admin).await;
    let chief = org.admin.own_user().unwrap();
    assert!(matches!(users::list_sessions(&admin, chief).await, Err(Error::Forbidden)));
    assert_eq!(users::list_sessions(&org.admin, chief).await.unwrap().len(), 1);
    let own = admin.own_user().unwrap();
    assert_eq!(users::list_sessions(&admin, own).await.unwrap().len(), 1);
    assert_eq!(users::get(&admin, own).await.unwrap().sessions, 1);
    // What has been idle for too long is over, also where it is counted.
    app.clock.advance(chrono::Duration::minutes(61));
    assert_eq!(users::list_sessions(&admin, own).await.unwrap().len(), 0);
    assert_eq!(users::get(&admin, own).await.unwrap().sessions, 0);
}

#[tokio::test]
async fn s52_a_person_stays_the_person() {
    let app = TestApp::new().await;
    let org = app.set_up().await;
    assert!(org.admin.demand_operator().is_ok());
    assert!(matches!(org.admin.within(org.id).await, Err(Error::Forbidden)));
    assert!(matches!(app.anonymous().within(org.id).await, Err(Error::Unauthenticated)));
    assert!(app.cli().within(org.id).await.is_ok());
}

#[tokio::test]
async fn s01_ids_of_another_organisation_are_ids_of_nobody() {
    let app = TestApp::new().await;
    let ours = app.set_up().await;
    let theirs = app.another(&ours, "Fabrikam").await;
    let victim = app.user(&theirs, "victim@fabrikam.example", Some(BuiltInRole::User)).await;
    let group = groups::create(&theirs.admin, "Secret group").await.unwrap();
    let connector = app.connector(&theirs).await.id;
    let before = users::get(&theirs.admin, victim).await.unwrap();

    assert!(matches!(users::get(&ours.admin, victim).await, Err(Error::NotFound)));
    assert!(matches!(users::activity(&ours.admin, victim).await, Err(Error::NotFound)));
    assert!(matches!(
        users::list_sessions(&ours.admin, victim).await,
        Err(Error::NotFound)
    ));
    assert!(matches!(users::deactivate(&ours.admin, victim).await, Err(Error::NotFound)));
    assert!(matches!(users::end_sessions(&ours.admin, victim).await, Err(Error::NotFound)));
    assert!(matches!(
        users::delete(&ours.admin, victim, "victim@fabrikam.example").await,
        Err(Error::NotFound)
    ));
    let edit = AccessEdit {
        id: victim,
        version: before.version,
        role: String::new(),
        user_type: UserType::Premium,
    };
    assert!(matches!(users::update_access(&ours.admin, &edit).await, Err(Error::NotFound)));
    assert!(matches!(groups::get(&ours.admin, group).await, Err(Error::NotFound)));
    assert!(matches!(
        groups::list_members(&ours.admin, group, None).await,
        Err(Error::NotFound)
    ));
    assert!(matches!(groups::delete(&ours.admin, group).await, Err(Error::NotFound)));
    assert!(matches!(connectors::get(&ours.admin, connector).await, Err(Error::NotFound)));
    assert!(matches!(
        connectors::rotate(&ours.admin, connector, 0).await,
        Err(Error::NotFound)
    ));
    assert!(matches!(
        connectors::set_paused(&ours.admin, connector, true).await,
        Err(Error::NotFound)
    ));

    // A role, a group member of another organisation: refused, nothing written.
    let own = app.user(&ours, "own@contoso.example", None).await;
    let foreign_role = app.role(&theirs.admin, BuiltInRole::ReadOnly).await;
    let edit = AccessEdit {
        id: own,
        version: 1,
        role: foreign_role,
        user_type: UserType::Standard,
    };
    assert!(matches!(
        users::update_access(&ours.admin, &edit).await,
        Err(Error::Invalid(_))
    ));
    let own_group = groups::create(&ours.admin, "Ours").await.unwrap();
    assert!(matches!(
        groups::add_member(&ours.admin, own_group, "victim@fabrikam.example").await,
        Err(Error::Invalid(_))
    ));

    // Filters by foreign ids find nobody.
    let mut query = UserQuery::default();
    query.filter.group = Some(group);
    assert_eq!(users::list(&ours.admin, &query).await.unwrap().items.len(), 0);
    assert_eq!(users::get(&theirs.admin, victim).await.unwrap(), before, "untouched");
}

#[tokio::test]
async fn s09_of_fifty_at_once_one_administrator_is_left() {
    let app = TestApp::with_pool().await;
    let org = app.set_up().await;
    let first = org.admin.own_user().unwrap();
    let second = app
        .user(&org, "second@contoso.example", Some(BuiltInRole::EnterpriseAdmin))
        .await;
    let second_cx = app.holder(&app.sign_in(&org, "second@contoso.example").await).await;
    let rounds = scaled(5, 100);
    for _ in 0..rounds {
        let tries = (0..50).map(|n| {
            // Each tries to take the other away, by one way or another.
            let (cx, target) = if n % 2 == 0 {
                (org.admin.clone(), second)
            } else {
                (second_cx.clone(), first)
            };
            tokio::spawn(async move {
                match n % 4 {
                    0 | 1 => retrying(|| users::deactivate(&cx, target)).await,
                    _ => {
                        let Ok(detail) = users::get(&cx, target).await else {
                            return Ok(());
                        };
                        let edit = AccessEdit {
                            id: target,
                            version: detail.version,
                            role: String::new(),
                            user_type: UserType::Standard,
                        };
                        retrying(|| users::update_access(&cx, &edit)).await
                    }
                }
            })
        });
        for outcome in futures::future::join_all(tries).await {
            let outcome = outcome.unwrap();
            assert!(
                !matches!(outcome, Err(Error::Internal(_) | Error::Unavailable(_))),
                "{outcome:?}"
            );
        }
        let cli = app.cli().within(org.id).await.unwrap();
        let mut able = 0;
        for id in [first, second] {
            let detail = users::get(&cli, id).await.unwrap();
            if detail.summary.is_active
                && detail.summary.role.and_then(|role| role.built_in) == Some(BuiltInRole::EnterpriseAdmin)
            {
                able += 1;
            }
        }
        assert!(able >= 1, "nobody is left");
        for id in [first, second] {
            let detail = users::get(&cli, id).await.unwrap();
            let role = app.role(&cli, BuiltInRole::EnterpriseAdmin).await;
            users::update_access(
                &cli,
                &AccessEdit {
                    id,
                    version: detail.version,
                    role,
                    user_type: UserType::Standard,
                },
            )
            .await
            .unwrap();
            users::activate(&cli, id).await.unwrap();
        }
    }
}

#[tokio::test]
async fn operators_alone_see_and_make_organisations() {
    let app = TestApp::new().await;
    let org = app.set_up().await;
    let admin = signed_in(&app, &org, BuiltInRole::EnterpriseAdmin).await;
    assert!(matches!(organisations::list(&admin).await, Err(Error::Forbidden)));
    assert!(matches!(
        organisations::create_by_operator(&admin, "Mine", true).await,
        Err(Error::Forbidden)
    ));
    assert!(matches!(organisations::join(&admin, org.id).await, Err(Error::Forbidden)));
    assert!(matches!(
        organisations::decide_toolkit(&admin, org.id, true, false).await,
        Err(Error::Forbidden)
    ));
    assert_eq!(organisations::list(&org.admin).await.unwrap().len(), 1);
}
