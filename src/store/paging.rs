//! Keyset cursors: the sort value and id of the last row shown, encoded for a URL.
//!
//! A cursor is parsed into typed values and only ever bound, so that a forged one can at most begin a page elsewhere in a
//! list that its sender may read anyway.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use sea_orm::prelude::Uuid;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// The place after which a page begins.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(in crate::store) struct Position<K> {
    /// Sort value of the last row shown.
    pub key: K,
    /// Its id, which tells equal sort values apart.
    pub id: Uuid,
}

impl<K: Serialize + DeserializeOwned> Position<K> {
    /// Text for a URL.
    pub fn encode(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(serde_json::to_vec(self).unwrap_or_default())
    }

    /// The position that a text names; none when it names none, which starts the list at its beginning.
    pub fn decode(text: Option<&str>) -> Option<Self> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text?).ok()?;
        serde_json::from_slice(&bytes).ok()
    }
}

/// How many rows there are in all, where a page by position tells: one that is not full is the last, and what came before it and
/// what is on it is all there is.
pub(in crate::store) fn total_from(rows: usize, start: u64, limit: u64) -> Option<u64> {
    let rows = rows as u64;
    let is_last = (rows > 0 && rows < limit) || (start == 0 && limit > 0 && rows == 0);
    is_last.then_some(start + rows)
}

/// Takes the row that was read beyond the page away and tells whether there was one.
pub(in crate::store) fn cut<T>(rows: &mut Vec<T>, limit: u32) -> bool {
    let limit = limit as usize;
    let more = rows.len() > limit;
    rows.truncate(limit);
    more
}
