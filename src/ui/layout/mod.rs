//! The frame around the pages: who is looking decides what is in it.

mod frame;
mod keyboard;
mod palette;
mod public;
mod side;
mod switches;

pub use frame::ConsoleLayout;
pub use public::PublicLayout;
