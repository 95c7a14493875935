//! One page of a list, read by keyset: the cursor names the last row seen, so that page one thousand costs what page one does.

use serde::{Deserialize, Serialize};

/// Rows that one console page shows unless it asks for another number.
pub const DEFAULT_PAGE_SIZE: u32 = 50;
/// The most rows that one page may ask for.
pub const MAX_PAGE_SIZE: u32 = 200;

/// A page of a list, in the order asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Cursor of the page after this one; `None` on the last.
    pub next: Option<String>,
    /// How many rows the whole list has, where counting is affordable.
    pub total: Option<u64>,
}

impl<T> Page<T> {
    /// The same page with every row converted.
    pub fn map<U>(self, convert: impl FnMut(T) -> U) -> Page<U> {
        Page {
            items: self.items.into_iter().map(convert).collect(),
            next: self.next,
            total: self.total,
        }
    }
}

/// Direction of a sorted list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Smallest first.
    #[default]
    Ascending,
    /// Largest first.
    Descending,
}
