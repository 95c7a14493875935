//! The record that a page's address names.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::page::{Crumb, Crumbs, LoadFailed, PageHeader};
use crate::domain::ids::InvalidId;
use crate::server_fns::{UiError, UiErrorCode};

/// The id that the address of this page ends with; none when it is no id. `parse` is the id type's own, such as `GroupId::parse`.
pub fn use_path_id<T>(parse: fn(&str) -> Result<T, InvalidId>) -> Memo<Option<T>>
where
    T: Copy + PartialEq + Send + Sync + 'static,
{
    let params = use_params_map();
    Memo::new(move |_| params.with(|params| params.get_str("id").and_then(|id| parse(id).ok())))
}

/// The id, or the error that a record of that address does not exist.
///
/// # Errors
/// [`UiErrorCode::NotFound`] when there is no id.
pub fn known<T>(id: Option<T>) -> Result<T, UiError> {
    id.ok_or(UiError::of(UiErrorCode::NotFound))
}

/// The page of a record, or under the heading of its list why it could not be loaded.
pub fn loaded_record<T>(result: Result<T, UiError>, list: Crumb, view: impl FnOnce(T) -> AnyView) -> AnyView {
    match result {
        Ok(value) => view(value),
        Err(error) => {
            // What does not exist brings its own heading; anything else stands under the one of the list.
            let head = if error.code == UiErrorCode::NotFound {
                view! { <Crumbs crumbs=vec![list]/> }.into_any()
            } else {
                let title = list.label.clone();
                view! { <PageHeader title=title crumbs=vec![list]/> }.into_any()
            };
            view! {
                {head}
                <LoadFailed error=error/>
            }
            .into_any()
        }
    }
}
