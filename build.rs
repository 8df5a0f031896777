//! Asks the linker of the published page to leave behind which function reads which constant:
//! xtask/split divides memory's contents by that.

use std::env;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let is = |name: &str, value: &str| env::var(name).is_ok_and(|found| found == value);
    // The only profile that is optimised for size is the published page's.
    if is("CARGO_CFG_TARGET_ARCH", "wasm32") && is("OPT_LEVEL", "z") {
        println!("cargo::rustc-link-arg-cdylib=--emit-relocs");
    }
}
