//! The command line: for whoever runs an installation, and for scripts (`--json`: exactly one JSON object on standard output).
//!
//! Each command opens the installation, builds a context that acts as the command line, calls one service function and prints
//! the result. Exit codes: 0 done, 1 failed, 2 wrong usage or configuration.
//!
//! | file | what it holds |
//! |---|---|
//! | `startup`, `master_key`, `private_files` | opening the installation. Nobody else here knows the store, but `migrate`, `check`, `backup` and `restore`, whose subject is the database itself |
//! | `output`, `failure`, `logging` | what is printed where |
//! | `serve`, `schedule`, `demo` | the server, what it does by itself, the demonstration |
//! | `check`, `backup`, `restore`, `rekey`, `audit`, `accounts`, `organisations`, `connectors` | the other commands |
//! | `emulate` | Entra in a box |

mod accounts;
mod arguments;
mod audit;
mod backup;
mod check;
mod connectors;
mod demo;
pub mod emulate;
mod failure;
mod logging;
mod master_key;
mod organisations;
mod output;
mod private_files;
mod rekey;
mod restore;
mod schedule;
mod serve;
mod startup;

use std::process::ExitCode;

use clap::Parser;

use self::arguments::{Arguments, AuditCommand, Command, ConnectorCommand, EmulateCommand, OrgCommand};
use self::failure::Failure;
use self::output::Output;
use crate::config::{Config, LogFormat, Sources};

/// Runs the command that the process was started with.
pub fn run() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return failure::usage(&error),
    };
    let output = Output::new(arguments.is_json());
    if let Err(error) = private_memory() {
        return output.fail(&Failure::failed(format!("core dumps cannot be switched off: {error}")));
    }
    // Every TLS connection of this process uses it; installed twice it stays the first.
    drop(rustls::crypto::ring::default_provider().install_default());
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return output.fail(&Failure::failed(format!("the runtime cannot be started: {error}"))),
    };
    match runtime.block_on(dispatch(arguments, &output)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => output.fail(&failure),
    }
}

/// What is in memory, the master key among it, is written to no file when the process crashes, and no other process of the same
/// user can look at it (security rule S48). The limit alone would not do: it does not bind a program that the system hands core
/// dumps to.
fn private_memory() -> rustix::io::Result<()> {
    use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};
    let none = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    setrlimit(Resource::Core, none)?;
    set_dumpable_behavior(DumpableBehavior::NotDumpable)
}

async fn dispatch(arguments: Arguments, output: &Output) -> Result<(), Failure> {
    if let Command::Emulate {
        command: EmulateCommand::Entra(entra),
    } = &arguments.command
    {
        logging::start("warn", LogFormat::Text);
        return play_entra(entra, output).await;
    }
    let loaded = Config::load(&Sources::of_process(arguments.config.clone(), arguments.flags()));
    if let Command::Check = &arguments.command {
        logging::start("error", LogFormat::Text);
        return check::run(loaded, output).await;
    }
    let config = loaded?;
    match &arguments.command {
        Command::Serve { .. } => logging::start(&config.log_level, config.log_format),
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
        | Command::Emulate { .. } => logging::start("warn", LogFormat::Text),
    }
    match arguments.command {
        Command::Serve { demo: true, .. } => demo::run(config, output).await,
        Command::Serve { demo: false, .. } => serve::run(&config, output, None).await,
        Command::Migrate => organisations::migrate(&config, output).await,
        Command::SetupLink => accounts::setup_link(&config, output).await,
        Command::RecoverAccount { email, org } => accounts::recover(&config, output, &email, org.as_deref()).await,
        Command::Backup { file } => backup::run(&config, output, &file).await,
        Command::Restore { file } => restore::run(&config, output, &file).await,
        Command::Rekey => rekey::run(&config, output).await,
        Command::Audit {
            command: AuditCommand::Verify,
        } => audit::verify(&config, output).await,
        Command::Org {
            command: OrgCommand::Create {
                name,
                enterprise_toolkit,
            },
        } => organisations::create(&config, output, &name, enterprise_toolkit).await,
        Command::Org {
            command: OrgCommand::List,
        } => organisations::list(&config, output).await,
        Command::Connector {
            command: ConnectorCommand::Create { org, kind, name },
        } => connectors::create(&config, output, &org, kind.into(), name.as_deref()).await,
        Command::Connector {
            command: ConnectorCommand::List { org },
        } => connectors::list(&config, output, &org).await,
        Command::Connector {
            command:
                ConnectorCommand::Rotate {
                    org,
                    connector,
                    overlap_hours,
                },
        } => connectors::rotate(&config, output, &org, &connector, overlap_hours).await,
        // Both need no valid configuration and were run before it was asked for.
        Command::Check | Command::Emulate { .. } => Ok(()),
    }
}

async fn play_entra(entra: &emulate::EmulateEntraArgs, output: &Output) -> Result<(), Failure> {
    let card = emulate::run(entra, |_| {}).await?;
    output.print(&card, || card.to_string());
    if card.failed == 0 { Ok(()) } else { Err(Failure::Silent) }
}
