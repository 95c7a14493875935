mod accounts;
mod audit;
mod authority;
mod logins;
mod provisioning;
mod sessions;
mod setup;
mod users;
