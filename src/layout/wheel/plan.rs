//! The drawing of a ring of keys: stretches, labels, dots, trails. It draws only as much as the pixels
//! can show, because a ring may have fifty thousand points and ten thousand keys.

use faultline_sim::frame::{Ring, RingItem};

use super::{Point, Wheel};

/// With more points than this, the band is drawn pixel by pixel, without ticks.
const MOST_POINTS: usize = 600;
/// More labels would be unreadable.
const MOST_LABELS: usize = 40;

/// Points of one owner that are so close that they share a label.
#[derive(Clone, Debug, PartialEq)]
pub struct Clump {
    pub owner: u32,
    pub from: f64,
    pub to: f64,
    /// The place and alignment of the label.
    pub at: Point,
    pub side: Side,
    /// Whether the numbers of the places fit too.
    pub roomy: bool,
}

/// The side of a place on which its label is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Left,
    Middle,
    Right,
}

/// Keys with the same old and new owner.
#[derive(Clone, Debug, PartialEq)]
pub struct Trail {
    /// From and to on the ring; none for an owner that is gone, or for keys that nobody owns any more.
    pub from: Option<f64>,
    pub to: Option<f64>,
    /// The new owner.
    pub owner: Option<u32>,
    pub keys: u32,
}

/// The drawing of the keys.
#[derive(Clone, Debug, PartialEq)]
pub enum Keys {
    /// One dot each: owner and place.
    Dots(Vec<(Option<u32>, Point)>),
    /// Too many for dots: one stroke for each piece of the ring, as long as it has keys, with its inner
    /// and outer end.
    Strokes(Vec<(Option<u32>, Point, Point)>),
}

impl Wheel {
    /// The stretches of each owner, from and to, clockwise.
    #[must_use]
    pub fn stretches(&self, ring: &Ring) -> Vec<Vec<(f64, f64)>> {
        let mut all = vec![Vec::new(); ring.owners.len()];
        let Some((last, _)) = ring.points.last() else {
            // Without points, all owners have equal shares, in the order of the list.
            let members = members(ring);
            for rank in 0..members.len() {
                let [from, to] = [rank, rank + 1].map(|at| at as f64 / members.len() as f64);
                all[members[rank] as usize].push((from, to));
            }
            return all;
        };
        if ring.points.len() > MOST_POINTS {
            self.by_pixels(ring, &mut all);
            return all;
        }
        let mut before = *last;
        for (at, owner) in &ring.points {
            all[*owner as usize].push((before, *at));
            before = *at;
        }
        all
    }

    /// One stretch per pixel, with the owner of its middle; equal neighbours are joined.
    fn by_pixels(&self, ring: &Ring, all: &mut [Vec<(f64, f64)>]) {
        let pixels = self.around().ceil().max(1.0);
        let mut open: Option<(u32, f64)> = None;
        for pixel in 0..=pixels as usize {
            let at = pixel as f64 / pixels;
            let owner = (at < 1.0).then(|| owner_of(ring, at + 0.5 / pixels));
            let Some((before, from)) = open else {
                open = owner.map(|owner| (owner, at));
                continue;
            };
            if owner != Some(before) {
                all[before as usize].push((from, at));
                open = owner.map(|owner| (owner, at));
            }
        }
    }

    /// The ticks of the points; none if there are too many.
    #[must_use]
    pub fn ticks(&self, ring: &Ring) -> String {
        // Closer ticks would look like a second band.
        if ring.points.len() > MOST_POINTS || ring.points.len() as f64 * 4.0 > self.around() {
            return String::new();
        }
        let outer = self.edges().1;
        let tick = |(at, _): &(f64, u32)| {
            let (from, to) = (self.at(*at, outer), self.at(*at, outer + 6.0 * self.scale));
            format!("M{:.1} {:.1}L{:.1} {:.1}", from.x, from.y, to.x, to.y)
        };
        ring.points.iter().map(tick).collect()
    }

    /// Labels outside the band, for as many points as fit.
    #[must_use]
    pub fn labels(&self, ring: &Ring) -> Vec<Clump> {
        let near = 15.0 * self.scale / self.around();
        let mut clumps: Vec<(u32, f64, f64)> = Vec::new();
        for (at, owner) in ring.points.iter().take(MOST_POINTS) {
            match clumps.last_mut() {
                Some((same, _, to)) if same == owner && at - *to < near => *to = *at,
                _ => clumps.push((*owner, *at, *at)),
            }
        }
        if ring.points.is_empty() {
            let members = members(ring);
            let share = |rank: usize| (rank as f64 + 0.5) / members.len() as f64;
            clumps = (members.iter().enumerate())
                .map(|(rank, owner)| (*owner, share(rank), share(rank)))
                .collect();
        }
        if clumps.len() > MOST_LABELS {
            return Vec::new();
        }
        // Numbers mean something if a place is one of a thousand.
        let numbered = !ring.points.is_empty() && ring.places <= 10_000.0;
        let s = self.scale;
        // The 0 at the top comes first.
        let top = self.at(0.0, self.edges().1 + 10.0 * s);
        let mut taken = vec![[
            top.x - 6.0 * s,
            top.y - 9.0 * s,
            top.x + 6.0 * s,
            top.y + 9.0 * s,
        ]];
        let mut labels = Vec::new();
        for (owner, from, to) in clumps {
            let middle = (from + to) / 2.0;
            let at = self.at(middle, self.edges().1 + 17.0 * self.scale);
            let side = match self.at(middle, 1.0).x - self.centre.x {
                lean if lean > 0.3 => Side::Right,
                lean if lean < -0.3 => Side::Left,
                _ => Side::Middle,
            };
            let mut fits = |width: f64| {
                let left = match side {
                    Side::Left => at.x - width,
                    Side::Middle => at.x - width / 2.0,
                    Side::Right => at.x,
                };
                let area = [left, at.y - 9.0 * s, left + width, at.y + 9.0 * s];
                let (first, last) = self.reach();
                let free = taken.iter().all(|other| !meet(other, &area));
                let fits = free && area[0] >= first && area[2] <= last;
                if fits {
                    taken.push(area);
                }
                fits
            };
            let roomy = numbered && fits(70.0 * s);
            if roomy || fits(13.0 * s) {
                labels.push(Clump {
                    owner,
                    from,
                    to,
                    at,
                    side,
                    roomy,
                });
            }
        }
        labels
    }

