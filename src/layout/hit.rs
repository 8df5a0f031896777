//! Picking the nearest of several things under the pointer.

use super::Point;

/// The nearest thing within reach, if any.
pub fn nearest<T>(
    things: impl IntoIterator<Item = (T, Point)>,
    at: Point,
    reach: f64,
) -> Option<(T, f64)> {
    let far = |place: Point| at.distance(place);
    let near = things
        .into_iter()
        .map(|(thing, place)| (thing, far(place)))
        .filter(|(_, far)| *far <= reach);
    near.min_by(|a, b| a.1.total_cmp(&b.1))
}
