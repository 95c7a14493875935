//! How many connections each address has.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use ipnet::IpNet;

use crate::domain::network::network_of;

/// Counts connections of each address. Listed proxies speak for many and are not counted.
#[derive(Clone)]
pub(super) struct Addresses {
    most: usize,
    exempt: Arc<[IpNet]>,
    counts: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

/// The place of one connection; dropping it gives the place back.
pub(super) struct Turn(Option<(Addresses, IpAddr)>);

impl Addresses {
    pub fn new(most: usize, exempt: Vec<IpNet>) -> Self {
        Self {
            most,
            exempt: exempt.into(),
            counts: Arc::default(),
        }
    }

    /// A place for one more connection, if this address may have it.
    pub fn admit(&self, address: IpAddr) -> Option<Turn> {
        let address = address.to_canonical();
        if self.exempt.iter().any(|network| network.contains(&address)) {
            return Some(Turn(None));
        }
        let key = network_of(address);
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(key).or_insert(0);
        if *count >= self.most {
            return None;
        }
        *count += 1;
        Some(Turn(Some((self.clone(), key))))
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if let Some((addresses, key)) = &self.0 {
            let mut counts = addresses.counts.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(count) = counts.get_mut(key) {
                *count = count.saturating_sub(1);
                if *count == 0 {
                    counts.remove(key);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s54_an_address_has_so_many_connections() {
        let addresses = Addresses::new(2, vec!["10.0.0.0/8".parse().unwrap()]);
        let admit = |text: &str| addresses.admit(text.parse().unwrap());
        let one = admit("192.0.2.1");
        let _two = admit("::ffff:192.0.2.1");
        assert!(one.is_some() && admit("192.0.2.1").is_none());
        assert!(admit("192.0.2.2").is_some());
        drop(one);
        assert!(admit("192.0.2.1").is_some());
        let _proxies: Vec<_> = (0..10).map(|_| admit("10.1.2.3").unwrap()).collect();
        let (_a, _b) = (admit("2001:db8::1").unwrap(), admit("2001:db8::2").unwrap());
        assert!(admit("2001:db8::3").is_none() && admit("2001:db8:0:1::3").is_some());
    }

    #[test]
    fn addresses_that_have_gone_are_forgotten() {
        let addresses = Addresses::new(2, Vec::new());
        drop(addresses.admit("192.0.2.1".parse().unwrap()));
        assert!(addresses.counts.lock().unwrap().is_empty());
    }
}
