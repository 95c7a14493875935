//! What a connector's settings and hand-set roles do.

use super::*;

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
