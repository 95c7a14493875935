//! Times: absolute and in UTC on the server and on the first client render, relative and in the reader's zone afterwards.

use std::time::Duration;

use chrono::{DateTime, Datelike, Timelike, Utc};
use leptos::prelude::*;

use super::text::I18n;
use crate::i18n::*;

/// The browser's clock in milliseconds, `None` before hydration. One ticking signal serves all times of the page.
#[derive(Clone, Copy)]
pub struct Clock(RwSignal<Option<f64>>);

/// Starts the clock; called once at the root.
pub fn provide_clock() {
    let now = RwSignal::new(None);
    provide_context(Clock(now));
    Effect::new(move |_| {
        now.set(Some(js_sys::Date::now()));
        let handle = set_interval_with_handle(
            move || {
                now.try_set(Some(js_sys::Date::now()));
            },
            Duration::from_secs(30),
        )
        .ok();
        on_cleanup(move || {
            if let Some(handle) = handle {
                handle.clear();
            }
        });
    });
}

/// Whether the page is alive: false on the server and while hydrating.
pub fn use_hydrated() -> Signal<bool> {
    let clock = use_context::<Clock>();
    Signal::derive(move || clock.is_some_and(|clock| clock.0.with(Option::is_some)))
}

/// `2026-11-21 10:05` in UTC.
pub fn utc_text(at: DateTime<Utc>) -> String {
    format!(
        "{:04}-{:02}-{:02} {:02}:{:02}",
        at.year(),
        at.month(),
        at.day(),
        at.hour(),
        at.minute()
    )
}

/// The machine-readable form, to the second.
fn machine_text(at: DateTime<Utc>) -> String {
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z",
        at.year(),
        at.month(),
        at.day(),
        at.hour(),
        at.minute(),
        at.second()
    )
}

/// A moment: relative to now, the exact local and UTC times on hover.
#[component]
pub fn RelativeTime(
    /// The moment.
    at: DateTime<Utc>,
) -> impl IntoView {
    let i18n = use_i18n();
    let clock = use_context::<Clock>();
    let now = move || clock.and_then(|clock| clock.0.get());
    let absolute = tu_string!(i18n, common.time.utc, time = utc_text(at)).to_string();
    let full = absolute.clone();
    // In tables the place of the longer, absolute text stays reserved, so that nothing moves when it becomes relative.
    let room = absolute.clone();
    let millis = at.timestamp_millis();
    let text = move || match now() {
        Some(now) => relative_text(i18n, millis, now),
        None => absolute.clone(),
    };
    let title = move || match now() {
        Some(_) => format!("{} ({full})", local_text(i18n, millis)),
        None => full.clone(),
    };
    view! { <time class="whitespace-nowrap" datetime=machine_text(at) data-room=room title=title>{text}</time> }
}

/// A moment that may not have come: the word "Never" where there is none.
#[component]
pub fn OptionalTime(
    /// The moment.
    at: Option<DateTime<Utc>>,
) -> impl IntoView {
    let i18n = use_i18n();
    match at {
        Some(at) => view! { <RelativeTime at=at/> }.into_any(),
        None => view! { <span class="text-muted">{tu_string!(i18n, common.time.never)}</span> }.into_any(),
    }
}

/// The moment in words relative to `now`, by the browser's own `Intl`.
fn relative_text(i18n: I18n, millis: i64, now: f64) -> String {
    let seconds = (millis as f64 - now) / 1000.0;
    let (value, unit) = match seconds.abs() {
        s if s < 60.0 => (seconds, "second"),
        s if s < 3_600.0 => (seconds / 60.0, "minute"),
        s if s < 86_400.0 => (seconds / 3_600.0, "hour"),
        s if s < 2_592_000.0 => (seconds / 86_400.0, "day"),
        s if s < 31_536_000.0 => (seconds / 2_592_000.0, "month"),
        _ => (seconds / 31_536_000.0, "year"),
    };
    let options = js_sys::Object::new();
    // Setting a property of a fresh plain object cannot fail.
    let _ = js_sys::Reflect::set(&options, &"numeric".into(), &"auto".into());
    let format = js_sys::Intl::RelativeTimeFormat::new(&locales(i18n), &options);
    // Under a minute the clocks of server and browser may disagree about past and future.
    let value = if unit == "second" { 0.0 } else { value.trunc() };
    format.format(value, unit).into()
}

/// The moment in the reader's zone.
fn local_text(i18n: I18n, millis: i64) -> String {
    let date = js_sys::Date::new(&(millis as f64).into());
    date.to_locale_string(i18n.get_locale_untracked().as_str(), &js_sys::Object::new().into())
        .into()
}

/// The viewer's language as `Intl` takes it.
fn locales(i18n: I18n) -> js_sys::Array {
    js_sys::Array::of1(&i18n.get_locale_untracked().as_str().into())
}
