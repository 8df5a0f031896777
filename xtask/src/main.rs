//! Set-up and every routine job of this repository.

fn main() {}
