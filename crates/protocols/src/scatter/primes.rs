//! The work itself.

/// Whether a number is prime: by trial division, as each worker does it.
fn is_prime(number: u32) -> bool {
    let mut divisors = 2..;
    let smallest = divisors.find(|d| d * d > number || number.is_multiple_of(*d));
    number > 1 && smallest.is_some_and(|d| d * d > number)
}

/// How many primes there are from `from` on and below `to`.
#[must_use]
pub fn count(from: u32, to: u32) -> u32 {
    (from..to).filter(|number| is_prime(*number)).count() as u32
}
