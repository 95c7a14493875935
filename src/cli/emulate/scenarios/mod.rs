//! The scenarios: what Entra does on the wire, one file per theme.
//!
//! Each scenario makes what it needs and can be played alone. What it made is deleted by `cleanup`.

use serde::Serialize;

use super::dialect::Dialect;
use super::directory::Directory;
use super::error::EmulateError;
use super::job::{Job, Stage};

mod cleanup;
mod connection;
mod deletion;
mod discovery;
mod folders;
mod gallery;
mod groups;
mod initial;
mod lifecycle;
mod members;
mod metadata;
mod patch_rules;
mod patch_user;
mod queries;
mod retries;
mod roles;
mod rows;
mod subject;

/// Name and purpose of a scenario, for `--scenario list`.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct ScenarioInfo {
    /// Name on the command line.
    pub name: &'static str,
    /// What is played.
    pub about: &'static str,
}

/// The scenarios in the order in which they are played.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scenario {
    /// Entra's "Test connection" button.
    TestConnection,
    /// Wrong and missing tokens.
    Credentials,
    /// The first cycle over the sample tenant.
    InitialCycle,
    /// Every filter form Entra has used.
    Queries,
    /// The PATCH table, attribute by attribute.
    PatchUser,
    /// The rules behind the table.
    PatchRules,
    /// Groups: create, find, rename, delete.
    Groups,
    /// Membership changes.
    Members,
    /// The folders extension.
    Folders,
    /// The metadata extension.
    Metadata,
    /// Access roles.
    Roles,
    /// Premium and Standard.
    UserType,
    /// Rename, duplicate, disable, restore.
    Lifecycle,
    /// Delete and create again.
    Deletion,
    /// Lost answers and repeated requests.
    Retries,
    /// What the app gallery's validator asks.
    Gallery,
    /// `/Schemas`, `/ResourceTypes`, `/ServiceProviderConfig`.
    Discovery,
    /// Deletes everything that was made.
    Cleanup,
}

impl Scenario {
    /// All of them, in order.
    pub const ALL: [Self; 18] = [
        Self::TestConnection,
        Self::Credentials,
        Self::InitialCycle,
        Self::Queries,
        Self::PatchUser,
        Self::PatchRules,
        Self::Groups,
        Self::Members,
        Self::Folders,
        Self::Metadata,
        Self::Roles,
        Self::UserType,
        Self::Lifecycle,
        Self::Deletion,
        Self::Retries,
        Self::Gallery,
        Self::Discovery,
        Self::Cleanup,
    ];

    /// Name and purpose.
    #[must_use]
    pub fn info(self) -> ScenarioInfo {
        let (name, about) = match self {
            Self::TestConnection => ("test-connection", "queries for something that does not exist"),
            Self::Credentials => ("credentials", "wrong and missing tokens are refused with a SCIM error"),
            Self::InitialCycle => ("initial-cycle", "look up, create, read back; managers; groups and members"),
            Self::Queries => ("queries", "every filter form Entra has used, in every case"),
            Self::PatchUser => ("patch-user", "every row of Entra's PATCH dialects, read back"),
            Self::PatchRules => ("patch-rules", "atomicity, order, case, booleans, value paths without a match"),
            Self::Groups => ("groups", "create, find, rename and delete groups"),
            Self::Members => ("members", "add and remove members, many and in parallel"),
            Self::Folders => ("folders", "the folders extension in every shape"),
            Self::Metadata => ("metadata", "metadata keys with blanks and dots, numbers and booleans"),
            Self::Roles => ("roles", "access roles in every shape of Entra's role functions"),
            Self::UserType => ("user-type", "Premium, Standard and nothing else"),
            Self::Lifecycle => ("lifecycle", "rename, duplicate, disable, restore, assign again"),
            Self::Deletion => ("deletion", "delete, delete again, create again"),
            Self::Retries => ("retries", "lost answers, repeated and simultaneous requests"),
            Self::Gallery => ("gallery", "paging and probes of the app gallery's validator"),
            Self::Discovery => ("discovery", "/Schemas, /ResourceTypes, /ServiceProviderConfig"),
            Self::Cleanup => ("cleanup", "delete everything that was made"),
        };
        ScenarioInfo { name, about }
    }

    /// The scenario with this name.
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scenario| scenario.info().name == name)
    }

    /// Whether the dialect changes what is sent; if not, the scenario is played once.
    #[must_use]
    pub fn differs_by_dialect(self) -> bool {
        !matches!(
            self,
            Self::TestConnection
                | Self::Credentials
                | Self::InitialCycle
                | Self::Queries
                | Self::Gallery
                | Self::Discovery
                | Self::Cleanup
        )
    }

    /// Plays the scenario in every dialect asked for.
    ///
    /// # Errors
    /// If the server is gone for good or the state file cannot be written.
    pub async fn play(self, job: &Job<'_>, directory: &Directory, dialects: &[Dialect]) -> Result<(), EmulateError> {
        let name = self.info().name;
        if self == Self::InitialCycle {
            let stage = job
                .stage(name, dialects.first().copied().unwrap_or(Dialect::Flag))
                .in_any_dialect();
            return initial::play(&stage, directory, dialects).await;
        }
        let rounds = if self.differs_by_dialect() { dialects.len() } else { 1 };
        for dialect in dialects.iter().take(rounds) {
            let stage = job.stage(name, *dialect);
            let stage = if self.differs_by_dialect() {
                stage
            } else {
                stage.in_any_dialect()
            };
            self.play_once(&stage, directory).await?;
        }
        Ok(())
    }

    async fn play_once(self, stage: &Stage<'_>, directory: &Directory) -> Result<(), EmulateError> {
        match self {
            Self::TestConnection => connection::test_connection(stage).await,
            Self::Credentials => connection::credentials(stage).await,
            // Played by `play`, because it alternates between the dialects.
            Self::InitialCycle => Ok(()),
            Self::Queries => queries::play(stage, directory).await,
            Self::PatchUser => patch_user::play(stage, directory).await,
            Self::PatchRules => patch_rules::play(stage, directory).await,
            Self::Groups => groups::play(stage, directory).await,
            Self::Members => members::play(stage, directory).await,
            Self::Folders => folders::play(stage, directory).await,
            Self::Metadata => metadata::play(stage, directory).await,
            Self::Roles => roles::play(stage, directory).await,
            Self::UserType => roles::user_type(stage, directory).await,
            Self::Lifecycle => lifecycle::play(stage, directory).await,
            Self::Deletion => deletion::play(stage, directory).await,
            Self::Retries => retries::play(stage, directory).await,
            Self::Gallery => gallery::play(stage, directory).await,
            Self::Discovery => discovery::play(stage).await,
            Self::Cleanup => cleanup::play(stage, directory).await,
        }
    }
}
