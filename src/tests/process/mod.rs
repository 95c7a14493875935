//! The program itself: started, spoken to over its sockets, stopped and killed.
//!
//! Counts and times are those that fit into every run of the suite; with `LANYARD_TEST_LONG=1` they are those that the security
//! rules name. What does not depend on the database is run on SQLite alone.

mod logs;
mod overload;
mod rekey;
mod restart;
mod secrets;
mod tls;
mod wire;

use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use serde_json::Value;

/// Whether the full counts are asked for.
pub fn is_long() -> bool {
    std::env::var_os("LANYARD_TEST_LONG").is_some_and(|value| value == "1")
}

/// The number for every run, or the full one.
pub fn scaled<T>(usual: T, full: T) -> T {
    if is_long() { full } else { usual }
}

/// A folder with a database, a key and settings.
pub struct Installation {
    folder: tempfile::TempDir,
    database_url: String,
    /// An address of its own in 127.0.0.0/8, so that no other test can have its port.
    address: Ipv4Addr,
    settings: Vec<(String, String)>,
}

impl Installation {
    /// On a SQLite file, or in a schema of its own on PostgreSQL where `TEST_DATABASE_URL` names one.
    pub async fn new() -> Self {
        let mut installation = Self::on_sqlite();
        if let Ok(url) = std::env::var("TEST_DATABASE_URL") {
            let schema = crate::app::new_schema(&url).await;
            let joint = if url.contains('?') { '&' } else { '?' };
            installation.database_url = format!("{url}{joint}options=-csearch_path%3D{schema}");
        }
        installation
    }

    /// On a SQLite file.
    pub fn on_sqlite() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("site/pkg")).unwrap();
        let place = std::process::id() * 64 + NEXT.fetch_add(1, Ordering::Relaxed) + 2;
        let [_, a, b, c] = place.to_be_bytes();
        Self {
            database_url: format!("sqlite://{}", folder.path().join("lanyard.db").display()),
            folder,
            // Not 127.0.x.y, where tests connect from.
            address: Ipv4Addr::new(127, a | 128, b, c),
            settings: Vec::new(),
        }
    }

    /// With one more setting, by its variable without the prefix.
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.settings.push((format!("LANYARD_{name}"), value.to_string()));
        self
    }

    pub fn is_sqlite(&self) -> bool {
        self.database_url.starts_with("sqlite")
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn database_url(&self) -> &str {
        &self.database_url
    }

    pub fn key_file(&self) -> PathBuf {
        self.folder().join("lanyard.key")
    }

    pub fn origin(&self) -> String {
        format!("http://{}:3000", self.address)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lanyard"));
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("LANYARD_") {
                command.env_remove(name);
            }
        }
        command
            .args(arguments)
            .current_dir(self.folder())
            .env("LANYARD_DATABASE_URL", &self.database_url)
            .env("LANYARD_MASTER_KEY_FILE", self.key_file())
            .env("LANYARD_SITE_ROOT", self.folder().join("site"))
            .env("LANYARD_PUBLIC_URL", self.origin())
            .env("LANYARD_LISTEN", format!("{}:3000", self.address))
            .env("LANYARD_METRICS_LISTEN", format!("{}:9090", self.address))
            .envs(self.settings.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null());
        command
    }

    /// Runs a command to its end.
    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Runs a command that must succeed; what it printed.
    #[track_caller]
    pub fn json(&self, arguments: &[&str]) -> Value {
        let output = self.run(&[arguments, &["--json"]].concat());
        assert!(
            output.status.success(),
            "{arguments:?}: {}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// Starts a command and leaves it running.
    pub fn start(&self, arguments: &[&str]) -> Process {
        Process(
            self.command(arguments)
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .unwrap(),
        )
    }

    /// Starts the server and waits until it is ready.
    pub async fn serve(&self) -> Server {
        use std::io::BufRead;
        let log = self.folder().join("log");
        let errors = std::fs::OpenOptions::new().create(true).append(true).open(&log).unwrap();
        let mut child = self
            .command(&["serve", "--json"])
            .stdout(Stdio::piped())
            .stderr(errors)
            .spawn()
            .unwrap();
        let mut said = String::new();
        std::io::BufReader::new(child.stdout.as_mut().unwrap())
            .read_line(&mut said)
            .unwrap();
        let server = Server {
            process: Process(child),
            said: serde_json::from_str(&said)
                .unwrap_or_else(|_| panic!("no start: {said} {}", std::fs::read_to_string(&log).unwrap_or_default())),
            origin: self.origin(),
            metrics: format!("http://{}:9090/metrics", self.address),
            log,
        };
        let patience = Instant::now() + Duration::from_secs(20);
        while !is_ready(&server.origin).await {
            assert!(Instant::now() < patience, "not ready: {}", server.log());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        server
    }

    /// An organisation with a connector: the organisation's id and the connector's secret.
    pub fn directory(&self) -> (String, String) {
        let org = self.json(&["org", "create", "Contoso", "--enterprise-toolkit"]);
        let org = org["id"].as_str().unwrap();
        let connector = self.json(&["connector", "create", "--org", org, "--kind", "entra"]);
        (org.to_owned(), connector["secret"].as_str().unwrap().to_owned())
    }
}

async fn is_ready(origin: &str) -> bool {
    let answer = client().get(format!("{origin}/readyz")).send().await;
    answer.is_ok_and(|answer| answer.status().is_success())
}

/// A client that keeps no connection, so that each request is one of its own.
pub fn client() -> reqwest::Client {
    drop(rustls::crypto::ring::default_provider().install_default());
    #[expect(clippy::disallowed_methods, reason = "a client of ours, at our own server")]
    let builder = reqwest::Client::builder();
    builder
        .pool_max_idle_per_host(0)
        .timeout(Duration::from_secs(60))
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap()
}

/// A process that does not outlive the test.
pub struct Process(Child);

impl Process {
    pub fn id(&self) -> u32 {
        self.0.id()
    }

    /// As `kill -9` does.
    pub fn kill(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }

    /// As `kill` does.
    pub fn terminate(&self) {
        let status = Command::new("kill").arg(self.id().to_string()).status().unwrap();
        assert!(status.success());
    }

    /// The exit code, when it has ended.
    pub fn ended(&mut self) -> Option<std::process::ExitStatus> {
        self.0.try_wait().unwrap()
    }

    /// Waits for the end; the exit code.
    pub async fn end(&mut self, patience: Duration) -> Option<i32> {
        let until = Instant::now() + patience;
        loop {
            if let Some(status) = self.ended() {
                return status.code();
            }
            assert!(Instant::now() < until, "the process does not end");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A running server.
pub struct Server {
    pub process: Process,
    /// What it printed at its start.
    pub said: Value,
    pub origin: String,
    metrics: String,
    log: PathBuf,
}

impl Server {
    /// All that it logged.
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap()
    }

    /// Its figures, as text.
    pub async fn metrics(&self) -> String {
        client().get(&self.metrics).send().await.unwrap().text().await.unwrap()
    }

    /// No fault of the program was caught or counted (security rule S57).
    pub async fn has_no_faults(&self) {
        let metrics = self.metrics().await;
        assert!(metrics.contains("lanyard_requests_total"), "{metrics}");
        let counted = metrics
            .lines()
            .find(|line| line.starts_with("lanyard_panics_total") && !line.ends_with(" 0"));
        assert_eq!(counted, None);
        let log = self.log();
        let logged: Vec<&str> = log.lines().filter(|line| line.contains("fault of the program")).collect();
        assert!(logged.is_empty(), "{} faults, the first: {}", logged.len(), logged[0]);
    }
}
