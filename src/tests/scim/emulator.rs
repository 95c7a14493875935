//! The product's own Entra emulator against the door, over a real port.

use std::net::SocketAddr;

use lanyard::cli::emulate::{EmulateEntraArgs, http_client, run_with};
use secrecy::ExposeSecret;

use super::{Directory, start};
use crate::app::TestApp;

async fn full_marks(app: &TestApp, directory: &Directory) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let service = directory.router.clone().into_make_service_with_connect_info::<SocketAddr>();
    let server = tokio::spawn(async move { axum::serve(listener, service).await });
    let url = format!("http://{address}/scim/v2");
    let args = EmulateEntraArgs {
        seed: Some(7),
        ..EmulateEntraArgs::new(url, directory.secret.expose_secret())
    };
    let card = run_with(&args, http_client().unwrap(), |_| {}).await.unwrap();
    server.abort();
    app.services.recorder.flush().await;
    assert!(card.is_perfect(), "{card}");
    assert!(card.passed > 500, "{card}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_emulated_directory_finds_no_fault() {
    let (app, _, directory) = start().await;
    full_marks(&app, &directory).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nor_with_several_connections_to_the_database() {
    let app = TestApp::with_pool().await;
    let directory = Directory::new(&app, &app.set_up().await).await;
    full_marks(&app, &directory).await;
}
