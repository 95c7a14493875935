//! What makes sense, and the settings as they are used. Nothing falls back to something less safe: a wrong value is refused.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use ipnet::IpNet;
use secrecy::{ExposeSecret, SecretString};

use super::layers::Layered;
use super::sections::Written;
use super::{Config, Database, Fault, Faults, LogFormat, MasterKeySource, PublicUrl, folder_of, show};

/// Collects what is wrong, so that all of it is told at once.
struct Checker(Vec<Fault>);

impl Checker {
    fn refuse(&mut self, key: &str, problem: impl Into<String>) {
        self.0.push(Fault::new(key, problem));
    }

    /// The value, or none and a fault.
    fn take<T>(&mut self, key: &str, result: Result<T, impl Into<String>>) -> Option<T> {
        result.map_err(|problem| self.refuse(key, problem)).ok()
    }

    fn between(&mut self, key: &str, value: u32, least: u32, most: u32) {
        if !(least..=most).contains(&value) {
            self.refuse(key, format!("is {value} and must be between {least} and {most}"));
        }
    }
}

pub(super) fn check(layered: Layered) -> Result<Config, Faults> {
    let shown = show::all(&layered);
    debug_assert_eq!(shown.len(), layered.names.len());
    let written = layered.written;
    let mut checker = Checker(Vec::new());

    let public_url = checker.take("public_url", PublicUrl::parse(&written.public_url));
    if let Some(url) = &public_url
        && !url.is_https()
    {
        if !url.is_loopback() {
            checker.refuse(
                "public_url",
                "must begin with https://, because its host is not this machine alone",
            );
        } else if !written.allow_plain_http {
            checker.refuse("public_url", "must begin with https://, because allow_plain_http is off");
        }
    }
    let listen = checker.take("listen", address(&written.listen));
    let trusted_proxies = networks(&mut checker, &written.trusted_proxies);
    let sqlite_file = database(&mut checker, written.database.url.expose_secret());
    checker.between("database.max_connections", written.database.max_connections, 1, 1_000);
    let master_key = master_key(&mut checker, &written, sqlite_file.as_deref());
    let site_root = (!written.site_root.is_empty()).then(|| PathBuf::from(&written.site_root));
    if let Some(root) = &site_root
        && !root.is_dir()
    {
        checker.refuse("site_root", format!("names {}, which is not a folder", root.display()));
    }
    durations(&mut checker, &written);
    limits(&mut checker, &written);
    let log_format = checker.take("log.format", format(&written.log.format));
    log_level(&mut checker, &written.log.level);
    let metrics_listen = if written.metrics.listen.is_empty() {
        None
    } else {
        checker.take("metrics.listen", address(&written.metrics.listen))
    };
    if metrics_listen.is_some() && metrics_listen == listen {
        checker.refuse(
            "metrics.listen",
            "is the same address as listen; metrics are not for the public",
        );
    }

    let Checker(faults) = checker;
    match (public_url, listen, log_format) {
        (Some(public_url), Some(listen), Some(log_format)) if faults.is_empty() => Ok(Config {
            public_url,
            listen,
            trusted_proxies,
            database: Database {
                url: written.database.url,
                sqlite_file,
                max_connections: written.database.max_connections,
            },
            master_key,
            site_root,
            session_idle: chrono::Duration::minutes(written.sessions.idle_minutes.into()),
            session_absolute: chrono::Duration::hours(written.sessions.absolute_hours.into()),
            scim_token_lifetime: chrono::Duration::days(written.scim.token_days.into()),
            provisioning_log_retention: chrono::Duration::days(written.provisioning_log.retention_days.into()),
            limits: written.limits,
            log_level: written.log.level,
            log_format,
            metrics_listen,
            shown,
        }),
        _ => Err(Faults(faults)),
    }
}

fn address(text: &str) -> Result<SocketAddr, String> {
    text.parse()
        .map_err(|_| format!("is {text:?} and must be an IP address and a port, such as 127.0.0.1:3000 or [::]:3000"))
}