    /// Keys inside the ring; keys at the same place are behind each other.
    #[must_use]
    pub fn keys(&self, ring: &Ring) -> Keys {
        let dot = self.dot() * 2.0 + 1.0;
        let start = self.edges().0 - self.dot() - 4.0;
        let bins = (start * std::f64::consts::TAU / dot).floor().max(8.0) as usize;
        let members = members(ring);
        let mut stacks: Vec<Vec<Option<u32>>> = vec![Vec::new(); bins];
        for item in &ring.items {
            let at = place_of(ring, &members, item);
            stacks[((at * bins as f64) as usize).min(bins - 1)].push(item.owner);
        }
        let deepest = stacks.iter().map(Vec::len).max().unwrap_or(0);
        let most = (start * 0.5 / dot).floor();
        let middle = |bin: usize| (bin as f64 + 0.5) / bins as f64;
        if deepest as f64 <= most {
            let dots = stacks.iter().enumerate().flat_map(|(bin, stack)| {
                stack.iter().enumerate().map(move |(depth, owner)| {
                    (*owner, self.at(middle(bin), start - depth as f64 * dot))
                })
            });
            return Keys::Dots(dots.collect());
        }
        let step = start * 0.5 / deepest as f64;
        let mut strokes = Vec::new();
        for (bin, stack) in stacks.iter_mut().enumerate() {
            faultline_sim::sorted::sort_by_key(stack, |owner| *owner);
            let mut depth = start;
            for same in stack.chunk_by(|a, b| a == b) {
                let end = depth - step * same.len() as f64;
                strokes.push((
                    same[0],
                    self.at(middle(bin), depth),
                    self.at(middle(bin), end),
                ));
                depth = end;
            }
        }
        Keys::Strokes(strokes)
    }

    /// A key's radius, rounded to the tenth of a pixel that paths use, because two half circles must
    /// fit together.
    #[must_use]
    pub fn dot(&self) -> f64 {
        (self.radius * 0.18).round().clamp(14.0, 32.0) / 10.0
    }

    /// The place of a key.
    #[must_use]
    pub fn place(&self, ring: &Ring, item: &RingItem) -> Point {
        let at = place_of(ring, &members(ring), item);
        self.at(at, self.edges().0 - self.dot() - 4.0)
    }

    /// The moves of the latest change, grouped.
    #[must_use]
    pub fn trails(&self, ring: &Ring) -> Vec<Trail> {
        let members = members(ring);
        // Rounded to a pixel, so that indistinguishable lines become one.
        let pixels = self.around();
        let near = |at: f64| (at * pixels).round() / pixels;
        let mut trails: Vec<Trail> = Vec::new();
        let mut all: Vec<(Trail, [i64; 2])> = Vec::new();
        for moved in &ring.moved {
            let Some(item) = ring.items.get(moved.item as usize) else {
                continue;
            };
            let end = |point: Option<f64>, owner: Option<u32>| {
                let by_rank = || rank_of(&members, owner?).map(|rank| share(rank, &members, item));
                point.or_else(by_rank).map(near)
            };
            let (from, to) = (
                end(moved.points[0], moved.from),
                end(moved.points[1], moved.to),
            );
            let key = [from, to].map(|at| at.map_or(-1, |at| (at * pixels) as i64));
            let trail = Trail {
                from,
                to,
                owner: moved.to,
                keys: 1,
            };
            all.push((trail, key));
        }
        faultline_sim::sorted::sort_by_key(&mut all, |(_, key)| *key);
        for same in all.chunk_by(|(_, a), (_, b)| a == b) {
            trails.push(Trail {
                keys: same.len() as u32,
                ..same[0].0.clone()
            });
        }
        trails
    }
}

/// Owners that are members, in the order of the list.
fn members(ring: &Ring) -> Vec<u32> {
    let owners = ring.owners.iter().zip(0..);
    owners
        .filter(|(owner, _)| owner.member)
        .map(|(_, at)| at)
        .collect()
}

fn rank_of(members: &[u32], owner: u32) -> Option<usize> {
    members.iter().position(|member| *member == owner)
}

fn share(rank: usize, members: &[u32], item: &RingItem) -> f64 {
    (rank as f64 + item.at) / members.len() as f64
}

/// On a ring with points, a key is at its hash; otherwise it is within its owner's share.
fn place_of(ring: &Ring, members: &[u32], item: &RingItem) -> f64 {
    let rank = item.owner.filter(|_| ring.points.is_empty());
    let rank = rank.and_then(|owner| rank_of(members, owner));
    rank.map_or(item.at, |rank| share(rank, members, item))
}

fn owner_of(ring: &Ring, at: f64) -> u32 {
    let next = ring.points.partition_point(|(point, _)| *point < at);
    ring.points[next % ring.points.len()].1
}

fn meet(a: &[f64; 4], b: &[f64; 4]) -> bool {
    a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3]
}
