//! What the pointer means where several things lie under it: the nearest.

use super::Point;

/// The nearest of some things, if any is within reach.
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
