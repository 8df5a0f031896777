use faultline_sim::standing::Form;

use super::*;

const STAGES: [(f64, f64); 5] = [
    (1280.0, 484.0),
    (880.0, 484.0),
    (768.0, 403.0),
    (390.0, 300.0),
    (390.0, 404.0),
];

fn ids(n: u32) -> Vec<NodeId> {
    (1..=n).map(NodeId).collect()
}

fn room(width: f64, height: f64, logs: usize) -> Room {
    Room {
        logs,
        ..Room::new(width, height)
    }
}

/// The box of a drawn element: left, top, right, bottom.
#[derive(Clone, Copy, Debug)]
struct Area(f64, f64, f64, f64);

impl Area {
    fn around(at: Point, half_width: f64, half_height: f64) -> Self {
        Area(
            at.x - half_width,
            at.y - half_height,
            at.x + half_width,
            at.y + half_height,
        )
    }

    fn meets(self, other: Area) -> bool {
        self.0 < other.2 && other.0 < self.2 && self.1 < other.3 && other.1 < self.3
    }
}

/// A word of this width at its place.
fn word_area(scene: &Scene, id: NodeId, width: f64) -> Area {
    let (place, anchor) = scene.decor(id).word;
    let at = scene.at(id).unwrap().plus(place);
    let x = match anchor {
        Anchor::Start => at.x + width / 2.0,
        Anchor::Middle => at.x,
        Anchor::End => at.x - width / 2.0,
    };
    Area::around(Point::new(x, at.y), width / 2.0, 8.0)
}

/// The square that a disc certainly covers.
fn disc(at: Point, radius: f64) -> Area {
    Area::around(at, radius * 0.75, radius * 0.75)
}

#[test]
fn everything_stays_on_the_stage() {
    for n in [1, 2, 3, 5, 6, 9, 10, 12, 17, 50, 60, 61, 1000] {
        for (w, h) in STAGES {
            for logs in [0, n as usize] {
                let scene = Scene::new(&Cast::plain(&ids(n)), room(w, h, logs));
                for id in ids(n) {
                    let p = scene.at(id).unwrap();
                    let r = scene.radius;
                    assert!(p.x - r >= 0.0 && p.x + r <= w, "{n} nodes, {w} wide: {p:?}");
                    assert!(p.y - r >= 0.0 && p.y + r <= h, "{n} nodes, {h} high: {p:?}");
                }
            }
        }
    }
}

#[test]
fn neighbours_keep_their_distance() {
    for n in 2..=60 {
        for (w, h) in STAGES {
            let scene = Scene::new(&Cast::plain(&ids(n)), room(w, h, 0));
            for (a, b) in (1..n).map(|a| (a, a + 1)).chain([(n, 1)]) {
                let (p, q) = (scene.at(NodeId(a)).unwrap(), scene.at(NodeId(b)).unwrap());
                assert!(p.distance(q) > 2.0 * scene.radius, "{n} nodes, {w} wide");
            }
        }
    }
}

