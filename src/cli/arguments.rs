//! What the command line understands.

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};

use super::emulate::EmulateEntraArgs;
use crate::domain::connector::ConnectorKind;

/// Identity admin console: SCIM provisioning, sign-in and user management for SaaS vendors.
#[derive(Parser)]
#[command(name = "lanyard", version, arg_required_else_help = true)]
pub(super) struct Arguments {
    /// File with settings; else LANYARD_CONFIG
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// Database; else LANYARD_DATABASE_URL, else a SQLite file in ./lanyard-data
    #[arg(long, global = true, value_name = "URL")]
    pub database_url: Option<String>,

    /// Address under which browsers and directories reach the server; else LANYARD_PUBLIC_URL
    #[arg(long, global = true, value_name = "URL")]
    pub public_url: Option<String>,

    /// Print one JSON object
    #[arg(long, global = true)]
    pub json: bool,

    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand)]
pub(super) enum Command {
    /// Run the server
    Serve {
        /// Show everything with a sample organisation and a simulated Entra, in a folder that is thrown away at the end
        #[arg(long)]
        demo: bool,
        /// Where to listen; else LANYARD_LISTEN
        #[arg(long, value_name = "ADDRESS")]
        listen: Option<String>,
    },
    /// Bring the database schema up to date
    Migrate,
    /// Print the one-time link by which the first operator is made
    SetupLink,
    /// Print a one-time link by which an operator or administrator sets a new password
    RecoverAccount {
        /// The account's e-mail address
        email: String,
        /// Id of the organisation, where several have an account of this address
        #[arg(long, value_name = "ID")]
        org: Option<String>,
    },
    /// Show the settings in force and what is wrong with them
    Check,
    /// Copy the SQLite database to a file, while it is in use
    Backup {
        /// The file, which must not exist
        file: PathBuf,
    },
    /// Put a copy in the place of a SQLite database that is not there
    Restore {
        /// The copy
        file: PathBuf,
    },
    /// Exchange the master key while servers run; run again to go on after an interruption
    Rekey,
    /// The audit log
    Audit {
        #[command(subcommand)]
        command: AuditCommand,
    },
    /// Organisations
    Org {
        #[command(subcommand)]
        command: OrgCommand,
    },
    /// Connectors of an organisation
    Connector {
        #[command(subcommand)]
        command: ConnectorCommand,
    },
    /// Play a directory
    Emulate {
        #[command(subcommand)]
        command: EmulateCommand,
    },
}

#[derive(Subcommand)]
pub(super) enum AuditCommand {
    /// Check every chain from its first row to its signed end
    Verify,
}

#[derive(Subcommand)]
pub(super) enum OrgCommand {
    /// Make an organisation
    Create {
        /// Its name
        name: String,
        /// Let it add connectors
        #[arg(long)]
        enterprise_toolkit: bool,
    },
    /// List all organisations
    List,
}

#[derive(Subcommand)]
pub(super) enum ConnectorCommand {
    /// Make a connector and print its secret
    Create {
        /// Id of the organisation
        #[arg(long, value_name = "ID")]
        org: String,
        /// Which directory
        #[arg(long, value_enum)]
        kind: Kind,
        /// Its name; else that of the directory
        #[arg(long)]
        name: Option<String>,
    },
    /// List connectors
    List {
        /// Id of the organisation
        #[arg(long, value_name = "ID")]
        org: String,
    },
    /// Make a new secret and print it
    Rotate {
        /// Id of the organisation
        #[arg(long, value_name = "ID")]
        org: String,
        /// Id of the connector
        #[arg(long, value_name = "ID")]
        connector: String,
        /// For how many more hours the old secret works, 168 at most
        #[arg(long, value_name = "HOURS", default_value_t = 24)]
        overlap_hours: u32,
    },
}

#[derive(Subcommand)]
pub(super) enum EmulateCommand {
    /// Play Microsoft Entra ID's provisioning against a SCIM server
    Entra(EmulateEntraArgs),
}

#[derive(Clone, Copy, ValueEnum)]
pub(super) enum Kind {
    /// Microsoft Entra ID
    Entra,
    /// Okta
    Okta,
    /// Any other
    Generic,
}

impl From<Kind> for ConnectorKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Entra => Self::Entra,
            Kind::Okta => Self::Okta,
            Kind::Generic => Self::Generic,
        }
    }
}

impl Arguments {
    /// Whether one JSON object is to be printed. The emulator has the flag of its own.
    pub fn is_json(&self) -> bool {
        let own = match &self.command {
            Command::Emulate {
                command: EmulateCommand::Entra(entra),
            } => entra.json,
            Command::Serve { .. }
            | Command::Migrate
            | Command::SetupLink
            | Command::RecoverAccount { .. }
            | Command::Check
            | Command::Backup { .. }
            | Command::Restore { .. }
            | Command::Rekey
            | Command::Audit { .. }
            | Command::Org { .. }
            | Command::Connector { .. } => false,
        };
        self.json || own
    }

    /// Settings that flags set.
    pub fn flags(&self) -> Vec<(&'static str, String)> {
        let listen = match &self.command {
            Command::Serve { listen, .. } => listen.clone(),
            Command::Migrate
            | Command::SetupLink
            | Command::RecoverAccount { .. }
            | Command::Check
            | Command::Backup { .. }
            | Command::Restore { .. }
            | Command::Rekey
            | Command::Audit { .. }
            | Command::Org { .. }
            | Command::Connector { .. }
            | Command::Emulate { .. } => None,
        };
        [
            ("database.url", self.database_url.clone()),
            ("public_url", self.public_url.clone()),
            ("listen", listen),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn json_can_stand_anywhere() {
        for line in [
            &["lanyard", "--json", "org", "list"][..],
            &["lanyard", "org", "list", "--json"],
            &["lanyard", "--json", "emulate", "entra"],
            &["lanyard", "emulate", "entra", "--json"],
        ] {
            assert!(
                Arguments::try_parse_from(line).is_ok_and(|arguments| arguments.is_json()),
                "{line:?}"
            );
        }
        assert!(Arguments::try_parse_from(["lanyard", "org", "list"]).is_ok_and(|arguments| !arguments.is_json()));
    }

    #[test]
    fn recovery_can_name_the_organisation() {
        let parsed = Arguments::try_parse_from(["lanyard", "recover-account", "bob@shared.example", "--org", "1"])
            .ok()
            .unwrap();
        assert!(
            matches!(parsed.command, Command::RecoverAccount { email, org } if email == "bob@shared.example" && org.as_deref() == Some("1"))
        );
    }

    #[test]
    fn flags_are_settings() {
        let arguments = Arguments::try_parse_from([
            "lanyard",
            "serve",
            "--listen",
            "127.0.0.1:1",
            "--database-url",
            "sqlite://x.db",
        ])
        .ok()
        .unwrap();
        assert_eq!(
            arguments.flags(),
            vec![
                ("database.url", "sqlite://x.db".to_owned()),
                ("listen", "127.0.0.1:1".to_owned())
            ]
        );
    }
}
