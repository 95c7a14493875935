//! Logs: what the directories asked for, and who did what.

mod audit;
mod chain;
mod entry;
mod explain;
mod operation;
mod provisioning;
mod table;

pub use audit::AuditLogPage;
pub use entry::ProvisioningEntryPage;
pub use provisioning::ProvisioningLogPage;
pub use table::provisioning_table;
