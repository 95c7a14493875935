use lanyard::store::connect;

use crate::app::TestApp;

#[tokio::test]
async fn migrations_go_up_down_and_up_again() {
    let app = TestApp::new().await;
    let store = &app.services.store;
    assert_eq!(connect::pending_migrations(store).await.unwrap(), 0);
    connect::migrate_down(store).await.unwrap();
    assert!(connect::pending_migrations(store).await.unwrap() > 5);
    connect::migrate(store).await.unwrap();
    assert_eq!(connect::pending_migrations(store).await.unwrap(), 0);
    // The schema that came back works.
    app.set_up().await;
}