fn networks(checker: &mut Checker, written: &[String]) -> Vec<IpNet> {
    let mut networks = Vec::new();
    for text in written {
        let parsed = text
            .parse::<IpNet>()
            .or_else(|_| text.parse::<std::net::IpAddr>().map(IpNet::from));
        match parsed {
            // Every client would then be believed about its own address.
            Ok(network) if network.prefix_len() == 0 => {
                checker.refuse("trusted_proxies", format!("holds {text}, which is every address there is"))
            }
            Ok(network) => networks.push(network),
            Err(_) => checker.refuse(
                "trusted_proxies",
                format!("holds {text:?}, which is neither an address nor a network"),
            ),
        }
    }
    networks
}

/// The file of a SQLite address. The address itself is not repeated in a fault: it may hold a password.
fn database(checker: &mut Checker, address: &str) -> Option<PathBuf> {
    if let Some(rest) = address.strip_prefix("sqlite:") {
        let path = rest.strip_prefix("//").unwrap_or(rest).split('?').next().unwrap_or_default();
        if path.is_empty() {
            checker.refuse("database.url", "must name a file, as in sqlite://lanyard-data/lanyard.db");
        } else if rest.contains(":memory:") || rest.contains("mode=memory") {
            checker.refuse("database.url", "must name a file: a database in memory is lost at the end");
        } else if path.ends_with('/') || Path::new(path).is_dir() {
            checker.refuse("database.url", "names a folder and must name a file in it");
        } else {
            return Some(PathBuf::from(path));
        }
        return None;
    }
    if !address.starts_with("postgres://") && !address.starts_with("postgresql://") {
        checker.refuse("database.url", "must begin with sqlite:// or postgres://");
    } else if !url::Url::parse(address).is_ok_and(|url| url.has_host() && url.path().len() > 1) {
        checker.refuse(
            "database.url",
            "must name host and database, as in postgres://user:password@host/lanyard",
        );
    }
    None
}

fn master_key(checker: &mut Checker, written: &Written, sqlite_file: Option<&Path>) -> MasterKeySource {
    let given = written.master_key.expose_secret().trim();
    if !given.is_empty() {
        if !written.master_key_file.is_empty() {
            checker.refuse("master_key_file", "is set and master_key too; set one of them");
        }
        if let Err(problem) = decode_master_keys(given) {
            checker.refuse("master_key", problem);
        }
        return MasterKeySource::Given(SecretString::from(given.to_owned()));
    }
    if written.master_key_file.is_empty() {
        return MasterKeySource::DefaultFile(folder_of(sqlite_file).join("lanyard.key"));
    }
    let file = PathBuf::from(&written.master_key_file);
    if file.is_dir() {
        checker.refuse("master_key_file", "names a folder and must name a file");
    }
    MasterKeySource::File(file)
}

/// Reads master keys: each 32 bytes in hexadecimal or in base64, with either alphabet, padded or not. More than one while the
/// key is exchanged, separated by line ends, spaces or commas.
///
/// # Errors
/// What is wrong with them, as the rest of a sentence.
pub(crate) fn decode_master_keys(text: &str) -> Result<Vec<zeroize::Zeroizing<[u8; 32]>>, &'static str> {
    let keys = text
        .split(|separator: char| separator.is_whitespace() || separator == ',')
        .filter(|part| !part.is_empty())
        .map(decode_master_key)
        .collect::<Result<Vec<_>, _>>()?;
    if keys.is_empty() {
        return Err("must be 32 bytes in hexadecimal or base64");
    }
    Ok(keys)
}