#[test]
fn badges_words_and_crowns_do_not_overlap() {
    let mut problems = Vec::new();
    for n in 1..=60 {
        for (w, h) in STAGES {
            for logs in [0, n as usize] {
                let scene = Scene::new(&Cast::plain(&ids(n)), room(w, h, logs));
                if scene.tiles {
                    continue;
                }
                problems.extend(overlaps(&scene, n));
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

fn overlaps(scene: &Scene, n: u32) -> Vec<String> {
    let mut found = Vec::new();
    let mut check = |meets: bool, what: String| {
        if meets {
            found.push(what);
        }
    };
    let place = |id: u32| scene.at(NodeId(id)).unwrap();
    let bolts: Vec<Area> = (1..=n)
        .filter_map(|id| Some(disc(place(id).plus(scene.decor(NodeId(id)).bolt?), 12.0)))
        .collect();
    let crowns: Vec<Area> = (1..=n)
        .map(|id| {
            let (at, size) = scene.decor(NodeId(id)).crown;
            Area::around(place(id).plus(at), size * 0.45, size * 0.3)
        })
        .collect();
    let (_, h) = (scene.width, scene.height);
    let told = (scene.words == Words::All) as u32 * n;
    let words: Vec<Area> = (1..=told)
        .map(|id| word_area(scene, NodeId(id), 72.0))
        .collect();
    let width = scene.width;
    let what = format!(
        "{n} nodes, {width} by {h}, board {:?}",
        scene.board.is_some()
    );
    for (i, bolt) in bolts.iter().enumerate() {
        for (j, other) in bolts.iter().enumerate().skip(i + 1) {
            check(
                bolt.meets(*other),
                format!("{what}: ⚡ of {} and {}", i + 1, j + 1),
            );
        }
        for (j, word) in words.iter().enumerate() {
            check(
                bolt.meets(*word),
                format!("{what}: ⚡ of {} on word of {}", i + 1, j + 1),
            );
        }
        for (j, crown) in crowns.iter().enumerate() {
            check(
                bolt.meets(*crown),
                format!("{what}: ⚡ of {} on crown of {}", i + 1, j + 1),
            );
        }
        for id in (1..=n).filter(|id| *id as usize != i + 1) {
            let body = disc(place(id), scene.radius);
            check(bolt.meets(body), format!("{what}: ⚡ of {} on {id}", i + 1));
        }
    }
    for (i, word) in words.iter().enumerate() {
        let Area(left, top, right, bottom) = *word;
        let off = left < 0.0 || top < 0.0 || right > scene.width || bottom > h;
        check(off, format!("{what}: word of {} leaves the stage", i + 1));
        for (j, other) in words.iter().enumerate().skip(i + 1) {
            check(
                word.meets(*other),
                format!("{what}: words of {} and {}", i + 1, j + 1),
            );
        }
        for id in 1..=n {
            let body = disc(place(id), scene.radius);
            check(
                word.meets(body),
                format!("{what}: word of {} on {id}", i + 1),
            );
        }
        if let Some(board) = scene.board {
            let height = h - board.top;
            let board = Area(
                board.left,
                board.top,
                board.left + board.width,
                board.top + height,
            );
            check(
                word.meets(board),
                format!("{what}: word of {} on the logs", i + 1),
            );
        }
    }
    found
}

#[test]
fn removing_a_node_moves_nobody() {
    let before = Scene::new(&Cast::plain(&ids(5)), room(1280.0, 484.0, 5));
    let left: Vec<NodeId> = ids(5).into_iter().filter(|id| id.0 != 3).collect();
    let after = Scene::new(&Cast::plain(&left), room(1280.0, 484.0, 5));
    for id in left {
        assert_eq!(before.at(id), after.at(id));
    }
}

#[test]
fn arrow_keys_go_where_they_point() {
    let scene = Scene::new(&Cast::plain(&ids(5)), room(1280.0, 552.0, 0));
    assert_eq!(scene.neighbour(NodeId(2), Direction::Down), Some(NodeId(3)));
    assert_eq!(
        scene.neighbour(NodeId(5), Direction::Right),
        Some(NodeId(2))
    );
    assert_eq!(scene.neighbour(NodeId(3), Direction::Left), Some(NodeId(4)));
    assert_eq!(scene.neighbour(NodeId(1), Direction::Up), None);
}

#[test]
fn lanes_keep_both_directions_apart() {
    let scene = Scene::new(&Cast::plain(&ids(5)), room(1280.0, 552.0, 0));
    let there = scene.along(NodeId(1), NodeId(2), 0.5).unwrap();
    let back = scene.along(NodeId(2), NodeId(1), 0.5).unwrap();
    assert!(there.distance(back) > 10.0);
}

#[test]
fn messages_begin_and_end_clear_of_their_nodes() {
    for n in 2..=12 {
        for (w, h) in STAGES {
            let scene = Scene::new(&Cast::plain(&ids(n)), room(w, h, 0));
            if scene.tiles {
                continue;
            }
            for a in ids(n) {
                for b in ids(n).into_iter().filter(|b| *b != a) {
                    let Some(Lane::Straight(from, to)) = scene.lane(a, b) else {
                        panic!("a straight way");
                    };
                    let whole = scene.at(a).unwrap().distance(scene.at(b).unwrap());
                    assert!(from.distance(to) >= whole * 0.24, "{n}: a way is left");
                    // With more nodes, neighbours are too close.
                    if w >= 1000.0 && n <= 6 {
                        check_clear(&scene, a, from);
                        check_clear(&scene, b, to);
                    }
                }
            }
        }
    }
}

fn check_clear(scene: &Scene, id: NodeId, end: Point) {
    let (at, m) = (scene.at(id).unwrap(), scene.message_radius());
    let n = scene.places().len();
    assert!(at.distance(end) >= scene.radius + m, "{n}: ring of {id}");
    if let Some(bolt) = scene.decor(id).bolt {
        assert!(at.plus(bolt).distance(end) >= 12.0, "{n}: ⚡ of {id}");
    }
}

#[test]
fn scissors_of_six_nodes_can_be_told_apart() {
    let scene = Scene::new(&Cast::plain(&ids(6)), room(1280.0, 552.0, 0));
    let mut spots = Vec::new();
    for a in ids(6) {
        spots.extend(
            ids(6)
                .into_iter()
                .filter(|b| a < *b)
                .filter_map(|b| scene.scissors(a, b)),
        );
    }
    for (i, a) in spots.iter().enumerate() {
        for b in &spots[i + 1..] {
            assert!(a.distance(*b) >= 20.0, "{a:?} {b:?}");
        }
    }
}

#[test]
fn the_pointer_means_the_nearest() {
    let all = [(1, Point::new(0.0, 0.0)), (2, Point::new(10.0, 0.0))];
    let at = |x| nearest(all, Point::new(x, 0.0), 16.0).map(|(thing, _)| thing);
    assert_eq!((at(4.0), at(6.0), at(40.0)), (Some(1), Some(2), None));
}

#[test]
fn the_timeline_grows_in_round_steps() {
    let s = |n: f64| Time((n * 1e6) as u64);
    assert_eq!(timeline_span(s(3.0), s(20.0)), s(20.0));
    assert_eq!(timeline_span(s(19.5), s(20.0)), s(30.0));
    assert_eq!(timeline_span(s(100.0), s(20.0)), s(150.0));
}

/// A cast of so many nodes in a form, with a hub, layers and sides as the form has them.
fn cast(n: u32, form: Form, sides: &[&[u32]]) -> Cast {
    let named = |numbers: &[u32]| numbers.iter().copied().map(NodeId).collect::<Vec<_>>();
    Cast {
        form,
        hub: Some(NodeId(1)),
        layers: (0..n).map(|i| (i % 3) as u8).collect(),
        sides: sides.iter().map(|side| named(side)).collect(),
        ..Cast::plain(&ids(n))
    }
}

const OWN: [Form; 5] = [
    Form::Row,
    Form::Star,
    Form::Layers,
    Form::Groups,
    Form::Lanes,
];

#[test]
fn every_form_keeps_its_nodes_on_the_stage_and_apart() {
    for form in OWN {
        for n in 2..=12 {
            for (w, h) in [
                (1280.0, 484.0),
                (880.0, 484.0),
                (768.0, 500.0),
                (390.0, 404.0),
            ] {
                let scene = Scene::new(&cast(n, form, &[]), room(w, h, 0));
                let places: Vec<Point> = scene.places().iter().map(|(_, at)| *at).collect();
                assert_eq!(places.len(), n as usize, "{form:?}");
                for (i, p) in places.iter().enumerate() {
                    let r = scene.radius;
                    let inside = p.x >= r && p.x + r <= w && p.y >= r && p.y + r <= h;
                    assert!(inside, "{form:?}, {n} nodes, {w} by {h}: {p:?}, {r}");
                    for q in &places[i + 1..] {
                        let far = p.distance(*q) > 2.0 * r;
                        assert!(far, "{form:?}, {n} nodes, {w} by {h}: {p:?} {q:?}");
                    }
                }
            }
        }
    }
}

#[test]
fn a_row_is_in_the_order_of_numbers_with_arcs_above() {
    let scene = Scene::new(&cast(5, Form::Row, &[]), room(1280.0, 484.0, 0));
    let x: Vec<f64> = scene.places().iter().map(|(_, at)| at.x).collect();
    assert!(x.is_sorted());
    let top = |a, b| scene.link(NodeId(a), NodeId(b)).unwrap().at(0.5).y;
    assert!(top(1, 5) < top(1, 3) && top(1, 3) < top(1, 2));
    assert!(top(1, 5) > 0.0 && top(1, 2) < scene.at(NodeId(2)).unwrap().y);
}

#[test]
fn another_leader_changes_places_with_the_one_in_the_middle() {
    let first = Scene::new(&cast(5, Form::Star, &[]), room(1280.0, 484.0, 0));
    let mut other = cast(5, Form::Star, &[]);
    other.hub = Some(NodeId(3));
    let then = Scene::new(&other, room(1280.0, 484.0, 0));
    assert_eq!(first.at(NodeId(1)), then.at(NodeId(3)));
    for id in [4, 5].map(NodeId) {
        assert_eq!(first.at(id), then.at(id), "nobody else moves");
    }
}

#[test]
fn the_sides_of_a_partition_stand_apart_with_walls_between_them() {
    for sides in [
        &[&[1, 2][..], &[3, 4, 5][..]][..],
        &[&[1], &[2, 3], &[4, 5]],
    ] {
        for form in [Form::Circle, Form::Star, Form::Row] {
            let scene = Scene::new(&cast(5, form, sides), room(1280.0, 484.0, 0));
            assert_eq!(scene.walls.len(), sides.len() - 1, "{form:?}");
            for (side, bank) in sides.iter().zip(&scene.banks) {
                for id in *side {
                    let at = scene.at(NodeId(*id)).unwrap();
                    let r = scene.radius;
                    assert!(at.x - r >= bank.left && at.x + r <= bank.left + bank.width);
                    assert!(at.y - r >= bank.top && at.y + r <= bank.top + bank.height);
                }
            }
        }
        // What is stopped in the middle of its way is stopped at the wall.
        let scene = Scene::new(&cast(5, Form::Circle, sides), room(1280.0, 484.0, 0));
        let middle = scene.along(NodeId(1), NodeId(5), 0.5).unwrap();
        let at_wall = |(a, _): &(Point, Point)| (middle.x - a.x).abs() < 8.0;
        assert!(scene.walls.iter().any(at_wall), "{middle:?}");
    }
    // A node that joined later is on no side: everybody stays.
    let loose = Scene::new(
        &cast(6, Form::Circle, &[&[1, 2], &[3, 4, 5]]),
        room(1280.0, 484.0, 0),
    );
    assert!(!loose.apart());
}

#[test]
fn clients_stand_beside_the_circle_of_a_wide_stage() {
    let mut cast = Cast::plain(&ids(6));
    cast.clients = vec![NodeId(6)];
    let wide = Scene::new(&cast, room(1280.0, 484.0, 0));
    let leftmost = wide.places().iter().min_by(|a, b| a.1.x.total_cmp(&b.1.x));
    assert_eq!(leftmost.unwrap().0, NodeId(6));
    let phone = Scene::new(&cast, room(390.0, 404.0, 0));
    let plain = Scene::new(&Cast::plain(&ids(6)), room(390.0, 404.0, 0));
    assert_eq!(phone.places(), plain.places());
}

/// Words of sides in a grid stand above the first row and below the last one: tiles would hide them.
#[test]
fn sides_of_a_grid_are_named_outside_it() {
    let nodes = ids(1_000);
    let scene = Scene::new(&Cast::plain(&nodes), room(880.0, 546.0, 0));
    let (one, two) = nodes.split_at(500);
    let (above, below) = (
        scene.hull_letter(one).unwrap(),
        scene.hull_letter(two).unwrap(),
    );
    let (first, last) = (
        scene.at(NodeId(1)).unwrap(),
        scene.at(NodeId(1000)).unwrap(),
    );
    assert!(above.y < first.y && below.y > last.y);
}
