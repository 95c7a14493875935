//! The building blocks of the console's pages. Texts come in from the catalogue: `tu_string!(i18n, area.key)` with
//! `let i18n = use_i18n();` (a change of language loads the page anew, so nothing tracks it).
//!
//! | block | use |
//! |---|---|
//! | [`Icon`] | `<Icon name="users"/>` |
//! | [`SubmitButton`] | `<SubmitButton label=text pending=action.pending() class="btn-error"/>`; other buttons are `class="btn …"` |
//! | [`Field`] | `<Field field="email" label=text error=error required=true/>` sends `input[email]`; `locked=lock_reason(…)` |
//! | [`SelectField`], [`CheckField`], [`Hidden`] | `choices=vec![Choice::new(value, label)]`; `toggle=true`; `<Hidden field="id" value=id.to_string()/>` (`field="input"` for a scalar) |
//! | [`PostAction`], [`PostForm`] | `let rename = PostAction::<RenameGroup>::new();` `<PostForm action=rename>…</PostForm>` in place of Leptos' own: all forms share their code; `rename.sent("id")` |
//! | [`action_error`], [`on_success`] | `let error = action_error(action);` `on_success(action, move \|\| toasts.done(text));` |
//! | [`FormError`] | `<FormError error=error fields=&["email"]/>`: summary; `fields` have their own input |
//! | [`UiErrorText`], [`error_text`], [`problem_text`] | one sentence for an error code |
//! | [`PageHeader`] | `<PageHeader title=text description=text crumbs=vec![Crumb::new("/groups", text)]>actions</PageHeader>`: h1 and window title |
//! | [`EmptyState`] | `<EmptyState kind=EmptyKind::Nothing title=text text=text>next step</EmptyState>` |
//! | [`load`], [`Data`] | `let group = load(move \|\| id.get(), get_group);` in place of Leptos' `Resource` |
//! | [`loaded`], [`LoadFailed`], [`Loading`] | `loaded(resource.await, move \|value\| view! {…}.into_any())`: failures, status code, retry |
//! | [`DataTable`], [`SortHeader`], [`Pager`] | `<DataTable caption=text><thead>…</thead><tbody>…</tbody></DataTable>`; cells carry `data-label`; `<Pager shown=n total=page.total next=page.next/>` |
//! | [`FilterForm`], [`SearchInput`], [`FilterSelect`], [`FilterHidden`], [`FilterChip`] | GET form, search-as-you-type; values are `use_param("…")`; chips are links in a `<ul class="chips">` |
//! | [`use_param`], [`use_href`], [`href_with`], [`href_changed`] | the query string |
//! | [`use_path_id`], [`known`], [`loaded_record`] | `let id = use_path_id(GroupId::parse);` then `get_group(known(id)?)` in a resource; a record's page or, with a heading, why not |
//! | [`StatusBadge`] | `<StatusBadge status=Status::of_account(is_active)/>`, `status=health` |
//! | [`Avatar`] | `<Avatar name=name/>` |
//! | [`RelativeTime`], [`OptionalTime`], [`use_hydrated`] | `<RelativeTime at=at/>` |
//! | [`CopyField`], [`CopyButton`], [`SecretPanel`] | `<CopyField label=text value=url/>`; `<SecretPanel …>acknowledging form</SecretPanel>` |
//! | [`Dialog`], [`DialogLink`], [`DialogActions`], [`ConfirmField`], [`use_close_dialog`], [`use_dialog_href`] | opened by `?dialog=NAME`; `<DialogLink name="new-group" label=text class="btn btn-primary"/>` and `<Dialog name="new-group" title=text><PostForm …>…<DialogActions><SubmitButton …/></DialogActions></PostForm></Dialog>`; call `use_close_dialog()` in `on_success` |
//! | [`Menu`], [`MenuLink`], [`MenuRefused`], [`MenuGroup`] | overflow "…"; entries open dialogs: `<MenuLink href=use_dialog_href("delete") …/>` |
//! | [`Tabs`], [`use_tab`] | `let tab = use_tab(&["overview", "setup"]);` `<Tabs label=text tabs=vec![Tab::new("overview", text)] current=tab/>` |
//! | [`use_toasts`] | `use_toasts().done(text)`, `.done_with_undo(text, undo)`, `.error(text)` |
//! | [`KeyValueList`], [`KeyValue`] | `<KeyValueList><KeyValue label=text>value</KeyValue></KeyValueList>` |
//! | [`ManagedBy`], [`lock_reason`] | who owns the record; why a field is locked |
//! | [`BarChart`] | `<BarChart title=… bars=vec![Bar { label, good, bad }]/>` |
//! | [`use_viewer`] | `use_viewer().may(Permission::UsersManage)` |
//!
//! Rules: make every [`Data`] and `PostAction` at the top of the page component, never inside a `Suspend` (their order is
//! how the browser finds what the server sent). Forms that change the session are plain posts.

mod avatar;
mod chart;
mod copy;
mod data;
mod dialog;
mod field;
mod filter;
mod form;
mod icon;
mod key_value;
mod managed;
mod menu;
mod page;
mod post;
mod query;
mod route;
mod status;
mod table;
mod tabs;
mod text;
mod time;
mod toast;
mod viewer;

pub use avatar::*;
pub use chart::*;
pub use copy::*;
pub use data::*;
pub use dialog::*;
pub use field::*;
pub use filter::*;
pub use form::*;
pub use icon::*;
pub use key_value::*;
pub use managed::*;
pub use menu::*;
pub use page::*;
pub use post::*;
pub use query::*;
pub use route::*;
pub use status::*;
pub use table::*;
pub use tabs::*;
pub use text::*;
pub use time::*;
pub use toast::*;
pub use viewer::*;
