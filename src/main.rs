//! The program `lanyard`.

use std::process::ExitCode;

fn main() -> ExitCode {
    lanyard::cli::run()
}
