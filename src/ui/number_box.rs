//! The input of all numbers: one parser and one box.
//!
//! The page does not touch the typed text until it is a number and the person presses Enter or leaves
//! the box. An empty or unfinished number stays in the box, is marked, and changes nothing.

use std::cell::Cell;

use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::text::number as words;

/// The kind of number that a box takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    #[default]
    Decimal,
    Whole,
}

/// Why a text cannot be used as a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Flaw {
    Empty,
    /// It starts like a number: `-`, `2,`, `1e`.
    Unfinished,
    /// Its comma may separate thousands or a fraction.
    Ambiguous(String),
    /// A fraction where only whole numbers make sense.
    Fraction,
    NotANumber(String),
}

impl Flaw {
    /// A remedy, as a sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            Flaw::Empty => words::EMPTY.into(),
            Flaw::Unfinished => words::UNFINISHED.into(),
            Flaw::Ambiguous(typed) => words::ambiguous(typed),
            Flaw::Fraction => words::WHOLE.into(),
            Flaw::NotANumber(typed) => words::not_a_number(typed),
        }
    }
}

/// Parses a number as people write it, with a point or a comma before its fraction, and returns it in
/// the form that every parser reads: `2,5` is `2.5`, `.5` is `0.5`, `007` is `7`. All digits are kept.
///
/// # Errors
/// Why it is not a number.
pub fn read(text: &str, kind: Kind) -> Result<String, Flaw> {
    let typed = text.trim();
    let text = typed.replace('\u{2212}', "-");
    let nonsense = || Flaw::NotANumber(typed.to_owned());
    if text.is_empty() {
        return Err(Flaw::Empty);
    }
    let (minus, unsigned) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(&text)),
    };
    let (number, power) = match unsigned.split_once(['e', 'E']) {
        Some((number, power)) => (number, Some(power)),
        None => (unsigned, None),
    };
    let (whole, fraction) = match number.split_once(['.', ',']) {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (number, None),
    };
    if groups_thousands(number) {
        return Err(Flaw::Ambiguous(number.to_owned()));
    }
    let exponent = power.map(|power| power.strip_prefix(['-', '+']).unwrap_or(power));
    if ![Some(whole), fraction, exponent]
        .iter()
        .all(|part| digits(part))
    {
        return Err(nonsense());
    }
    let has_digits = !whole.is_empty() || fraction.is_some_and(|fraction| !fraction.is_empty());
    if !has_digits || fraction == Some("") || exponent == Some("") {
        return Err(Flaw::Unfinished);
    }
    let plain = if let Some(power) = power {
        let value: f64 = format!("{whole}.{}e{power}", fraction.unwrap_or("0"))
            .parse()
            .map_err(|_| nonsense())?;
        if !value.is_finite() {
            return Err(nonsense());
        }
        value.to_string()
    } else {
        let whole = whole.trim_start_matches('0');
        let whole = if whole.is_empty() { "0" } else { whole };
        match fraction.map(|fraction| fraction.trim_end_matches('0')) {
            None | Some("") => whole.to_owned(),
            Some(fraction) => format!("{whole}.{fraction}"),
        }
    };
    if kind == Kind::Whole && plain.contains('.') {
        return Err(Flaw::Fraction);
    }
    let minus = if plain == "0" { "" } else { minus };
    Ok(format!("{minus}{plain}"))
}

/// The same as a number.
///
/// # Errors
/// Why it is not a number.
pub fn number(text: &str) -> Result<f64, Flaw> {
    let plain = read(text, Kind::Decimal)?;
    let value: Option<f64> = plain.parse().ok().filter(|value: &f64| value.is_finite());
    value.ok_or_else(|| Flaw::NotANumber(text.trim().to_owned()))
}

/// Splits a time such as `2,5 s` into its number, in the form of [`read`], and its unit, which may be
/// missing.
///
/// # Errors
/// Why it does not start with a number.
pub fn with_unit(text: &str) -> Result<(String, &str), Flaw> {
    let text = text.trim();
    let number = text.trim_end_matches(|c: char| c.is_alphabetic());
    let unit = &text[number.len()..];
    Ok((read(number, Kind::Decimal)?, unit))
}

fn digits(part: &Option<&str>) -> bool {
    part.unwrap_or_default().bytes().all(|b| b.is_ascii_digit())
}

/// `1,000` is a thousand to one reader and one to another; `0,125` and `1,5` are clear.
fn groups_thousands(number: &str) -> bool {
    let mut groups = number.split(',');
    let first = groups.next().unwrap_or_default();
    let leads = (1..=3).contains(&first.len()) && !first.starts_with('0') && digits(&Some(first));
    let mut rest = groups.peekable();
    leads && rest.peek().is_some() && rest.all(|group| group.len() == 3 && digits(&Some(group)))
}

/// A number without redundant digits.
#[must_use]
pub fn short(value: f64) -> String {
    let round = (value * 1_000.0).round() / 1_000.0;
    if round == 0.0 {
        "0".into()
    } else {
        round.to_string()
    }
}

