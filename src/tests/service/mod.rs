mod accounts;
mod audit;
mod authority;
mod provisioning;
mod sessions;
mod setup;
mod users;
