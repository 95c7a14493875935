//! Names that pretend to be others (security rule S18): what is refused, what counts as the same name, and that what is shown
//! of one turns nothing beside it around.

use lanyard::domain::connector::{AdoptionPolicy, ConnectorEdit, ConnectorKind};
use lanyard::domain::error::Problem;
use lanyard::domain::role::BuiltInRole;
use lanyard::domain::user::{NewUser, UserType};
use lanyard::service::{Error, connectors, groups, organisations, users};
use scraper::{Html, Node};
use serde_json::json;

use super::browser::{app_router, get};
use crate::app::{TestApp, TestOrganisation};
use crate::scim::{Directory, GROUP, person};

/// Characters that turn the reading direction or take no room.
const SPOOFS: [char; 16] = [
    '\u{202a}', '\u{202b}', '\u{202d}', '\u{202e}', '\u{2066}', '\u{2067}', '\u{2068}', '\u{200e}', '\u{200f}', '\u{61c}',
    '\u{200b}', '\u{200c}', '\u{200d}', '\u{2060}', '\u{feff}', '\u{ad}',
];
/// What no name may hold.
const CONTROLS: [char; 8] = ['\0', '\t', '\n', '\r', '\u{1b}', '\u{7f}', '\u{85}', '\u{9b}'];

async fn rename_connector(org: &TestOrganisation, name: &str) -> Result<(), Error> {
    let id = match connectors::list(&org.admin).await?.first() {
        Some(connector) => connector.id,
        None => connectors::create(&org.admin, ConnectorKind::Entra, None).await?.id,
    };
    let detail = connectors::get(&org.admin, id).await?;
    let edit = ConnectorEdit {
        id,
        version: detail.version,
        name: name.to_owned(),
        folders_extension_name: "CustomExtensionName".to_owned(),
        is_folder_add_replacing: false,
        default_user_type: UserType::Standard,
        are_names_required: false,
        may_grant_admin_roles: false,
        adoption: AdoptionPolicy::Never,
    };
    connectors::update(&org.admin, edit).await
}

async fn make_user(org: &TestOrganisation, given_name: &str) -> Result<(), Error> {
    let new = NewUser {
        email: format!("u{}@contoso.example", uuid::Uuid::from_u128(u128::from(crc(given_name)))),
        given_name: given_name.to_owned(),
        family_name: "Hopper".to_owned(),
        role: String::new(),
        user_type: UserType::Standard,
    };
    users::create(&org.admin, &new).await.map(drop)
}

