//! What the layers and handlers work with.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::extract::FromRef;
use ipnet::IpNet;
use leptos::prelude::LeptosOptions;
use tokio_util::task::TaskTracker;

use super::site::Site;
use crate::config::{Config, Limits, PublicUrl};
use crate::service::Services;

/// What the layers and handlers work with. Cheap to clone.
#[derive(Clone)]
pub struct AppState {
    /// The service layer.
    pub services: Services,
    /// What the operator set.
    pub settings: Arc<HttpSettings>,
    /// Whether new work is taken.
    pub readiness: Readiness,
    /// Work that goes on after its request was answered.
    pub background: TaskTracker,
    pub(super) options: LeptosOptions,
    pub(super) site: Option<Site>,
}

/// What the operator set, as far as this module acts on it.
#[derive(Debug, Clone)]
pub struct HttpSettings {
    /// The address under which we are reached.
    pub public_url: PublicUrl,
    /// Networks whose X-Forwarded-For is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Sizes, times and numbers that are not exceeded.
    pub limits: Limits,
    /// Where the server listens.
    pub listen: std::net::SocketAddr,
}

impl From<&Config> for HttpSettings {
    fn from(config: &Config) -> Self {
        Self {
            public_url: config.public_url.clone(),
            trusted_proxies: config.trusted_proxies.clone(),
            limits: config.limits,
            listen: config.listen,
        }
    }
}

impl AppState {
    /// Bundles the parts. Without a site, pages are rendered and their scripts and styles are missing.
    pub fn new(services: Services, settings: HttpSettings, site: Option<Site>) -> Self {
        let options = Site::options(site.as_ref(), settings.listen);
        Self {
            services,
            settings: Arc::new(settings),
            readiness: Readiness::default(),
            background: TaskTracker::new(),
            options,
            site,
        }
    }
}

impl FromRef<AppState> for LeptosOptions {
    fn from_ref(state: &AppState) -> Self {
        state.options.clone()
    }
}

/// Whether new work is taken (reliability rule R7).
#[derive(Debug, Clone, Default)]
pub struct Readiness(Arc<AtomicBool>);

impl Readiness {
    /// From now on load balancers are told to go elsewhere.
    pub fn stop(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether the end has begun.
    pub fn is_stopping(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