fn decode_master_key(text: &str) -> Result<zeroize::Zeroizing<[u8; 32]>, &'static str> {
    use base64::Engine;
    use base64::prelude::{BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE_NO_PAD};

    let unpadded = text.trim_end_matches('=');
    let bytes = if text.len() == 64 { hex::decode(text).ok() } else { None }
        .or_else(|| BASE64_STANDARD_NO_PAD.decode(unpadded).ok())
        .or_else(|| BASE64_URL_SAFE_NO_PAD.decode(unpadded).ok())
        .map(zeroize::Zeroizing::new)
        .ok_or("must be 32 bytes in hexadecimal or base64")?;
    let key: [u8; 32] = bytes
        .as_slice()
        .try_into()
        .map_err(|_| "must be 32 bytes in hexadecimal or base64")?;
    if key.iter().all(|byte| Some(byte) == key.first()) {
        return Err("is one byte over and over, which anybody can guess");
    }
    Ok(zeroize::Zeroizing::new(key))
}

fn durations(checker: &mut Checker, written: &Written) {
    checker.between("sessions.idle_minutes", written.sessions.idle_minutes, 1, 24 * 60);
    checker.between("sessions.absolute_hours", written.sessions.absolute_hours, 1, 24);
    if u64::from(written.sessions.idle_minutes) > u64::from(written.sessions.absolute_hours) * 60 {
        checker.refuse(
            "sessions.idle_minutes",
            "is longer than sessions.absolute_hours allows any session to live",
        );
    }
    checker.between("scim.token_days", written.scim.token_days, 1, 365);
    checker.between(
        "provisioning_log.retention_days",
        written.provisioning_log.retention_days,
        1,
        3_650,
    );
}

fn limits(checker: &mut Checker, written: &Written) {
    let limits = &written.limits;
    checker.between("limits.scim_per_second", limits.scim_per_second, 0, 1_000_000);
    checker.between("limits.scim_burst", limits.scim_burst, 1, 1_000_000);
    if limits.scim_per_second > 0 && limits.scim_burst < limits.scim_per_second {
        checker.refuse(
            "limits.scim_burst",
            "is less than limits.scim_per_second, so that this could never be reached",
        );
    }
    checker.between("limits.scim_failures_per_minute", limits.scim_failures_per_minute, 1, 100_000);
    checker.between("limits.scim_body_bytes", limits.scim_body_bytes, 1_024, 16 * 1_048_576);
    checker.between("limits.body_bytes", limits.body_bytes, 1_024, 1_048_576);
    checker.between("limits.header_bytes", limits.header_bytes, 8_192, 65_536);
    for (key, value, most) in [
        ("limits.header_seconds", limits.header_seconds, 60),
        ("limits.body_seconds", limits.body_seconds, 300),
        ("limits.request_seconds", limits.request_seconds, 300),
        ("limits.scim_request_seconds", limits.scim_request_seconds, 300),
        ("limits.response_seconds", limits.response_seconds, 3_600),
        ("limits.idle_seconds", limits.idle_seconds, 600),
        ("limits.shutdown_seconds", limits.shutdown_seconds, 300),
    ] {
        checker.between(key, value, 1, most);
    }
    checker.between("limits.connections", limits.connections, 1, 100_000);
    checker.between("limits.connections_per_address", limits.connections_per_address, 1, 100_000);
    checker.between("limits.http2_streams", limits.http2_streams, 1, 1_000);
}

fn format(text: &str) -> Result<LogFormat, String> {
    match text {
        "json" => Ok(LogFormat::Json),
        "text" => Ok(LogFormat::Text),
        other => Err(format!("is {other:?} and must be json or text")),
    }
}

fn log_level(checker: &mut Checker, level: &str) {
    let is_level = |text: &str| ["off", "error", "warn", "info", "debug", "trace"].contains(&text);
    // A word that is no level would be taken for the name of a module, and nothing would be logged.
    let is_directive = |text: &str| is_level(text.rsplit('=').next().unwrap_or_default().trim());
    if !level.split(',').all(is_directive) || tracing_subscriber::EnvFilter::builder().parse(level).is_err() {
        checker.refuse(
            "log.level",
            format!("is {level:?} and must be error, warn, info, debug or trace"),
        );
    }
}
