//! The score card: every check that was made, grouped, with the details of those that failed.

use std::fmt;

use serde::Serialize;

use super::dialect::Dialect;
use super::scenarios::ScenarioInfo;

/// Failures kept per line of the score card; the rest is only counted.
const KEPT_FAILURES: usize = 5;

/// One check on one answer.
#[derive(Debug, Clone, Serialize)]
pub struct CheckResult {
    /// Scenario it belongs to.
    pub scenario: &'static str,
    /// Dialect that was spoken; none where it makes no difference.
    pub dialect: Option<Dialect>,
    /// What was checked.
    pub check: String,
    /// Whether the answer was right.
    pub passed: bool,
    /// What was wrong; empty if nothing.
    pub detail: String,
    /// The request that was answered wrongly, or the last one.
    pub request: String,
    /// Status of that answer; 0 if none arrived.
    pub status: u16,
    /// The server's name for that request, if it gave one.
    pub request_id: Option<String>,
    /// Time the requests of this check took, in milliseconds.
    pub duration_ms: f64,
}

/// All results of one check, which may be made once per user.
#[derive(Debug, Clone, Serialize)]
pub struct ScoreLine {
    /// Scenario.
    pub scenario: &'static str,
    /// Dialect, where it makes a difference.
    pub dialect: Option<Dialect>,
    /// What was checked.
    pub check: String,
    /// How often the answer was right.
    pub passed: u64,
    /// How often it was wrong.
    pub failed: u64,
    /// Time of all requests together, in milliseconds.
    pub duration_ms: f64,
    /// The first failures.
    pub failures: Vec<CheckResult>,
}

/// The outcome of a run.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ScoreCard {
    /// SCIM base address.
    pub url: String,
    /// Seed of the sample tenant; `--seed` repeats it.
    pub seed: u64,
    /// Users in the sample tenant.
    pub users: usize,
    /// Groups in the sample tenant.
    pub groups: usize,
    /// Checks that passed.
    pub passed: u64,
    /// Checks that failed.
    pub failed: u64,
    /// Requests sent.
    pub requests: u64,
    /// Answers 429, which were waited out.
    pub throttled: u64,
    /// Time from start to end, in milliseconds.
    pub duration_ms: f64,
    /// All checks in the order in which they were first made.
    pub lines: Vec<ScoreLine>,
    /// The scenarios there are, if only that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub listing: Option<Vec<ScenarioInfo>>,
}

impl ScoreCard {
    /// Whether something was checked and everything was right.
    #[must_use]
    pub fn is_perfect(&self) -> bool {
        self.listing.is_some() || (self.failed == 0 && self.passed > 0)
    }

    /// Adds one result.
    pub fn record(&mut self, result: &CheckResult) {
        let same =
            |line: &ScoreLine| line.scenario == result.scenario && line.dialect == result.dialect && line.check == result.check;
        let index = self.lines.iter().position(same).unwrap_or_else(|| {
            self.lines.push(ScoreLine {
                scenario: result.scenario,
                dialect: result.dialect,
                check: result.check.clone(),
                passed: 0,
                failed: 0,
                duration_ms: 0.0,
                failures: Vec::new(),
            });
            self.lines.len() - 1
        });
        let Some(line) = self.lines.get_mut(index) else { return };
        line.duration_ms += result.duration_ms;
        if result.passed {
            self.passed += 1;
            line.passed += 1;
        } else {
            self.failed += 1;
            line.failed += 1;
            if line.failures.len() < KEPT_FAILURES {
                line.failures.push(result.clone());
            }
        }
    }

    /// All failures that were kept.
    pub fn failures(&self) -> impl Iterator<Item = &CheckResult> {
        self.lines.iter().flat_map(|line| line.failures.iter())
    }
}

/// One row per scenario and dialect, and every check that failed; `{:#}` shows those that passed as well.
impl fmt::Display for ScoreCard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(listing) = &self.listing {
            for info in listing {
                writeln!(f, "{:<18} {}", info.name, info.about)?;
            }
            return Ok(());
        }
        writeln!(f, "Entra in a box against {}", self.url)?;
        writeln!(f, "{} users, {} groups, --seed {}", self.users, self.groups, self.seed)?;
        writeln!(
            f,
            "\n        {:<18} {:<8} {:>11} {:>10}",
            "scenario", "dialect", "passed", "time"
        )?;
        for (index, line) in self.lines.iter().enumerate() {
            let is_first = index
                .checked_sub(1)
                .and_then(|before| self.lines.get(before))
                .is_none_or(|before| !before.is_of(line));
            if is_first {
                self.write_round(f, line)?;
            }
            if line.failed > 0 || f.alternate() {
                write_line(f, line)?;
            }
        }
        let total = self.passed + self.failed;
        writeln!(f, "\n{} of {total} checks passed, {} failed", self.passed, self.failed)?;
        write!(f, "{} requests in {}", self.requests, seconds(self.duration_ms))?;
        if self.throttled > 0 {
            write!(f, ", {} of them answered 429 and sent again", self.throttled)?;
        }
        writeln!(f)
    }
}

impl ScoreLine {
    /// Whether both belong to one scenario in one dialect.
    fn is_of(&self, other: &Self) -> bool {
        self.scenario == other.scenario && self.dialect == other.dialect
    }
}

impl ScoreCard {
    /// The sum of one scenario in one dialect.
    fn write_round(&self, f: &mut fmt::Formatter<'_>, first: &ScoreLine) -> fmt::Result {
        let round = || self.lines.iter().filter(|line| line.is_of(first));
        let passed: u64 = round().map(|line| line.passed).sum();
        let failed: u64 = round().map(|line| line.failed).sum();
        let time: f64 = round().map(|line| line.duration_ms).sum();
        let mark = if failed == 0 { "ok" } else { "FAILED" };
        let dialect = first.dialect.map_or("", Dialect::name);
        let count = format!("{passed}/{}", passed + failed);
        writeln!(
            f,
            "{mark:<7} {:<18} {dialect:<8} {count:>11} {:>10}",
            first.scenario,
            seconds(time)
        )
    }
}

fn write_line(f: &mut fmt::Formatter<'_>, line: &ScoreLine) -> fmt::Result {
    let mark = if line.failed == 0 { "+" } else { "-" };
    writeln!(
        f,
        "        {mark} {} ({} of {})",
        line.check,
        line.passed,
        line.passed + line.failed
    )?;
    for failure in &line.failures {
        let status = if failure.status == 0 {
            "no answer".to_owned()
        } else {
            failure.status.to_string()
        };
        writeln!(f, "            {} -> {status}", failure.request)?;
        writeln!(f, "            {}", failure.detail)?;
        if let Some(id) = &failure.request_id {
            writeln!(f, "            request id {id}")?;
        }
    }
    Ok(())
}

fn seconds(millis: f64) -> String {
    if millis < 10_000.0 {
        format!("{millis:.0} ms")
    } else {
        format!("{:.1} s", millis / 1000.0)
    }
}
