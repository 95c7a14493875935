//! What the configuration accepts and refuses.

use super::*;

fn load(environment: &[(&str, &str)]) -> Result<Config, Faults> {
    let environment = environment
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    Config::load(&Sources {
        environment,
        ..Sources::default()
    })
}

fn load_file(text: &str) -> Result<Config, Faults> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("lanyard.toml");
    std::fs::write(&file, text).unwrap();
    Config::load(&Sources {
        file: Some(file),
        ..Sources::default()
    })
}

#[test]
fn defaults_are_valid_and_safe() {
    let config = load(&[]).unwrap();
    assert_eq!(config.public_url.origin(), "http://localhost:3000");
    assert!(config.listen.ip().is_loopback());
    assert!(config.metrics_listen.is_none() && config.trusted_proxies.is_empty());
    assert_eq!(config.session_absolute, chrono::Duration::hours(12));
    assert_eq!((config.limits.scim_per_second, config.limits.scim_burst), (200, 1_000));
    assert!(
        matches!(&config.master_key, MasterKeySource::DefaultFile(path) if path == &PathBuf::from("lanyard-data/lanyard.key"))
    );
}

#[test]
fn later_sources_win() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("lanyard.toml");
    std::fs::write(
        &file,
        "listen = \"127.0.0.1:1\"\n[limits]\nconnections = 11\nidle_seconds = 12\n[log]\nlevel = \"warn\"\n",
    )
    .unwrap();
    let sources = Sources {
        file: Some(file.clone()),
        environment: vec![
            ("LANYARD_LISTEN".into(), "127.0.0.1:2".into()),
            ("LANYARD_LIMITS_CONNECTIONS".into(), "22".into()),
        ],
        flags: vec![("listen", "127.0.0.1:3".into())],
    };
    let config = Config::load(&sources).unwrap();
    assert_eq!(
        (
            config.listen.port(),
            config.limits.connections,
            config.limits.idle_seconds,
            config.log_level.as_str()
        ),
        (3, 22, 12, "warn")
    );
    let origin = |name: &str| {
        config
            .shown()
            .iter()
            .find(|shown| shown.name == name)
            .and_then(|shown| shown.origin.clone())
    };
    assert_eq!(origin("listen").as_deref(), Some("--listen"));
    assert_eq!(origin("limits.connections").as_deref(), Some("LANYARD_LIMITS_CONNECTIONS"));
    assert_eq!(origin("limits.idle_seconds"), Some(file.display().to_string()));
    assert_eq!(origin("public_url"), None);
}

#[test]
fn the_environment_names_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("lanyard.toml");
    std::fs::write(&file, "[sessions]\nidle_minutes = 5\n").unwrap();
    let config = load(&[("LANYARD_CONFIG", &file.display().to_string())]).unwrap();
    assert_eq!(config.session_idle, chrono::Duration::minutes(5));
}

#[test]
fn variables_of_others_are_left_alone() {
    let config = load(&[
        ("LANYARD_SERVICE_HOST", "10.0.0.1"),
        ("LANYARD_PORT", "tcp://10.0.0.1:3000"),
        ("LANYARD_PORT_3000_TCP_ADDR", "10.0.0.1"),
        ("LANYARD_CACHE", "/tmp"),
        ("LANYARD_EMULATE_TOKEN", "x"),
        ("PATH", "/bin"),
    ]);
    assert!(config.is_ok());
}

#[test]
fn a_list_in_a_variable_is_separated_by_commas() {
    let config = load(&[("LANYARD_TRUSTED_PROXIES", "10.0.0.0/8, ::1")]).unwrap();
    assert_eq!(
        config.trusted_proxies,
        vec!["10.0.0.0/8".parse::<IpNet>().unwrap(), "::1/128".parse().unwrap()]
    );
}

#[test]
fn s47_a_master_key_is_32_bytes() {
    let hex = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
    for good in [
        hex,
        "ABEiM0RVZneImaq7zN3u/wARIjNEVWZ3iJmqu8zd7v8=",
        "ABEiM0RVZneImaq7zN3u_wARIjNEVWZ3iJmqu8zd7v8",
    ] {
        assert!(
            matches!(
                load(&[("LANYARD_MASTER_KEY", good)]).unwrap().master_key,
                MasterKeySource::Given(_)
            ),
            "{good}"
        );
    }
}