#[derive(Properties, PartialEq)]
pub struct NumberBoxProps {
    /// The present number.
    pub value: AttrValue,
    #[prop_or_default]
    pub kind: Kind,
    #[prop_or_default]
    pub id: Option<AttrValue>,
    /// Its label, before the number. It does not enclose the box, so that an error is not part of the
    /// name.
    #[prop_or_default]
    pub label: Option<AttrValue>,
    /// Its name, if it has no label.
    #[prop_or_default]
    pub name: Option<AttrValue>,
    /// The element that describes it.
    #[prop_or_default]
    pub described: Option<AttrValue>,
    #[prop_or_default]
    pub class: Classes,
    /// The unit, after the number.
    #[prop_or_default]
    pub unit: AttrValue,
    #[prop_or(f64::NEG_INFINITY)]
    pub min: f64,
    #[prop_or(f64::INFINITY)]
    pub max: f64,
    /// The step of the arrow keys; without it they move within the text.
    #[prop_or_default]
    pub step: Option<f64>,
    /// The number can change by itself; the typed text stays.
    #[prop_or_default]
    pub moving: bool,
    /// A new number replaces the typed text.
    #[prop_or_default]
    pub round: u32,
    /// The receiver of the number has a better message for a text that is not a number.
    #[prop_or_default]
    pub explains: bool,
    /// Receives the number in the form of [`read`]; returns the sentence that refuses it.
    pub on_set: Callback<String, Option<String>>,
    /// Receives every change of the text: none while it is not a number.
    #[prop_or_else(Callback::noop)]
    pub on_typed: Callback<Option<String>>,
}

/// A typed text that was not used yet.
#[derive(Clone, Default, PartialEq)]
struct Draft {
    text: String,
    /// Why it was refused when the person had finished.
    wrong: Option<String>,
}

/// The box, its unit, and the sentence that tells what is wrong.
#[component]
pub fn NumberBox(props: &NumberBoxProps) -> Html {
    let draft = use_state_eq(|| None::<Draft>);
    let field = use_node_ref();
    {
        // A new number clears the old error. A person who is typing is not disturbed.
        let (draft, field, moving) = (draft.clone(), field.clone(), props.moving);
        let first = use_mut_ref(|| true);
        use_effect_with((props.value.clone(), props.round), move |_| {
            let first = std::mem::take(&mut *first.borrow_mut());
            if !first && !moving && !has_focus(&field) {
                draft.set(None);
            }
        });
    }
    let kind = props.kind;
    let oninput = {
        let (draft, on_typed) = (draft.clone(), props.on_typed.clone());
        Callback::from(move |event: InputEvent| {
            let input: HtmlInputElement = event.target_unchecked_into();
            let text = input.value();
            on_typed.emit(read(&text, kind).ok());
            draft.set(Some(Draft { text, wrong: None }));
        })
    };
    let onchange = {
        let (draft, on_set) = (draft.clone(), props.on_set.clone());
        let explains = props.explains;
        Callback::from(move |event: Event| {
            let input: HtmlInputElement = event.target_unchecked_into();
            let text = input.value();
            let wrong = match read(&text, kind) {
                Ok(plain) => on_set.emit(plain),
                Err(Flaw::NotANumber(typed)) if explains => on_set.emit(typed),
                Err(flaw) => Some(flaw.sentence()),
            };
            draft.set(wrong.map(|wrong| Draft {
                text,
                wrong: Some(wrong),
            }));
        })
    };
    let onkeydown = {
        let (draft, on_set) = (draft.clone(), props.on_set.clone());
        let (step, min, max) = (props.step, props.min, props.max);
        let value = props.value.clone();
        Callback::from(move |event: KeyboardEvent| {
            let up = match event.key().as_str() {
                "ArrowUp" => 1.0,
                "ArrowDown" => -1.0,
                _ => return,
            };
            let Some(step) = step else {
                return;
            };
            event.prevent_default();
            let typed = draft.as_ref().and_then(|draft| number(&draft.text).ok());
            let here = typed.or_else(|| number(&value).ok()).unwrap_or_default();
            let next = short((here + up * step).clamp(min, max));
            let wrong = on_set.emit(next.clone());
            draft.set(wrong.map(|wrong| Draft {
                text: next,
                wrong: Some(wrong),
            }));
        })
    };
    let shown = draft
        .as_ref()
        .map_or_else(|| props.value.clone(), |draft| draft.text.clone().into());
    let sentence = draft.as_ref().and_then(|draft| draft.wrong.clone());
    let flawed = sentence.is_some() || draft.as_ref().is_some_and(|d| read(&d.text, kind).is_err());
    let spins = props.step.is_some();
    let bound = |bound: f64| (spins && bound.is_finite()).then(|| short(bound));
    let own = use_memo((), |()| own_id());
    let error = format!("{own}-wrong");
    let id = props.id.clone().unwrap_or_else(|| own.to_string().into());
    let described = match (&props.described, &sentence) {
        (Some(hint), Some(_)) => Some(AttrValue::from(format!("{hint} {error}"))),
        (None, Some(_)) => Some(AttrValue::from(error.clone())),
        (hint, None) => hint.clone(),
    };
    let mode = if kind == Kind::Whole {
        "numeric"
    } else {
        "decimal"
    };
    html! {
        <span class={classes!("number-box", flawed.then_some("flawed"), props.class.clone())}>
            if let Some(label) = &props.label {
                <label for={id.clone()}>{ label }</label>
            }
            <input ref={field} type="text" inputmode={mode} autocomplete="off" spellcheck="false"
                role={spins.then_some("spinbutton")} aria-valuenow={spins.then(|| props.value.clone())}
                aria-valuemin={bound(props.min)} aria-valuemax={bound(props.max)}
                {id} aria-label={props.name.clone()} value={shown}
                aria-invalid={flawed.then_some("true")} aria-describedby={described}
                {oninput} {onchange} {onkeydown} />
            if !props.unit.is_empty() {
                <span class="unit" aria-hidden="true">{ &props.unit }</span>
            }
            if let Some(sentence) = sentence {
                <span class="complaint" role="alert" id={error}>
                    { crate::text::capital(&sentence) }
                </span>
            }
        </span>
    }
}

