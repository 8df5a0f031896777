//! The curve under a stage of tiles: how many nodes have the news, over the run. Slow at first, then
//! fast, then slow again where few are left.

use faultline_sim::time::Time;
use yew::prelude::*;

use crate::layout::{Scene, Strip};
use crate::news::Course;
use crate::text::curve as text;
use crate::ui::Same;
use crate::ui::stage::NewsShown;

#[derive(Properties, PartialEq)]
pub struct CurveProps {
    pub shown: NewsShown,
    pub now: Time,
    pub scene: Same<Scene>,
}

#[component]
pub fn Curve(props: &CurveProps) -> Html {
    let NewsShown {
        title, edge, span, ..
    } = props.shown;
    let points = &props.shown.points;
    let Some(strip) = props.scene.strip.filter(|_| !points.is_empty()) else {
        return Html::default();
    };
    let at = points.partition_point(|point| point.time <= props.now);
    let here = at.checked_sub(1).map(|at| points[at]);
    let (have, live) = here.map_or((0, 0), |here| (here.have, here.live));
    let most = points
        .iter()
        .map(|point| point.live)
        .max()
        .unwrap_or(1)
        .max(1);
    let chart = Chart {
        strip,
        span: span.0.max(1),
        most,
    };
    let half = points[..at]
        .iter()
        .find(|point| point.have * 2 >= point.live && point.have > 1);
    let half = half.map(|point| point.time);
    let (x, y) = (chart.x(props.now), strip.top);
    let s = props.scene.scale();
    let words = text::course(have, live, title, half);
    html! {
        <g class="curve" role="img" aria-label={words}>
            <rect class="curve-floor" x={px(strip.left)} y={px(y)} width={px(strip.width)} height={px(strip.height)} />
            <polyline class="curve-live" points={chart.line_to(points, edge, |point| point.live)} />
            <polyline class="curve-later" points={chart.line_to(&points[at.saturating_sub(1)..], edge, |point| point.have)} />
            <polyline class="curve-have" points={chart.line_to(&points[..at], props.now, |point| point.have)} />
            <line class="curve-now" x1={px(x)} x2={px(x)} y1={px(y)} y2={px(y + strip.height)} />
            <text class="curve-count" x={px(strip.label)} y={px(y + 20.0 * s)}>{ text::count(have, live) }</text>
            <text class="curve-word" x={px(strip.label)} y={px(y + 40.0 * s)}>{ title }</text>
            if let Some(half) = half {
                <text class="curve-word" x={px(strip.label)} y={px(y + 58.0 * s)}>{ text::half_after(half) }</text>
            }
        </g>
    }
}

/// From times and numbers to places.
struct Chart {
    strip: Strip,
    span: u64,
    most: u32,
}

impl Chart {
    fn x(&self, time: Time) -> f64 {
        self.strip.left + time.0.min(self.span) as f64 / self.span as f64 * self.strip.width
    }

    fn y(&self, count: u32) -> f64 {
        // Lines at the edges keep their full width.
        let (top, high) = (self.strip.top + 2.0, self.strip.height - 4.0);
        top + (1.0 - f64::from(count) / f64::from(self.most)) * high
    }

    /// In steps: a number holds until the next one.
    fn line_to(&self, points: &[Course], end: Time, of: impl Fn(&Course) -> u32) -> String {
        let mut places = String::new();
        let mut before = None;
        for point in points {
            let (x, y) = (self.x(point.time), self.y(of(point)));
            if let Some(before) = before {
                places += &format!("{x:.1},{before:.1} ");
            }
            places += &format!("{x:.1},{y:.1} ");
            before = Some(y);
        }
        if let Some(y) = before {
            places += &format!("{:.1},{y:.1}", self.x(end));
        }
        places
    }
}

fn px(value: f64) -> String {
    format!("{value:.1}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_holds_until_the_next_one() {
        let strip = Strip {
            left: 10.0,
            top: 0.0,
            width: 100.0,
            height: 14.0,
            label: 0.0,
        };
        let chart = Chart {
            strip,
            span: 10,
            most: 10,
        };
        let point = |time, have| Course {
            time: Time(time),
            live: 10,
            have,
        };
        let line = chart.line_to(&[point(0, 0), point(5, 10)], Time(8), |point| point.have);
        assert_eq!(line, "10.0,12.0 60.0,12.0 60.0,2.0 90.0,2.0");
        assert_eq!(chart.line_to(&[], Time(8), |point| point.have), "");
    }
}