#[test]
fn s47_a_key_that_is_exchanged_comes_with_the_one_before_it() {
    let key = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
    let two = format!("{key}\nABEiM0RVZneImaq7zN3u/wARIjNEVWZ3iJmqu8zd7v8=\n");
    assert_eq!(decode_master_keys(&two).unwrap().len(), 2);
    assert_eq!(decode_master_keys(&two.replace('\n', ", ")).unwrap().len(), 2);
    for broken in ["", "\n", " , ", &format!("{key} short"), &format!("{key}{key}")] {
        assert!(decode_master_keys(broken).is_err(), "{broken:?}");
    }
}

#[test]
fn s49_secrets_are_not_shown() {
    let key = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
    for address in [
        "postgres://lanyard:canary@db/lanyard",
        "postgres://lanyard@db/lanyard?password=canary",
        "postgres://lanyard:canary@db/x?sslpassword=canary",
    ] {
        let config = load(&[("LANYARD_DATABASE_URL", address), ("LANYARD_MASTER_KEY", key)]).unwrap();
        let all = format!("{config:?} {:?}", config.shown());
        assert!(!all.contains("canary") && !all.contains(key), "{all}");
        assert!(all.contains("db/"), "{all}");
    }
    let fault = load(&[
        ("LANYARD_DATABASE_URL", "mysql://u:canary@db/x"),
        ("LANYARD_MASTER_KEY", "canary"),
    ])
    .unwrap_err()
    .to_string();
    assert!(!fault.contains("canary"), "{fault}");
    let fault = load_file("master_key = \"canary").unwrap_err().to_string();
    assert!(!fault.contains("canary"), "{fault}");
}

/// Each row: the variable, its value, the name that the fault must hold, a word of the sentence.
#[test]
fn r19_broken_variables() {
    let rows = [
        ("LANYARD_PUBLIC_URL", "", "public_url", "address"),
        ("LANYARD_PUBLIC_URL", "id.example.org", "public_url", "address"),
        ("LANYARD_PUBLIC_URL", "http://id.example.org", "public_url", "https"),
        ("LANYARD_PUBLIC_URL", "http://192.168.0.1:3000", "public_url", "https"),
        ("LANYARD_PUBLIC_URL", "https://id.example.org/app", "public_url", "path"),
        ("LANYARD_PUBLIC_URL", "ftp://id.example.org", "public_url", "https"),
        ("LANYARD_PUBLIC_URL", "https://u:p@id.example.org", "public_url", "password"),
        ("LANYARD_ALLOW_PLAIN_HTTP", "false", "public_url", "allow_plain_http"),
        ("LANYARD_ALLOW_PLAIN_HTTP", "maybe", "allow_plain_http", "boolean"),
        ("LANYARD_LISTEN", "3000", "listen", "port"),
        ("LANYARD_LISTEN", "localhost:3000", "listen", "IP address"),
        ("LANYARD_LISTEN", "127.0.0.1:99999", "listen", "port"),
        ("LANYARD_LISTEN", "", "listen", "port"),
        ("LANYARD_TRUSTED_PROXIES", "proxy.example.org", "trusted_proxies", "network"),
        ("LANYARD_TRUSTED_PROXIES", "10.0.0.0/33", "trusted_proxies", "network"),
        ("LANYARD_TRUSTED_PROXIES", "0.0.0.0/0", "trusted_proxies", "every address"),
        ("LANYARD_MASTER_KEY", "short", "master_key", "32 bytes"),
        (
            "LANYARD_MASTER_KEY",
            "0000000000000000000000000000000000000000000000000000000000000000",
            "master_key",
            "guess",
        ),
        ("LANYARD_MASTER_KEY_FILE", "/", "master_key_file", "folder"),
        ("LANYARD_SITE_ROOT", "/nowhere/at/all", "site_root", "folder"),
        ("LANYARD_DATABASE_URL", "", "database.url", "sqlite://"),
        ("LANYARD_DATABASE_URL", "mysql://db/lanyard", "database.url", "postgres://"),
        ("LANYARD_DATABASE_URL", "sqlite://", "database.url", "file"),
        ("LANYARD_DATABASE_URL", "sqlite::memory:", "database.url", "memory"),
        ("LANYARD_DATABASE_URL", "sqlite:///", "database.url", "folder"),
        ("LANYARD_DATABASE_URL", "postgres://db", "database.url", "database"),
        ("LANYARD_DATABASE_MAX_CONNECTIONS", "0", "database.max_connections", "between"),
        (
            "LANYARD_DATABASE_MAX_CONNECTIONS",
            "many",
            "database.max_connections",
            "integer",
        ),
        ("LANYARD_SESSIONS_IDLE_MINUTES", "0", "sessions.idle_minutes", "between"),
        (
            "LANYARD_SESSIONS_IDLE_MINUTES",
            "1000",
            "sessions.idle_minutes",
            "absolute_hours",
        ),
        ("LANYARD_SESSIONS_ABSOLUTE_HOURS", "25", "sessions.absolute_hours", "between"),
        ("LANYARD_SCIM_TOKEN_DAYS", "366", "scim.token_days", "between"),
        (
            "LANYARD_PROVISIONING_LOG_RETENTION_DAYS",
            "0",
            "provisioning_log.retention_days",
            "between",
        ),
        ("LANYARD_LIMITS_SCIM_PER_SECOND", "-1", "limits.scim_per_second", "integer"),
        ("LANYARD_LIMITS_SCIM_PER_SECOND", "2000", "limits.scim_burst", "never"),
        (
            "LANYARD_LIMITS_SCIM_FAILURES_PER_MINUTE",
            "0",
            "limits.scim_failures_per_minute",
            "between",
        ),
        ("LANYARD_LIMITS_SCIM_BODY_BYTES", "0", "limits.scim_body_bytes", "between"),
        ("LANYARD_LIMITS_BODY_BYTES", "1000000000", "limits.body_bytes", "between"),
        ("LANYARD_LIMITS_CONNECTIONS", "0", "limits.connections", "between"),
        ("LANYARD_LIMITS_HEADER_SECONDS", "0", "limits.header_seconds", "between"),
        ("LANYARD_LOG_LEVEL", "loud", "log.level", "info"),
        ("LANYARD_LOG_FORMAT", "xml", "log.format", "json"),
        ("LANYARD_METRICS_LISTEN", "9090", "metrics.listen", "port"),
        ("LANYARD_METRICS_LISTEN", "127.0.0.1:3000", "metrics.listen", "same"),
        (
            "LANYARD_CONFIG",
            "/nowhere/lanyard.toml",
            "/nowhere/lanyard.toml",
            "cannot be read",
        ),
        (
            "LANYARD_PUBLICURL",
            "https://a.org",
            "LANYARD_PUBLICURL",
            "LANYARD_PUBLIC_URL",
        ),
        (
            "LANYARD_LIMITS_SCIM_PER_SECONDS",
            "1",
            "LANYARD_LIMITS_SCIM_PER_SECONDS",
            "not a setting",
        ),
        ("LANYARD_DEBUG", "1", "LANYARD_DEBUG", "not a setting"),
    ];
    for (variable, value, key, word) in rows {
        let Err(Faults(faults)) = load(&[(variable, value)]) else {
            panic!("{variable}={value} was accepted")
        };
        assert!(
            faults.iter().any(|fault| fault.key == key && fault.problem.contains(word)),
            "{variable}={value}: {faults:?}"
        );
    }
}

