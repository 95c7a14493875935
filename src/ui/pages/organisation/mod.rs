//! The organisation: name, plan and seats, and the operator's list of all organisations.

mod billing;
mod decide;
mod general;
mod organisations;

pub use billing::BillingPage;
pub use general::GeneralPage;
pub use organisations::OrganisationsPage;
