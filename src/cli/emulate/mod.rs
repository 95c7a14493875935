//! Entra in a box: plays Microsoft Entra ID's provisioning calls against a SCIM server and checks every answer.
//!
//! The calls are those of a real tenant: the connection test, the initial cycle, incremental changes in both PATCH
//! dialects, disabling, restoring, deleting, the probes of the app gallery's validator, lost and repeated requests. The
//! result is a score card. The sample tenant is a pure function of a seed, so a run can be repeated exactly.
//!
//! | file | what it holds |
//! |---|---|
//! | `args`, `error`, `score` | command line, reasons to stop, the score card |
//! | `directory`, `names`, `dice` | the sample tenant |
//! | `dialect`, `bodies`, `plan` | request bodies |
//! | `client`, `answer` | HTTP as Entra speaks it |
//! | `job`, `links` | one provisioning job and what it remembers |
//! | `cycle`, `incremental` | the initial cycle and single changes; also used to fill a demonstration |
//! | `expect`, `compare` | checking answers |
//! | `scenarios` | the scored scenarios |
//! | `ambient` | the only readings of clock and randomness |
//!
//! To provision while somebody watches, without a score: make an [`EntraClient`] with a rate, a [`Directory`] and a
//! [`Job`], run an [`InitialCycle`], then apply what [`Drift`] proposes with [`incremental::apply`].

pub mod ambient;
pub mod answer;
pub mod args;
pub mod bodies;
pub mod client;
pub mod compare;
pub mod cycle;
pub mod dialect;
pub mod dice;
pub mod directory;
pub mod error;
pub mod expect;
pub mod incremental;
pub mod job;
pub mod links;
pub mod names;
pub mod plan;
pub mod scenarios;
pub mod score;

use std::sync::Mutex;

pub use args::{DialectChoice, EmulateEntraArgs};
pub use bodies::Mapping;
pub use client::{EntraClient, http_client};
pub use cycle::InitialCycle;
pub use dialect::Dialect;
pub use directory::{Directory, DirectoryOptions, SourceGroup, SourceUser};
pub use error::EmulateError;
pub use incremental::{Change, Drift};
pub use job::{Job, Recorder, Relay, Stage};
pub use links::Links;
pub use scenarios::Scenario;
pub use score::{CheckResult, ScoreCard, ScoreLine};

use ambient::Stopwatch;

/// Plays the scenarios asked for with an HTTP client of its own. `progress` sees every check as it is made.
///
/// # Errors
/// If the run could not start or had to stop; wrong answers are failed checks on the score card instead.
pub async fn run(args: &EmulateEntraArgs, progress: impl FnMut(&CheckResult) + Send) -> Result<ScoreCard, EmulateError> {
    run_with(args, http_client()?, progress).await
}

/// The same with an HTTP client that the caller has made.
///
/// # Errors
/// As [`run`].
pub async fn run_with(
    args: &EmulateEntraArgs,
    http: reqwest::Client,
    progress: impl FnMut(&CheckResult) + Send,
) -> Result<ScoreCard, EmulateError> {
    if args.scenarios.iter().any(|name| name == "list") {
        let listing = Scenario::ALL.into_iter().map(Scenario::info).collect();
        return Ok(ScoreCard {
            listing: Some(listing),
            ..ScoreCard::default()
        });
    }
    let scenarios = chosen(args)?;
    let watch = Stopwatch::start();
    let client = EntraClient::new(http, &args.url, &args.token, args.rate)?;
    let fresh = args.seed.unwrap_or_else(ambient::fresh_seed);
    let (links, seed) = match &args.state {
        Some(path) => Links::open(path, args.seed, fresh)?,
        None => (Links::in_memory(), fresh),
    };
    let directory = Directory::sample(seed, args.users, args.groups);
    let card = ScoreCard {
        url: client.base().to_string(),
        seed,
        users: directory.users.len(),
        groups: directory.groups.len(),
        ..ScoreCard::default()
    };
    let tally = Tally(Mutex::new((card, progress)));
    let job = Job::new(client, Mapping::new(&args.folders_extension), links, args.concurrency, &tally);
    for scenario in scenarios {
        scenario.play(&job, &directory, args.dialect.dialects()).await?;
    }
    let (requests, throttled) = (job.client.requests(), job.client.throttled());
    drop(job);
    let (mut card, _) = tally.0.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    card.requests = requests;
    card.throttled = throttled;
    card.duration_ms = watch.millis();
    Ok(card)
}

/// Keeps the score and passes every check on.
struct Tally<F>(Mutex<(ScoreCard, F)>);

impl<F: FnMut(&CheckResult) + Send> Recorder for Tally<F> {
    fn record(&self, result: &CheckResult) {
        let mut inner = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let (card, progress) = &mut *inner;
        card.record(result);
        progress(result);
    }
}

/// The scenarios to play, in their own order. Whoever names some gets the cleaning up as well, unless `--keep` is given.
fn chosen(args: &EmulateEntraArgs) -> Result<Vec<Scenario>, EmulateError> {
    let mut named = Vec::new();
    for name in &args.scenarios {
        named.push(Scenario::find(name).ok_or_else(|| EmulateError::UnknownScenario(name.clone()))?);
    }
    let is_wanted = |scenario: &Scenario| match scenario {
        Scenario::Cleanup => !args.keep || named.contains(scenario),
        _ => named.is_empty() || named.contains(scenario),
    };
    Ok(Scenario::ALL.into_iter().filter(is_wanted).collect())
}