#[test]
fn r19_broken_files() {
    let rows = [
        ("public-url = \"https://a.org\"", "public-url", "public_url"),
        ("[limit]\nconnections = 1", "limit.connections", "limits.connections"),
        ("[limits]\nconnection = 1", "limits.connection", "limits.connections"),
        ("[limits]\nconnections = \"many\"", "limits.connections", "integer"),
        ("[limits]\nconnections = -1", "limits.connections", "integer"),
        ("limits = 3", "limits", "not a setting"),
        ("trusted_proxies = \"10.0.0.0/8 10.1.0.0/8\"", "trusted_proxies", "sequence"),
        ("[sessions]\nabsolute_hours = 48", "sessions.absolute_hours", "between"),
        ("[database]\npassword = \"x\"", "database.password", "not a setting"),
    ];
    for (text, key, word) in rows {
        let Err(Faults(faults)) = load_file(text) else {
            panic!("{text} was accepted")
        };
        assert!(
            faults.iter().any(|fault| fault.key == key && fault.problem.contains(word)),
            "{text}: {faults:?}"
        );
    }
    let Faults(faults) = load_file("= nonsense").unwrap_err();
    assert!(faults[0].problem.contains("line 1"), "{faults:?}");
}

#[test]
fn everything_wrong_is_told_at_once() {
    let Faults(faults) = load(&[
        ("LANYARD_LISTEN", "x"),
        ("LANYARD_LOG_LEVEL", "loud"),
        ("LANYARD_SESSIONS_ABSOLUTE_HOURS", "99"),
    ])
    .unwrap_err();
    assert_eq!(faults.len(), 3, "{faults:?}");
}
