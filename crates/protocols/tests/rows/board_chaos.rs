//! The board under crashes on purpose.

use super::Row;

#[test]
fn t8() {
    for seed in 1..=3 {
        let run = Row::of("board/monkey").seed(seed).ended();
        let crashes = run.read("crashes");
        assert!((10.0..25.0).contains(&crashes), "seed {seed}: {crashes}");
        assert!(run.read("ok") > 95.0, "seed {seed}: {}", run.read("ok"));
    }
}

#[test]
fn t_b1() {
    for seed in 1..=3 {
        let three = Row::of("board/monkey").seed(seed).ended().read("ok");
        let one = Row::of("board/monkey-one-server").seed(seed).ended();
        assert!(
            one.read("ok") < three - 10.0,
            "seed {seed}: {one} of {three}",
            one = one.read("ok")
        );
    }
}

#[test]
fn t_t1() {
    let cost = |scenario: &str| Row::of(scenario).ended().read("cost");
    let (one, three) = (cost("board/monkey-one-server"), cost("board/monkey"));
    let five = cost("board/server-after-server-crashes");
    assert!(one < three && three < five, "{one}, {three}, {five}");
    assert!(five > 1.5 * three, "as many times as there are servers");
}
