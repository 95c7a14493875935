//! What `lanyard emulate entra` understands on the command line.

use std::path::PathBuf;

use super::dialect::Dialect;

/// Which of Entra's two PATCH dialects is spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum DialectChoice {
    /// As without a flag on the Tenant URL: `Add`, `"True"`, one operation per attribute.
    Legacy,
    /// As with `?aadOptscim062020`: `add`, `true`, operations without a path.
    Flag,
    /// One after the other; a real tenant can send both, because on-demand provisioning ignores the flag.
    #[default]
    Both,
}

impl DialectChoice {
    /// The dialects to play, in order.
    #[must_use]
    pub fn dialects(self) -> &'static [Dialect] {
        match self {
            Self::Legacy => &[Dialect::Legacy],
            Self::Flag => &[Dialect::Flag],
            Self::Both => &[Dialect::Legacy, Dialect::Flag],
        }
    }
}

/// Play Microsoft Entra ID's provisioning calls against a SCIM server and check every answer.
#[derive(Clone, clap::Args)]
pub struct EmulateEntraArgs {
    /// SCIM base address, as an administrator types it into "Tenant URL" (`?aadOptscim062020` at the end is allowed)
    #[arg(long, env = "LANYARD_EMULATE_URL", default_value = "", hide_default_value = true)]
    pub url: String,

    /// The "Secret Token"
    #[arg(
        long,
        env = "LANYARD_EMULATE_TOKEN",
        hide_env_values = true,
        default_value = "",
        hide_default_value = true
    )]
    pub token: String,

    /// Users in the sample tenant
    #[arg(long, default_value_t = 20)]
    pub users: usize,

    /// Groups in the sample tenant
    #[arg(long, default_value_t = 3)]
    pub groups: usize,

    /// PATCH dialect
    #[arg(long, value_enum, default_value_t = DialectChoice::Both)]
    pub dialect: DialectChoice,

    /// Play only this scenario (repeatable); `list` prints them all
    #[arg(long = "scenario", value_name = "NAME")]
    pub scenarios: Vec<String>,

    /// Seed of the sample tenant; the same seed gives the same people. Default: a new one each time
    #[arg(long)]
    pub seed: Option<u64>,

    /// Print the score card as JSON
    #[arg(long)]
    pub json: bool,

    /// Name in the URN of the folders extension
    #[arg(long, value_name = "NAME", default_value = "CustomExtensionName")]
    pub folders_extension: String,

    /// Do not delete what was made
    #[arg(long)]
    pub keep: bool,

    /// Requests per second, 0 for no limit
    #[arg(long, default_value_t = 0.0, value_name = "REQUESTS_PER_SECOND")]
    pub rate: f64,

    /// Requests in flight at once
    #[arg(long, default_value_t = 4)]
    pub concurrency: usize,

    /// Remember here which source object became which SCIM id, so that a later run goes on where this one stopped
    #[arg(long, value_name = "FILE")]
    pub state: Option<PathBuf>,
}

impl EmulateEntraArgs {
    /// The defaults of the command line, for tests and other callers in the same process.
    #[must_use]
    pub fn new(url: impl Into<String>, token: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            token: token.into(),
            users: 20,
            groups: 3,
            dialect: DialectChoice::Both,
            scenarios: Vec::new(),
            seed: None,
            json: false,
            folders_extension: "CustomExtensionName".to_owned(),
            keep: false,
            rate: 0.0,
            concurrency: 4,
            state: None,
        }
    }
}
