//! The league table: settings in rows, means of a few probes in columns, the best of each marked.

use yew::prelude::*;

use crate::text::league as words;
use crate::text::measured::short;
use crate::text::sweeps::{IN_PAGE, failed};
use crate::ui::{Act, Same, classes};
use crate::worker::Standing;

/// What a person does with the table.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Deed {
    Measure,
    Stop,
    /// Opens a run of a row.
    Open(usize),
}

/// A row as it is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    pub row: usize,
    pub title: String,
    /// A person's own.
    pub own: bool,
    pub standing: Standing,
}

#[derive(Properties, PartialEq)]
pub struct LeaguePanelProps {
    /// The rows are algorithms under the same faults, not settings of one.
    #[prop_or_default]
    pub among: bool,
    /// Title and unit of each probe.
    pub columns: Vec<(&'static str, &'static str)>,
    pub places: Same<Vec<Place>>,
    /// Runs of each row.
    pub seeds: u64,
    pub under_way: bool,
    pub in_page: bool,
    pub failed: Option<AttrValue>,
    pub on_act: Callback<Act>,
}

/// The table, sorted by the column that a person chose.
#[component]
pub fn LeaguePanel(props: &LeaguePanelProps) -> Html {
    let by = use_state_eq(|| 0_usize);
    let act = |deed: Deed| props.on_act.reform(move |_: MouseEvent| Act::League(deed));
    let label = match (props.places.is_empty(), props.among) {
        (true, _) => words::MEASURE,
        (false, true) => words::AGAIN_AMONG,
        (false, false) => words::AGAIN,
    };
    let (title, about) = match props.among {
        true => (words::TITLE_AMONG, words::about_among(props.seeds)),
        false => (words::TITLE, words::about(props.seeds)),
    };
    html! {
        <section class="sheet league" aria-labelledby="league-title">
            <h2 id="league-title">{ title }</h2>
            <p class="quiet">{ about }</p>
            if !props.places.is_empty() { { table(props, &by) } }
            if props.in_page && props.under_way { <p class="quiet">{ IN_PAGE }</p> }
            if let Some(why) = &props.failed { <p class="complaint" role="alert">{ failed(why) }</p> }
            if props.under_way {
                <button type="button" onclick={act(Deed::Stop)}>{ words::STOP }</button>
            } else {
                <button type="button" onclick={act(Deed::Measure)}>{ label }</button>
            }
        </section>
    }
}

/// The rows by a column, the least first; rows without a value come last.
fn sorted(places: &[Place], column: usize) -> Vec<&Place> {
    let key = |place: &&Place| place.standing.mean(column).unwrap_or(f64::INFINITY);
    let mut sorted: Vec<&Place> = places.iter().collect();
    sorted.sort_by(|a, b| key(a).total_cmp(&key(b)));
    sorted
}

fn table(props: &LeaguePanelProps, by: &UseStateHandle<usize>) -> Html {
    let places = sorted(&props.places, **by);
    let means = |column: usize| {
        props
            .places
            .iter()
            .filter_map(move |place| place.standing.mean(column))
    };
    let head = |(column, (title, unit)): (usize, &(&'static str, &'static str))| {
        let here = **by == column;
        let choose = {
            let by = by.clone();
            Callback::from(move |_: MouseEvent| by.set(column))
        };
        html! {
            <th scope="col" aria-sort={if here { "ascending" } else { "none" }}>
                <button type="button" onclick={choose} title={words::SORT}>
                    { *title }<span class="quiet">{ *unit }</span><span aria-hidden="true">{ if here { " \u{25b2}" } else { "" } }</span>
                </button>
            </th>
        }
    };
    let cell = |place: &Place, column: usize| {
        let value = place.standing.mean(column);
        let best = value.is_some_and(|own| means(column).all(|other| own <= other));
        let said = value.map_or_else(|| words::NO_VALUE.to_owned(), short);
        html! {
            <td class={classes(&[("best", best)])}>
                { said }
                if best { <span class="for-readers">{ format!(" {}", words::BEST) }</span> }
            </td>
        }
    };
    let row = |place: &&Place| {
        let open = Act::League(Deed::Open(place.row));
        let onclick = props.on_act.reform(move |_: MouseEvent| open.clone());
        let standing = &place.standing;
        let some = standing.runs < props.seeds;
        html! {
            <tbody key={place.row} class={classes(&[("own", place.own)])}>
                <tr><th scope="rowgroup" colspan={props.columns.len().to_string()}>
                    <button type="button" {onclick} title={words::OPEN}>{ &place.title }</button>
                    if some { <span class="quiet">{ words::runs(standing.runs, props.seeds) }</span> }
                    if let Some(why) = &standing.wrong { <span class="quiet">{ why }</span> }
                </th></tr>
                <tr>{ for (0..props.columns.len()).map(|column| cell(place, column)) }</tr>
            </tbody>
        }
    };
    html! {
        <div class="scrolls" tabindex="0" role="group" aria-label={words::TITLE}>
            <table class="league-table">
                <thead><tr>{ for props.columns.iter().enumerate().map(head) }</tr></thead>
                { for places.iter().map(row) }
            </table>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_without_a_value_come_last() {
        let place = |row: usize, values: [Option<f64>; 2]| {
            let mut standing = Standing::default();
            standing.add(Ok(values.to_vec()));
            Place {
                row,
                title: String::new(),
                own: false,
                standing,
            }
        };
        let places = [
            place(0, [None, Some(1.0)]),
            place(1, [Some(2.0), Some(3.0)]),
            place(2, [Some(1.0), None]),
        ];
        let order = |column| {
            sorted(&places, column)
                .iter()
                .map(|place| place.row)
                .collect::<Vec<_>>()
        };
        assert_eq!(order(0), [2, 1, 0]);
        assert_eq!(order(1), [0, 1, 2]);
    }
}
