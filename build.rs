//! Asks the linker of the published page to keep the information which function reads which constant.
//! xtask/split uses it to divide the contents of memory.

use std::env;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let is = |name: &str, value: &str| env::var(name).is_ok_and(|found| found == value);
    // Only the profile of the published page is optimised for size.
    if is("CARGO_CFG_TARGET_ARCH", "wasm32") && is("OPT_LEVEL", "z") {
        println!("cargo::rustc-link-arg-cdylib=--emit-relocs");
    }
}
