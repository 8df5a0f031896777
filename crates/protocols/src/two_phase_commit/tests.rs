//! Facts of the literature, and what each rule is for.
