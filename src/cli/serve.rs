//! `serve`: the server from its start to its orderly end.

use std::path::{Path, PathBuf};
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use tokio::net::{TcpListener, TcpSocket};
use tokio_util::sync::CancellationToken;

use super::demo::Demo;
use super::failure::Failure;
use super::organisations::key_line;
use super::output::Output;
use super::startup::{self, Opened, Opening};
use super::{private_files, schedule};
use crate::config::Config;
use crate::http::{self, AppState, HttpSettings, Readiness, Site};
use crate::server_fns::table;
use crate::service::setup;

/// How long work that goes on after its request may take at the end.
const BACKGROUND_PATIENCE: Duration = Duration::from_secs(3);

/// Serves until the process is told to stop.
pub(super) async fn run(config: &Config, output: &Output, demo: Option<Demo>) -> Result<(), Failure> {
    table::check()
        .map_err(|faults| Failure::failed(format!("the table of permissions is not that of this program:\n{faults}")))?;
    let site = Site::find(config.site_root.as_deref()).map_err(|error| Failure::failed(error.to_string()))?;
    let opened = startup::open(config, Opening::First).await?;
    let listener = listen(config.listen)?;
    let metrics = match config.metrics_listen {
        Some(address) => {
            let router =
                http::metrics::install().map_err(|error| Failure::failed(format!("metrics cannot be counted: {error}")))?;
            Some((listen(address)?, router))
        }
        None => None,
    };
    let story = match &demo {
        Some(demo) => Some(demo.fill(&opened).await?),
        None => None,
    };
    let link = setup_link(&opened, &config.folder()).await?;
    announce(config, output, &opened, link.as_ref(), story.as_ref());

    let services = opened.services;
    let state = AppState::new(services.clone(), HttpSettings::from(config), Some(site));
    let background = state.background.clone();
    let stop = CancellationToken::new();
    stop_on_signal(state.readiness.clone(), stop.clone())?;
    background.spawn(schedule::run(services.clone(), config.folder(), stop.clone()));
    if let Some((listener, router)) = metrics {
        background.spawn(http::serve::serve(listener, router, config.limits, Vec::new(), stop.clone()));
    }
    if let Some(story) = story {
        background.spawn(story.provision(stop.clone()));
    }
    http::serve::serve(
        listener,
        http::router(state),
        config.limits,
        config.trusted_proxies.clone(),
        stop,
    )
    .await;

    background.close();
    if tokio::time::timeout(BACKGROUND_PATIENCE, background.wait()).await.is_err() {
        tracing::warn!(tasks = background.len(), "some work was not finished in time");
    }
    startup::close(services).await;
    tracing::info!("stopped");
    Ok(())
}

/// What the system keeps of an answer that its client does not take yet. Left to itself it keeps megabytes for each connection,
/// which clients that read nothing make use of.
const SEND_BUFFER_BYTES: u32 = 128 * 1024;
/// Connections that wait to be accepted.
const BACKLOG: u32 = 1_024;

fn listen(address: std::net::SocketAddr) -> Result<TcpListener, Failure> {
    let open = || {
        let socket = if address.is_ipv4() {
            TcpSocket::new_v4()
        } else {
            TcpSocket::new_v6()
        }?;
        // A restart need not wait until the last connections of the server before are forgotten.
        socket.set_reuseaddr(true)?;
        // Connections have it from the socket that they were accepted on.
        socket.set_send_buffer_size(SEND_BUFFER_BYTES)?;
        socket.bind(address)?;
        socket.listen(BACKLOG)
    };
    open().map_err(|error: std::io::Error| Failure::failed(format!("cannot listen on {address}: {error}")))
}

/// A set-up link that was made at this start.
struct Link {
    url: SecretString,
    file: PathBuf,
    expires_at: chrono::DateTime<chrono::Utc>,
}

/// Security rule S48: as long as nobody has set up, each start makes a new link, prints it, and keeps it in a private file for
/// whoever does not see what is printed.
async fn setup_link(opened: &Opened, folder: &Path) -> Result<Option<Link>, Failure> {
    let file = folder.join("setup-link.txt");
    match setup::create_link(&opened.context()).await {
        Ok(link) => {
            private_files::write(&file, format!("{}\n", link.url).as_bytes())
                .map_err(|error| Failure::failed(format!("{} cannot be written: {error}", file.display())))?;
            Ok(Some(Link {
                url: SecretString::from(link.url),
                file,
                expires_at: link.expires_at,
            }))
        }
        Err(crate::service::Error::Conflict { .. }) => {
            // Of an earlier start; what is in it does not work any more.
            drop(std::fs::remove_file(&file));
            Ok(None)
        }
        Err(other) => Err(other.into()),
    }
}

fn announce(config: &Config, output: &Output, opened: &Opened, link: Option<&Link>, story: Option<&super::demo::Story>) {
    let value = serde_json::json!({
        "new_master_key_file": opened.new_key_file,
        "address": config.public_url.origin(),
        "listen": config.listen,
        "setup_url": link.map(|link| link.url.expose_secret()),
        "demo": story.map(super::demo::Story::to_json),
    });
    output.print(&value, || {
        // A demonstration's key is thrown away with everything else.
        let mut lines = if story.is_none() {
            key_line(opened.new_key_file.as_deref())
        } else {
            String::new()
        };
        lines.push_str(&format!(
            "Lanyard is at {} (listening on {})\n",
            config.public_url.origin(),
            config.listen
        ));
        if let Some(link) = link {
            let until = link.expires_at.format("%H:%M UTC");
            lines.push_str(&format!(
                "Open this link once, until {until}, to become the first operator (also in {}):\n\n    {}\n",
                link.file.display(),
                link.url.expose_secret()
            ));
        }
        if let Some(story) = story {
            lines.push_str(&story.lines());
        }
        lines
    });
}

/// SIGTERM or SIGINT: not ready, nothing new, finish what was begun. A second one does not wait.
fn stop_on_signal(readiness: Readiness, stop: CancellationToken) -> Result<(), Failure> {
    use tokio::signal::unix::{SignalKind, signal};
    let failed = |error: std::io::Error| Failure::failed(format!("signals cannot be received: {error}"));
    let mut terminate = signal(SignalKind::terminate()).map_err(failed)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(failed)?;
    tokio::spawn(async move {
        tokio::select! { _ = terminate.recv() => {}, _ = interrupt.recv() => {} }
        readiness.stop();
        stop.cancel();
        tracing::info!("stopping; requests that were begun are finished");
        tokio::select! { _ = terminate.recv() => {}, _ = interrupt.recv() => {} }
        std::process::exit(1);
    });
    Ok(())
}
