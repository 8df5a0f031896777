//! Boards that a person builds.

use faultline_sim::descriptor::Scenario;
use faultline_sim::standing::View;

use super::BASE;

pub const SCENARIOS: &[Scenario] = &[Scenario {
    id: "build-your-own",
    title: "A crowd, and no box that answers",
    summary: "Ten requests a second come, and nobody takes them. Add boxes with Build, connect them, and see how long \
              answers take. Undo takes each step back.",
    params: &[("nodes", "1"), ("n1.kind", "crowd"), ("rate", "10")],
    view: View::BASE,
    ..BASE
}];
