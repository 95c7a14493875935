//! Who is looking. The layout loads the viewer before any console page renders.

use std::sync::Arc;

use leptos::prelude::*;

use crate::domain::account::Viewer;

/// Gives the viewer to everything below.
pub fn provide_viewer(viewer: Arc<Viewer>) {
    provide_context(viewer);
}

/// The viewer. Only on console pages, which the layout shows to signed-in people alone.
///
/// # Panics
/// Outside the console layout.
pub fn use_viewer() -> Arc<Viewer> {
    expect_context::<Arc<Viewer>>()
}
