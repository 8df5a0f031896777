//! What a ring of keys looks like on its wheel: stretches, labels, dots, trails. As much is drawn as
//! there are pixels for: a ring may have fifty thousand points and ten thousand keys.

use faultline_sim::frame::{Ring, RingItem};

use super::{Point, Wheel};

/// More points than this are drawn pixel by pixel, and without a tick each.
const MOST_POINTS: usize = 600;
/// More labels would be a thicket.
const MOST_LABELS: usize = 40;

/// Points of one owner that stand so close that they have one label.
#[derive(Clone, Debug, PartialEq)]
pub struct Clump {
    pub owner: u32,
    pub from: f64,
    pub to: f64,
    /// Where the label stands, and how it hangs there.
    pub at: Point,
    pub side: Side,
    /// There is room for the numbers of the places, too.
    pub roomy: bool,
}

/// On which side of a place its label hangs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Left,
    Middle,
    Right,
}

/// Keys that changed owner alike.
#[derive(Clone, Debug, PartialEq)]
pub struct Trail {
    /// From and to where on the ring; none: from somebody who is not there any more, or to nobody.
    pub from: Option<f64>,
    pub to: Option<f64>,
    /// Who has them now.
    pub owner: Option<u32>,
    pub keys: u32,
}

/// Where keys are drawn.
#[derive(Clone, Debug, PartialEq)]
pub enum Keys {
    /// A dot each: owner and place.
    Dots(Vec<(Option<u32>, Point)>),
    /// Too many: a stroke for each piece of the ring, as long as there are keys, from its outer to its
    /// inner end.
    Strokes(Vec<(Option<u32>, Point, Point)>),
}

impl Wheel {
    /// The stretches that each owner owns, from and to, clockwise.
    #[must_use]
    pub fn stretches(&self, ring: &Ring) -> Vec<Vec<(f64, f64)>> {
        let mut all = vec![Vec::new(); ring.owners.len()];
        let Some((last, _)) = ring.points.last() else {
            // No points: everybody has an equal share, in the order of the list.
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

    /// One stretch a pixel, of whoever owns its middle; equal neighbours are one.
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

    /// Where each point has a tick; none if there are too many.
    #[must_use]
    pub fn ticks(&self, ring: &Ring) -> String {
        // Closer than this they would be a second band.
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

    /// Labels outside the band, for as many points as there is room for.
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
        // Numbers say something where a place is one of a thousand.
        let numbered = !ring.points.is_empty() && ring.places <= 10_000.0;
        let s = self.scale;
        // The 0 above the top stands there first.
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

    /// Keys inside the ring, those that lie at one place behind each other.
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

    /// A key's radius, to the tenth of a pixel that paths are written with: two halves of a circle
    /// must fit each other.
    #[must_use]
    pub fn dot(&self) -> f64 {
        (self.radius * 0.18).round().clamp(14.0, 32.0) / 10.0
    }

    /// Where a key lies.
    #[must_use]
    pub fn place(&self, ring: &Ring, item: &RingItem) -> Point {
        let at = place_of(ring, &members(ring), item);
        self.at(at, self.edges().0 - self.dot() - 4.0)
    }

    /// What moved at the latest change, alike ones together.
    #[must_use]
    pub fn trails(&self, ring: &Ring) -> Vec<Trail> {
        let members = members(ring);
        // To a pixel: what cannot be told apart is one line.
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

/// On a ring with points a key lies where its hash says; otherwise within its owner's share.
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
