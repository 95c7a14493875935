//! Which source a value comes from, and settings that do not exist.

use std::path::PathBuf;

use config::{ConfigError, File, FileFormat, Value, ValueKind};

use super::sections::Written;
use super::{DEFAULTS, Fault, Faults};

/// What every variable of ours begins with.
const PREFIX: &str = "LANYARD_";
/// The variable that names the file.
const FILE_VARIABLE: &str = "LANYARD_CONFIG";

/// Where settings are read from.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// The file that a flag names; LANYARD_CONFIG is asked when there is none.
    pub file: Option<PathBuf>,
    /// The environment.
    pub environment: Vec<(String, String)>,
    /// Settings that flags set, by their names.
    pub flags: Vec<(&'static str, String)>,
}

impl Sources {
    /// The environment of this process. Variables that are not text are none of ours.
    pub fn of_process(file: Option<PathBuf>, flags: Vec<(&'static str, String)>) -> Self {
        let text =
            |(name, value): (std::ffi::OsString, std::ffi::OsString)| Some((name.into_string().ok()?, value.into_string().ok()?));
        Self {
            file,
            environment: std::env::vars_os().filter_map(text).collect(),
            flags,
        }
    }
}

/// The settings as written, and where each comes from when it is not compiled in.
pub(super) struct Layered {
    pub written: Written,
    /// All names, top level first and then by section.
    pub names: Vec<String>,
    /// `(name, source)` for those that were set.
    pub origins: Vec<(String, String)>,
    /// All values as text.
    pub values: Vec<(String, String)>,
}

/// Reads all sources and refuses names that do not exist.
pub(super) fn read(sources: &Sources) -> Result<Layered, Faults> {
    let names = names_of(DEFAULTS).map_err(|problem| Fault::new("default.toml", problem))?;
    let mut faults = Vec::new();
    let mut origins: Vec<(String, String)> = Vec::new();
    let mut builder = config::Config::builder().add_source(File::from_str(DEFAULTS, FileFormat::Toml));

    let of_variable = sources
        .environment
        .iter()
        .find(|(name, value)| name == FILE_VARIABLE && !value.is_empty());
    let file = sources
        .file
        .clone()
        .or_else(|| of_variable.map(|(_, value)| PathBuf::from(value)));
    if let Some(path) = file {
        let shown = path.display().to_string();
        let text = std::fs::read_to_string(&path).map_err(|error| Fault::new(&shown, format!("cannot be read: {error}")))?;
        for name in names_of(&text).map_err(|problem| Fault::new(&shown, problem))? {
            if names.contains(&name) {
                origins.push((name, shown.clone()));
            } else {
                faults.push(Fault::new(
                    &name,
                    format!("in {shown} is not a setting{}", suggestion(&name, &names)),
                ));
            }
        }
        builder = builder.add_source(File::from_str(&text, FileFormat::Toml));
    }

    let variables: Vec<String> = names.iter().map(|name| variable_of(name)).collect();
    let mut set = Vec::new();
    for (variable, value) in &sources.environment {
        if !variable.starts_with(PREFIX) || variable == FILE_VARIABLE || belongs_to_another(variable) {
            continue;
        }
        match names.iter().zip(&variables).find(|(_, known)| *known == variable) {
            Some((name, _)) => set.push((name.clone(), value.clone(), variable.clone())),
            None => faults.push(Fault::new(
                variable,
                format!("is not a setting{}", suggestion(variable, &variables)),
            )),
        }
    }
    set.extend(sources.flags.iter().map(|(name, value)| {
        (
            (*name).to_owned(),
            value.clone(),
            format!("--{}", name.replace(['.', '_'], "-")),
        )
    }));
    for (name, value, origin) in set {
        // What a list is made of is separated by commas, because a variable has no better way.
        let kind = if name == "trusted_proxies" {
            let parts = value.split(',').map(str::trim).filter(|part| !part.is_empty());
            ValueKind::Array(
                parts
                    .map(|part| Value::new(Some(&origin), ValueKind::String(part.to_owned())))
                    .collect(),
            )
        } else {
            ValueKind::String(value)
        };
        builder = builder
            .set_override(&name, Value::new(Some(&origin), kind))
            .map_err(|error| fault_of(&error))?;
        origins.retain(|(of, _)| *of != name);
        origins.push((name, origin));
    }
    if !faults.is_empty() {
        return Err(Faults(faults));
    }
    let built = builder.build().map_err(|error| fault_of(&error))?;
    let values = names.iter().map(|name| (name.clone(), text_of(&built, name))).collect();
    let written = built.try_deserialize::<Written>().map_err(|error| fault_of(&error))?;
    Ok(Layered {
        written,
        names,
        origins,
        values,
    })
}

/// Names of all values of a TOML text, `section.key`.
fn names_of(text: &str) -> Result<Vec<String>, String> {
    let table: toml::Table = text.parse().map_err(|error: toml::de::Error| {
        // The line is enough: the text around it may hold a secret.
        let line = error
            .span()
            .and_then(|span| text.get(..span.start))
            .map_or(1, |before| before.matches('\n').count() + 1);
        format!("is not TOML (line {line}: {})", error.message())
    })?;
    let mut names = Vec::new();
    let mut sections = Vec::new();
    for (name, value) in table {
        match value {
            toml::Value::Table(section) => sections.push((name, section)),
            toml::Value::String(_)
            | toml::Value::Integer(_)
            | toml::Value::Float(_)
            | toml::Value::Boolean(_)
            | toml::Value::Datetime(_)
            | toml::Value::Array(_) => names.push(name),
        }
    }
    for (section, values) in sections {
        names.extend(values.keys().map(|name| format!("{section}.{name}")));
    }
    Ok(names)
}

fn variable_of(name: &str) -> String {
    format!("{PREFIX}{}", name.replace('.', "_").to_uppercase())
}

/// Variables with our prefix that others set: Kubernetes for a service named `lanyard` (service links), the emulator's
/// command line, and the tools that build and test.
fn belongs_to_another(variable: &str) -> bool {
    let rest = variable.strip_prefix(PREFIX).unwrap_or_default();
    rest == "PORT"
        || ["PORT_", "SERVICE_", "EMULATE_", "E2E_", "TEST_"]
            .iter()
            .any(|prefix| rest.starts_with(prefix))
        || ["BIN", "CACHE", "CHROMIUM"].contains(&rest)
}

/// The name that was probably meant.
fn suggestion(wrong: &str, known: &[String]) -> String {
    let last = |name: &str| name.rsplit('.').next().unwrap_or_default().to_owned();
    let closest = known.iter().map(|name| (distance(wrong, name), name)).min();
    let same_key = known.iter().find(|name| last(name) == last(wrong));
    match (same_key, closest) {
        (Some(name), _) => format!("; perhaps {name} is meant"),
        (None, Some((distance, name))) if distance <= 3 => format!("; perhaps {name} is meant"),
        (None, _) => String::new(),
    }
}

/// How many letters are to be changed to make one word of the other (Levenshtein).
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (index, left) in one.chars().enumerate() {
        let mut next = vec![index + 1];
        for ((right, above_left), above) in other.iter().zip(&row).zip(row.iter().skip(1)) {
            let beside = next.last().copied().unwrap_or_default();
            next.push((above_left + usize::from(left != *right)).min(above + 1).min(beside + 1));
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

fn text_of(built: &config::Config, name: &str) -> String {
    if let Ok(list) = built.get_array(name) {
        let parts: Vec<String> = list.into_iter().filter_map(|value| value.into_string().ok()).collect();
        return parts.join(", ");
    }
    built.get_string(name).unwrap_or_default()
}

/// The reader's own errors, worded like ours. They quote a value of the wrong type, so that those of secrets are left out.
fn fault_of(error: &ConfigError) -> Fault {
    match error {
        ConfigError::Type {
            origin,
            unexpected,
            expected,
            key,
        } => {
            let key = key.clone().unwrap_or_else(|| "a setting".to_owned());
            let from = origin.as_deref().map(|origin| format!(" in {origin}")).unwrap_or_default();
            let found = if super::show::is_secret(&key) {
                String::new()
            } else {
                format!(", not {unexpected}")
            };
            Fault::new(key, format!("{from} must be {expected}{found}").trim_start())
        }
        ConfigError::At { error, key, .. } => {
            let inner = fault_of(error);
            Fault::new(key.clone().unwrap_or(inner.key), inner.problem)
        }
        ConfigError::NotFound(key) => Fault::new(key, "is missing"),
        other => Fault::new("the configuration", format!("cannot be read: {other}")),
    }
}
