//! What is published of proof of work: hashes, targets, and an attacker's chances.

use super::{probe, report, values};

/// What a node answers to a request.
fn answer(request: &str) -> String {
    let command = format!("100ms request n1 {request}");
    let words = ["run", "pow", "--until", "1s", "--command", &command];
    let words: Vec<&str> = words
        .into_iter()
        .chain(["--trace", "-", "--format", "history"])
        .collect();
    super::with_input(&words, "").out
}

/// W-SHA, W-GEN, W-NON: the standard's example, Bitcoin's first block, and the first numbers for some zeros.
#[test]
fn hashes_are_those_of_the_standard_and_of_bitcoin() {
    let abc = answer(r#"{"hash":{"text":"abc"}}"#);
    assert!(
        abc.contains("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        "{abc}"
    );
    let header = "0100000000000000000000000000000000000000000000000000000000000000000000003ba3edfd7a7b12b27ac72c3e\
                  67768f617fc81bc3888a51323a9fb8aa4b1e5e4a29ab5f49ffff001d1dac2b7c";
    let genesis = answer(&format!(r#"{{"header":{{"hex":"{header}"}}}}"#));
    assert!(
        genesis.contains("000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f"),
        "{genesis}"
    );
    for (zeros, n) in [(1, 31), (2, 31), (3, 31), (4, 27_238)] {
        let found = answer(&format!(
            r#"{{"search":{{"text":"block","zeros":{zeros}}}}}"#
        ));
        assert!(found.contains(&format!("\"n\":{n},")), "{found}");
    }
}

/// W-GEO: with k zero bits a block takes 2^k hashes on average, and 63.2 % take no more.
#[test]
fn a_block_takes_as_many_hashes_as_its_target_says() {
    for bits in [4, 6, 8] {
        let line =
            format!("run pow/chain-grows --param nodes=1 --param bits={bits} --until 10000s");
        let expected = f64::from(1 << bits);
        let blocks = probe(&line, "blocks");
        assert!(blocks > 1_500.0, "{blocks}");
        let mean = probe(&line, "tries");
        assert!(
            (mean - expected).abs() < 4.0 * expected / blocks.sqrt(),
            "{bits} bits: {mean}"
        );
        let within = probe(&line, "within");
        assert!((within - 63.2).abs() < 5.0, "{bits} bits: {within} %");
    }
}

/// W-TAB: the cells of 1 % and more, as computed, and as often as runs take a payment back.
#[test]
fn a_payment_is_taken_back_as_often_as_nakamoto_computed() {
    for (share, z, percent) in [
        (10, 1, 20.458_73),
        (10, 2, 5.097_79),
        (10, 3, 1.317_22),
        (30, 5, 17.735_23),
        (30, 10, 4.166_05),
        (30, 15, 1.010_08),
    ] {
        let line = format!(
            "run pow/double-spend --param share={share} --param confirmations={z} --until 1s"
        );
        let computed = probe(&line, "textbook");
        assert!(
            (computed - percent).abs() < 6e-6,
            "{share} %, {z}: {computed}"
        );
        let line = format!("pow/double-spend --param share={share} --param confirmations={z}");
        let taken = values(&line, 200, "reversed");
        let part = 100.0 * taken.iter().sum::<f64>() / taken.len() as f64;
        let chance = percent / 100.0;
        let deviation = 100.0 * (chance * (1.0 - chance) / 200.0_f64).sqrt();
        // The exact chance is up to 2.4 points higher than the paper's (Rosenfeld 2014).
        assert!(
            (part - percent).abs() < 3.0 * deviation + 2.5,
            "{share} %, {z}: {part} %"
        );
    }
}

/// Decker and Wattenhofer: the slower the news, the more heights with two blocks.
#[test]
fn forks_follow_the_delay() {
    let rates = [0, 2_000, 8_000].map(|jitter| {
        let report = report(&format!(
            "sweep pow/fork-rate --param jitter={jitter} --seeds 0..5 --probe fork-rate"
        ));
        report["mean"].as_f64().expect("a number")
    });
    assert!(rates.is_sorted() && rates[2] > 3.0 * rates[0], "{rates:?}");
}
