//! A small bar chart: SVG by attributes, with the figures in a table behind a toggle.

use leptos::prelude::*;

use crate::i18n::*;

/// One bar of two stacked parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    /// What it stands for.
    pub label: String,
    /// The good part.
    pub good: u64,
    /// The bad part.
    pub bad: u64,
}

/// Height of the drawing in its own units.
const HEIGHT: u64 = 100;
/// Width of one bar with its gap, in the same units.
const STEP: usize = 24;

/// Bars side by side, scaled to the largest.
#[component]
pub fn BarChart(
    /// What the chart shows.
    #[prop(into)]
    title: String,
    /// Head of the column of labels.
    #[prop(into)]
    label_head: String,
    /// What the good parts count.
    #[prop(into)]
    good_head: String,
    /// What the bad parts count.
    #[prop(into)]
    bad_head: String,
    /// The bars, in order.
    bars: Vec<Bar>,
) -> impl IntoView {
    let i18n = use_i18n();
    let most = bars.iter().map(|bar| bar.good + bar.bad).max().unwrap_or(0).max(1);
    let height = move |count: u64| if count == 0 { 0 } else { (count * HEIGHT / most).max(2) };
    let shapes: Vec<_> = bars
        .iter()
        .enumerate()
        .map(|(index, bar)| {
            let (good, bad) = (height(bar.good), height(bar.bad));
            let x = index * STEP + 3;
            let title = format!("{}: {} / {}", bar.label, bar.good, bar.bad);
            view! {
                <g>
                    <title>{title}</title>
                    <rect class="bar-space" x=x y=0 width=STEP - 6 height=HEIGHT></rect>
                    <rect class="bar-good" x=x y=HEIGHT.saturating_sub(good) width=STEP - 6 height=good></rect>
                    <rect class="bar-bad" x=x y=HEIGHT.saturating_sub(good + bad) width=STEP - 6 height=bad></rect>
                </g>
            }
        })
        .collect();
    let view_box = format!("0 0 {} {HEIGHT}", (bars.len() * STEP).max(STEP));
    let rows: Vec<_> = bars
        .into_iter()
        .map(|bar| view! { <tr><th scope="row">{bar.label}</th><td>{bar.good}</td><td>{bar.bad}</td></tr> })
        .collect();
    view! {
        <figure class="chart">
            <figcaption class="chart-legend">
                <span class="font-semibold">{title.clone()}</span>
                <span><span class="chart-key chart-key-good" aria-hidden="true"></span>{good_head.clone()}</span>
                <span><span class="chart-key chart-key-bad" aria-hidden="true"></span>{bad_head.clone()}</span>
            </figcaption>
            <svg class="chart-bars" viewBox=view_box preserveAspectRatio="none" role="img" aria-label=title.clone()>{shapes}</svg>
            <details class="chart-table">
                <summary class="link">{tu_string!(i18n, common.action.show_table)}</summary>
                <table class="table table-sm">
                    <caption class="sr-only">{title}</caption>
                    <thead><tr><th scope="col">{label_head}</th><th scope="col">{good_head}</th><th scope="col">{bad_head}</th></tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </details>
        </figure>
    }
}
