//! Text of directories within the HTML that the server writes (security rule S17). The browser tests show that none of it runs.

use lanyard::service::{groups, organisations};

use super::browser::{app_router, get};
use crate::app::TestApp;
use crate::scim::{Directory, person};

#[tokio::test]
async fn s17_names_end_no_element_of_the_page() {
    let app = TestApp::new().await;
    let org = app.set_up().await;
    let directory = Directory::new(&app, &org).await;
    let name = "</title></script></textarea><script>run()</script>";
    let group = groups::create(&org.admin, name).await.unwrap();
    let version = organisations::current(&org.admin).await.unwrap().version;
    organisations::update(&org.admin, version, name).await.unwrap();
    let mut sent = person("ada@contoso.example");
    sent["displayName"] = name.into();
    let user = directory.post("/Users", &sent).await.expect(201)["id"]
        .as_str()
        .unwrap()
        .to_owned();
    app.services.recorder.flush().await;
    let router = app_router(&app);
    for path in [
        "/".to_owned(),
        "/users".to_owned(),
        format!("/users/{user}"),
        format!("/users/{user}?dialog=delete"),
        format!("/groups/{group}"),
        "/settings".to_owned(),
        "/organisations".to_owned(),
        "/logs/provisioning".to_owned(),
        "/logs/audit".to_owned(),
    ] {
        let page = get(&router, &path, Some(&org.cookie)).await;
        assert_eq!(page.status.as_u16(), 200, "{path}");
        assert!(page.body.contains("run()"), "{path} does not show it");
        assert!(!page.body.contains("<script>run()"), "{path}");
        let (head, _) = page.body.split_once("</head>").unwrap();
        assert_eq!(head.matches("</title>").count(), 1, "{path}");
    }
}
