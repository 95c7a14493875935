//! Integrations: the list of connectors and a connector's own page.

mod add;
mod connector;
mod credentials;
mod danger;
mod guide;
mod list;
mod matches;
mod overview;
mod settings;
mod test;

pub use connector::ConnectorPage;
pub use list::IntegrationsPage;