/// A unique id for one box.
fn own_id() -> String {
    thread_local! {
        static MADE: Cell<u32> = const { Cell::new(0) };
    }
    let number = MADE.get() + 1;
    MADE.set(number);
    format!("number-{number}")
}

fn has_focus(field: &NodeRef) -> bool {
    let active = crate::browser::document().active_element();
    active.is_some() && active == field.cast()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> String {
        read(text, Kind::Decimal).unwrap_or_else(|flaw| panic!("{text}: {flaw:?}"))
    }

    #[test]
    fn numbers_are_read_as_people_write_them() {
        for (typed, wanted) in [
            ("25", "25"),
            (" 25 ", "25"),
            ("2.5", "2.5"),
            ("2,5", "2.5"),
            ("0,125", "0.125"),
            (",5", "0.5"),
            (".5", "0.5"),
            ("-2,50", "-2.5"),
            ("\u{2212}3", "-3"),
            ("+4", "4"),
            ("007", "7"),
            ("-0", "0"),
            ("0,0", "0"),
            ("1e3", "1000"),
            ("1,5e-1", "0.15"),
            ("18446744073709551615", "18446744073709551615"),
        ] {
            assert_eq!(plain(typed), wanted, "{typed}");
        }
        assert_eq!(number("2,5"), Ok(2.5));
    }

    #[test]
    fn empty_and_unfinished_numbers_are_told_apart_from_nonsense() {
        for text in ["", " ", "\t"] {
            assert_eq!(read(text, Kind::Decimal), Err(Flaw::Empty), "{text:?}");
        }
        for text in ["-", "+", "2,", "2.", ".", ",", "-.", "1e", "1e-", "1,e3"] {
            assert_eq!(read(text, Kind::Decimal), Err(Flaw::Unfinished), "{text}");
        }
        for text in [
            "soon", "1 5", "1.2.3", "1,2,3", "2.5.", "--1", "1e2e3", "NaN", "inf", "1e999", "5%",
            "٣",
        ] {
            let wrong = Err(Flaw::NotANumber(text.into()));
            assert_eq!(read(text, Kind::Decimal), wrong, "{text}");
        }
        let sentence = read("a dozen", Kind::Whole).unwrap_err().sentence();
        assert_eq!(
            sentence,
            "\"a dozen\" is not a number. Type one, such as 25."
        );
    }

    #[test]
    fn a_comma_between_thousands_is_never_taken_for_a_fraction() {
        let refused = |text: &str| read(text, Kind::Decimal).unwrap_err().sentence();
        assert_eq!(refused("1,000"), "Write 1000 or 1.000.");
        assert_eq!(refused("1,000,000"), "Write 1000000, without commas.");
    }

    #[test]
    fn a_length_is_a_number_and_its_unit() {
        assert_eq!(with_unit("2,5 s"), Ok(("2.5".into(), "s")));
        assert_eq!(with_unit("350ms"), Ok(("350".into(), "ms")));
        assert_eq!(with_unit("7"), Ok(("7".into(), "")));
        assert_eq!(with_unit("s"), Err(Flaw::Empty));
    }

    #[test]
    fn whole_numbers_have_no_fraction() {
        assert_eq!(read("2,5", Kind::Whole), Err(Flaw::Fraction));
        assert_eq!(read("2,0", Kind::Whole), Ok("2".into()));
        assert_eq!(read("-7", Kind::Whole), Ok("-7".into()));
    }

    #[test]
    fn numbers_are_shown_without_idle_digits() {
        assert_eq!(short(2.500_000_1), "2.5");
        assert_eq!(short(-0.000_01), "0");
        assert_eq!(short(36.0), "36");
    }
}
