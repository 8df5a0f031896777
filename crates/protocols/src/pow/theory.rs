//! What is computed in papers, to be set beside what is measured. Logarithms and powers come from `libm`.

/// Nakamoto, section 11: the chance that an attacker with this share of the hash power ever catches up, after the
/// merchant has waited for so many blocks. He takes the attacker's progress for Poisson distributed.
pub fn catch_up(share: f64, blocks: u32) -> f64 {
    let (q, p) = (share, 1.0 - share);
    if q >= p {
        return 1.0;
    }
    let lambda = f64::from(blocks) * q / p;
    let mut poisson = libm::exp(-lambda);
    let mut sum = 1.0;
    for k in 0..=blocks {
        sum -= poisson * (1.0 - from_behind(share, blocks - k));
        poisson *= lambda / f64::from(k + 1);
    }
    sum
}

/// Gambler's ruin: the chance to catch up from so many blocks behind.
pub fn from_behind(share: f64, blocks: u32) -> f64 {
    let (q, p) = (share, 1.0 - share);
    match q < p {
        true => libm::pow(q / p, f64::from(blocks)),
        false => 1.0,
    }
}

/// The same as [`catch_up`] with the exact distribution of the attacker's progress, which is negative binomial
/// (Rosenfeld 2014): somewhat more.
pub fn catch_up_exactly(share: f64, blocks: u32) -> f64 {
    let (q, p) = (share, 1.0 - share);
    if q >= p {
        return 1.0;
    }
    let mut chance = libm::pow(p, f64::from(blocks));
    let mut sum = 1.0;
    for k in 0..=blocks {
        sum -= chance * (1.0 - from_behind(share, blocks - k));
        chance *= q * f64::from(blocks + k) / f64::from(k + 1);
    }
    sum
}

/// Eyal and Sirer: a selfish pool's part of the revenue. In a race of two blocks, this part of the
/// others mines on the pool's block.
pub fn selfish_revenue(share: f64, on_pool: f64) -> f64 {
    let (a, g) = (share, on_pool);
    let honest = 1.0 - a;
    let above = a * honest * honest * (4.0 * a + g * (1.0 - 2.0 * a)) - a * a * a;
    above / (1.0 - a * (1.0 + (2.0 - a) * a))
}
