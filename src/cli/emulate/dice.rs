//! A small deterministic generator (SplitMix64): the same seed gives the same sample tenant on every machine and version.

use uuid::Uuid;

/// Pseudo-random numbers for sample data. Not for secrets.
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// A sequence that depends only on `seed`.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A sequence of its own for item `index` of `kind`, so that a larger tenant begins with the same objects as a smaller one.
    #[must_use]
    pub fn for_item(seed: u64, kind: u64, index: usize) -> Self {
        let mut dice = Self(seed ^ kind.rotate_left(32));
        let base = dice.roll();
        Self(base ^ (index as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15))
    }

    /// The next 64 bits.
    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `bound`; zero when `bound` is zero.
    pub fn below(&mut self, bound: usize) -> usize {
        if bound == 0 {
            return 0;
        }
        // The remainder is below `bound`, so it fits.
        usize::try_from(self.roll() % bound as u64).unwrap_or(0)
    }

    /// True once in `n` throws on average.
    pub fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    /// One of `items`; an empty text if there are none.
    pub fn pick<'a>(&mut self, items: &[&'a str]) -> &'a str {
        let index = self.below(items.len());
        items.get(index).copied().unwrap_or_default()
    }

    /// A GUID as Entra makes them (version 4).
    pub fn uuid(&mut self) -> Uuid {
        let mut bytes = [0u8; 16];
        bytes[..8].copy_from_slice(&self.roll().to_be_bytes());
        bytes[8..].copy_from_slice(&self.roll().to_be_bytes());
        uuid::Builder::from_random_bytes(bytes).into_uuid()
    }
}
