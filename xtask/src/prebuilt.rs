//! Prebuilt programs from the tools' own releases, if the network is fast enough.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use crate::job::{self, say};
use crate::project::Project;
use crate::tools;

/// Installs a tool's released programs into `root/bin`. Returns `false` if there are none for this
/// machine or the network is too slow; then the caller compiles the tool.
pub fn fetch(
    project: &Project,
    krate: &str,
    version: &str,
    programs: &[&str],
    root: &Path,
) -> bool {
    let Some(address) = address(krate, version) else {
        return false;
    };
    let Some(curl) = tools::find(project, "curl") else {
        return false;
    };
    say("  asking github.com for a prebuilt archive (gives up after 4 s without an answer)");
    let mut probe = project.command(&curl);
    probe.args(["--silent", "--fail", "--head", "--location"]);
    probe.args(["--connect-timeout", "4", "--max-time", "8", &address]);
    if job::answer(probe).is_none() {
        say("  not reachable");
        return false;
    }
    if tools::find(project, "cargo-binstall").is_some() {
        let mut command = project.cargo(&["binstall", "--no-confirm", "--force"]);
        command
            .args(["--disable-strategies", "compile", "--root"])
            .arg(root);
        command.arg(format!("{krate}@{version}"));
        if job::report("cargo binstall", "20 s", command).is_ok() {
            return true;
        }
    }
    let folder = project.tools().join("download").join(krate);
    let archive = folder.join("archive");
    let unpacked = folder.join("unpacked");
    if fs::create_dir_all(&unpacked).is_err() {
        return false;
    }
    let mut download = project.command(&curl);
    download.args([
        "--silent",
        "--show-error",
        "--fail",
        "--location",
        "--max-time",
        "120",
    ]);
    download.arg("--output").arg(&archive).arg(&address);
    let mut unpack = project.command("tar");
    unpack.arg("-xf").arg(&archive).arg("-C").arg(&unpacked);
    job::report("download", "20 s", download).is_ok()
        && job::report("tar", "1 s", unpack).is_ok()
        && programs
            .iter()
            .all(|program| place(&unpacked, program, root))
}

/// Copies one program from an unpacked archive; it must run on this machine.
fn place(unpacked: &Path, program: &str, root: &Path) -> bool {
    let file = format!("{program}{}", env::consts::EXE_SUFFIX);
    let Some(found) = find(unpacked, &file) else {
        return false;
    };
    let mut version = std::process::Command::new(&found);
    version.arg("--version");
    let bin = root.join("bin");
    job::answer(version).is_some()
        && fs::create_dir_all(&bin).is_ok()
        && fs::copy(found, bin.join(file)).is_ok()
}

fn find(folder: &Path, file: &str) -> Option<PathBuf> {
    let entries: Vec<PathBuf> = fs::read_dir(folder)
        .ok()?
        .flatten()
        .map(|e| e.path())
        .collect();
    let here = entries
        .iter()
        .find(|path| path.is_file() && path.ends_with(file))
        .cloned();
    here.or_else(|| {
        entries
            .iter()
            .filter(|path| path.is_dir())
            .find_map(|path| find(path, file))
    })
}

/// The address of the archive for this machine.
fn address(krate: &str, version: &str) -> Option<String> {
    let linux = if krate == "trunk" { "gnu" } else { "musl" };
    let machine = match (env::consts::OS, env::consts::ARCH) {
        ("linux", "x86_64") => format!("x86_64-unknown-linux-{linux}"),
        ("linux", "aarch64") => format!("aarch64-unknown-linux-{linux}"),
        ("macos", architecture @ ("x86_64" | "aarch64")) => format!("{architecture}-apple-darwin"),
        ("windows", "x86_64") => "x86_64-pc-windows-msvc".into(),
        _ => return None,
    };
    let path = match krate {
        "wasm-bindgen-cli" => format!(
            "wasm-bindgen/wasm-bindgen/releases/download/{version}/wasm-bindgen-{version}-{machine}.tar.gz"
        ),
        "wasm-pack" => format!(
            "wasm-bindgen/wasm-pack/releases/download/v{version}/wasm-pack-v{version}-{machine}.tar.gz"
        ),
        "trunk" => {
            let ending = if cfg!(windows) { "zip" } else { "tar.gz" };
            format!("trunk-rs/trunk/releases/download/v{version}/trunk-{machine}.{ending}")
        }
        _ => return None,
    };
    Some(format!("https://github.com/{path}"))
}