fn crc(text: &str) -> u64 {
    use std::hash::{Hash, Hasher};
    let mut hasher = std::hash::DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

#[tokio::test]
async fn s18_control_characters_and_long_names_are_refused_at_both_doors() {
    let app = TestApp::new().await;
    let org = app.set_up().await;
    let directory = Directory::new(&app, &org).await;
    let mut wrong: Vec<String> = CONTROLS.iter().map(|control| format!("Grace{control}Hopper")).collect();
    wrong.push("x".repeat(257));
    wrong.push("\u{e9}".repeat(257));
    for name in &wrong {
        let refused = |outcome: Result<(), Error>, what: &str| {
            assert!(matches!(outcome, Err(Error::Invalid(_))), "{what} {name:?}: {outcome:?}");
        };
        refused(groups::create(&org.admin, name).await.map(drop), "group");
        refused(make_user(&org, name).await, "user");
        refused(rename_connector(&org, name).await, "connector");
        refused(
            organisations::create_by_operator(&org.admin, name, true).await.map(drop),
            "organisation",
        );
        let version = organisations::current(&org.admin).await.unwrap().version;
        refused(organisations::update(&org.admin, version, name).await, "this organisation");
        let group = json!({ "schemas": [GROUP], "displayName": name });
        directory.post("/Groups", &group).await.refused(400, Some("invalidValue"));
        for field in ["displayName", "userName", "externalId"] {
            let mut sent = person("eve@contoso.example");
            sent[field] = name.as_str().into();
            directory.post("/Users", &sent).await.refused(400, Some("invalidValue"));
        }
        for field in ["givenName", "familyName"] {
            let mut sent = person("eve@contoso.example");
            sent["name"][field] = name.as_str().into();
            directory.post("/Users", &sent).await.refused(400, Some("invalidValue"));
        }
    }
    // The longest that is allowed; blanks around a name do not count.
    let longest = "\u{e9}".repeat(256);
    groups::create(&org.admin, &format!(" {longest} ")).await.unwrap();
    rename_connector(&org, &longest).await.unwrap();
    let mut sent = person("eve@contoso.example");
    sent["displayName"] = longest.into();
    directory.post("/Users", &sent).await.expect(201);
}

#[tokio::test]
async fn s18_a_name_in_disguise_counts_as_the_name() {
    let app = TestApp::new().await;
    let org = app.set_up().await;
    let directory = Directory::new(&app, &org).await;
    groups::create(&org.admin, "Caf\u{e9} Admins").await.unwrap();
    organisations::create_by_operator(&org.admin, "Caf\u{e9} Admins", true)
        .await
        .unwrap();
    directory.group("Caf\u{e9} Admins").await;
    directory.user("caf\u{e9}.admins@contoso.example").await;
    let mut twins: Vec<String> = SPOOFS.iter().map(|spoof| format!("Caf\u{e9} Ad{spoof}mins")).collect();
    // Composed in another way, in other letters, and in letters that only look alike.
    twins.extend(
        [
            "Cafe\u{301} Admins",
            "CAF\u{c9} ADMINS",
            "Ｃａｆ\u{e9} Admins",
            "Caf\u{e9} Adm\u{131}ns",
        ]
        .map(str::to_owned),
    );
    for twin in twins {
        let taken = |outcome: Result<(), Error>, what: &str| {
            let is_taken = match &outcome {
                Err(Error::Conflict { .. }) => true,
                Err(Error::Invalid(faults)) => faults.iter().any(|fault| fault.problem == Problem::Taken),
                _ => false,
            };
            assert!(is_taken, "{what} {twin:?}: {outcome:?}");
        };
        taken(groups::create(&org.admin, &twin).await.map(drop), "group");
        taken(
            organisations::create_by_operator(&org.admin, &twin, true).await.map(drop),
            "organisation",
        );
        let group = json!({ "schemas": [GROUP], "displayName": twin });
        directory.post("/Groups", &group).await.refused(409, Some("uniqueness"));
        let login = format!("{}@contoso.example", twin.replace(' ', "."));
        let same = directory.post("/Users", &person(&login)).await;
        assert_eq!(same.status, 409, "{login:?}: {}", same.text);
    }
    // What a person types is kept composed.
    rename_connector(&org, "Cafe\u{301}").await.unwrap();
    let names: Vec<String> = connectors::list(&org.admin)
        .await
        .unwrap()
        .into_iter()
        .map(|found| found.name)
        .collect();
    assert!(names.contains(&"Caf\u{e9}".to_owned()), "{names:?}");
}

/// Elements whose text the style sheet of the browser, or the rule in `style/base.css`, keeps apart from what surrounds them.
const ISOLATED: &[&str] = &[
    "bdi", "td", "th", "p", "li", "dd", "dt", "h1", "h2", "h3", "h4", "div", "title", "option", "a", "span", "strong", "em",
    "del", "ins", "button", "summary", "label", "code",
];

/// Texts with this mark that do not stand alone in an element that keeps them apart.
fn exposed(html: &str, mark: char) -> Vec<String> {
    let document = Html::parse_document(html);
    let mut found = Vec::new();
    for node in document.tree.nodes() {
        let Node::Text(text) = node.value() else { continue };
        let Some(parent) = node.parent() else { continue };
        let Some(element) = parent.value().as_element() else {
            continue;
        };
        if !text.contains(mark) || matches!(element.name(), "script" | "style") {
            continue;
        }
        let is_alone = parent.children().all(|child| {
            child == node
                || child.value().as_comment().is_some()
                || child.value().as_text().is_some_and(|text| text.trim().is_empty())
        });
        if !(is_alone && ISOLATED.contains(&element.name())) {
            found.push(format!("<{}> {}", element.name(), text.trim()));
        }
    }
    found
}

#[tokio::test]
async fn s18_what_is_shown_of_a_name_turns_nothing_beside_it_around() {
    let app = TestApp::new().await;
    let org = app.set_up().await;
    let directory = Directory::new(&app, &org).await;
    let mark = '\u{202e}';
    let name = |what: &str| format!("{what} {mark}nimda");
    let group = groups::create(&org.admin, &name("Group")).await.unwrap();
    rename_connector(&org, &name("Connector")).await.unwrap();
    let version = organisations::current(&org.admin).await.unwrap().version;
    organisations::update(&org.admin, version, &name("Organisation"))
        .await
        .unwrap();
    organisations::create_by_operator(&org.admin, &name("Other"), true)
        .await
        .unwrap();
    let user = app.user(&org, "grace@contoso.example", Some(BuiltInRole::Admin)).await;
    groups::add_member(&org.admin, group, "grace@contoso.example").await.unwrap();
    let mut sent = person("ada@contoso.example");
    sent["displayName"] = name("Ada").into();
    sent["title"] = name("Title").into();
    let managed = directory.post("/Users", &sent).await.expect(201)["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let theirs = json!({ "schemas": [GROUP], "displayName": name("Theirs"), "members": [{ "value": managed }] });
    let theirs = directory.post("/Groups", &theirs).await.expect(201)["id"]
        .as_str()
        .unwrap()
        .to_owned();
    app.services.recorder.flush().await;
    let router = app_router(&app);
    let connector = connectors::list(&org.admin).await.unwrap()[0].id;
    let mut shown = 0;
    for path in [
        "/".to_owned(),
        "/account".to_owned(),
        "/users".to_owned(),
        format!("/users/{user}"),
        format!("/users/{managed}"),
        "/groups".to_owned(),
        format!("/groups/{group}"),
        format!("/groups/{theirs}"),
        "/integrations".to_owned(),
        format!("/connectors/{connector}"),
        "/billing".to_owned(),
        "/settings".to_owned(),
        "/organisations".to_owned(),
        "/logs/provisioning".to_owned(),
        "/logs/audit".to_owned(),
    ] {
        let page = get(&router, &path, Some(&org.cookie)).await;
        assert_eq!(page.status.as_u16(), 200, "{path}");
        shown += page.body.matches(mark).count();
        assert_eq!(exposed(&page.body, mark), Vec::<String>::new(), "{path}");
    }
    assert!(shown > 30, "only {shown}");
    // The style sheet does what the list above says of elements within a line.
    let style = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/style/base.css")).unwrap();
    let rule = style.split('}').find(|rule| rule.contains("unicode-bidi: isolate")).unwrap();
    for element in [
        "a", "span", "strong", "em", "del", "ins", "button", "summary", "label", "code",
    ] {
        assert!(
            rule.split([',', '(', ')', ' ', '\n']).any(|word| word == element),
            "{element}: {rule}"
        );
    }
}
