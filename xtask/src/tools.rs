//! The tools that the jobs need: which are missing, how long they take, and how to install them.
//!
//! A tool goes into cargo's bin folder. If another version is already there, it stays, and ours goes
//! under `target/tools/`, which comes first on the path of every program that is started from here.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use crate::job::{self, say};
use crate::prebuilt;
use crate::project::Project;
use crate::{Outcome, browser, debian};

/// The profile of Cargo.toml that compiles the generator, and its folder under `target/`.
const GLUE_PROFILE: &str = "glue";
const TRUNK: &str = "0.21.14";
const WASM_PACK: &str = "0.15.1";
const BINARYEN: &str = "123.0.0";

/// A tool that a job needs.
#[derive(Clone, Copy, PartialEq)]
pub enum Tool {
    /// The standard library for the browser.
    WasmTarget,
    /// The generator of the page's JavaScript, as a program of this workspace.
    Glue,
    /// wasm-bindgen's command line tools, including the test runner.
    WasmBindgen,
    /// Builds the release page.
    Trunk,
    /// Shrinks the wasm.
    WasmOpt,
    /// Runs the wasm tests.
    WasmPack,
    /// Chromium and its driver.
    Browser,
    /// The node packages of the browser tests.
    EndToEnd,
    /// GNU parallel, by which README.md spreads work.
    Parallel,
}

/// Lists the missing tools with their install times, then installs them.
pub fn ensure(project: &Project, tools: &[Tool]) -> Outcome {
    let mut missing = Vec::new();
    for tool in tools {
        if !tool.is_here(project)? {
            missing.push(*tool);
        }
    }
    if missing.is_empty() {
        return Ok(());
    }
    say("Missing, and about to be installed:");
    for tool in &missing {
        say(&format!("  {:<46} {}", tool.name(project)?, tool.usual()));
        say(&format!("      {}", tool.place(project)));
    }
    say("Times are for two cores; a prebuilt archive, where there is one, takes seconds.\n");
    for tool in missing {
        let start = Instant::now();
        let name = tool.name(project)?;
        say(&format!("Installing {name} (usually {})", tool.usual()));
        tool.install(project)
            .and_then(|()| tool.check(project))
            .map_err(|reason| {
                format!(
                    "{name} could not be installed: {reason}\n{}",
                    tool.by_hand(project)
                )
            })?;
        say(&format!("  {name}: done in {}\n", job::since(start)));
    }
    Ok(())
}

impl Tool {
    fn name(self, project: &Project) -> Outcome<String> {
        Ok(match self {
            Self::WasmTarget => "Rust's wasm32-unknown-unknown target".into(),
            Self::Glue => format!(
                "wasm-bindgen {} (generator only)",
                bindgen_version(project)?
            ),
            Self::WasmBindgen => format!("wasm-bindgen-cli {}", bindgen_version(project)?),
            Self::Trunk => format!("trunk {TRUNK}"),
            Self::WasmOpt => format!("wasm-opt of binaryen {BINARYEN} (npm)"),
            Self::WasmPack => format!("wasm-pack {WASM_PACK}"),
            Self::Browser => "Chromium and chromedriver".into(),
            Self::EndToEnd => "playwright-core and axe-core (npm)".into(),
            Self::Parallel => "GNU parallel".into(),
        })
    }

    /// Measured on two cores with a good network.
    fn usual(self) -> &'static str {
        match self {
            Self::WasmTarget => "10 s",
            Self::Glue => "30 s",
            Self::WasmBindgen | Self::WasmPack => "2 min",
            Self::Trunk => "5 min",
            Self::WasmOpt | Self::EndToEnd => "10 s",
            Self::Browser => "1 min",
            Self::Parallel => "20 s",
        }
    }

    fn place(self, project: &Project) -> String {
        match self {
            Self::WasmTarget => "into the Rust toolchain in use, by rustup".into(),
            Self::Glue => format!("compiled from xtask/glue into {}", project.target.display()),
            Self::WasmBindgen => format!("into {}", destination(project, "wasm-bindgen").display()),
            Self::Trunk => format!("into {}", destination(project, "trunk").display()),
            Self::WasmPack => format!("into {}", destination(project, "wasm-pack").display()),
            Self::WasmOpt => format!("into {}, by npm", wasm_opt_prefix(project).display()),
            Self::Browser => browser::install_place(),
            Self::EndToEnd => "into tests/e2e/node_modules, by npm".into(),
            Self::Parallel => "into the system, by apt-get (package parallel)".into(),
        }
    }

    fn is_here(self, project: &Project) -> Outcome<bool> {
        Ok(match self {
            Self::WasmTarget => has_wasm_target(project),
            Self::Glue => {
                let glue = project
                    .target
                    .join(GLUE_PROFILE)
                    .join(program_file("faultline-glue"));
                glue.exists() || has_bindgen(project, &bindgen_version(project)?)
            }
            Self::WasmBindgen => {
                has_bindgen(project, &bindgen_version(project)?)
                    && find(project, "wasm-bindgen-test-runner").is_some()
            }
            Self::Trunk => has_word(project, "trunk", |word| word.starts_with("0.21.")),
            Self::WasmOpt => has_word(project, "wasm-opt", |word| word == "123"),
            Self::WasmPack => find(project, "wasm-pack").is_some(),
            Self::Browser => browser::chromium().is_some() && browser::chromedriver().is_some(),
            // Only one test needs it, which says so where it is skipped: other systems do without.
            Self::Parallel => find(project, "parallel").is_some() || !debian::can_install(project),
            Self::EndToEnd => {
                // npm writes this file last; it is older than the lock when versions have moved.
                let modules = project.end_to_end().join("node_modules/.package-lock.json");
                let lock = project.end_to_end().join("package-lock.json");
                match (modified(&modules), modified(&lock)) {
                    (Some(installed), Some(locked)) => installed >= locked,
                    _ => false,
                }
            }
        })
    }

    fn check(self, project: &Project) -> Outcome {
        if self.is_here(project)? {
            Ok(())
        } else {
            Err("the installation reported success, but the tool does not answer".into())
        }
    }

    fn install(self, project: &Project) -> Outcome {
        match self {
            Self::WasmTarget => {
                let mut command = project.command("rustup");
                command.args(["target", "add", "wasm32-unknown-unknown"]);
                job::report("rustup", self.usual(), command)
            }
            Self::Glue => job::report(
                "wasm-bindgen generator",
                self.usual(),
                project.cargo(&[
                    "build",
                    "--profile",
                    GLUE_PROFILE,
                    "--package",
                    "faultline-glue",
                ]),
            ),
            Self::WasmBindgen => {
                let version = bindgen_version(project)?;
                let programs = ["wasm-bindgen", "wasm-bindgen-test-runner"];
                // Without `--locked`, because its lock file names yanked versions.
                cargo_tool(
                    project,
                    "wasm-bindgen-cli",
                    &version,
                    &programs,
                    false,
                    self.usual(),
                )
            }
            Self::Trunk => cargo_tool(project, "trunk", TRUNK, &["trunk"], true, self.usual()),
            Self::WasmPack => cargo_tool(
                project,
                "wasm-pack",
                WASM_PACK,
                &["wasm-pack"],
                true,
                self.usual(),
            ),
            Self::WasmOpt => {
                let mut command = npm(project)?;
                command.args(["install", "--global", "--no-audit", "--no-fund", "--prefix"]);
                command
                    .arg(wasm_opt_prefix(project))
                    .arg(format!("binaryen@{BINARYEN}"));
                job::report("npm", self.usual(), command)
            }
            Self::Browser => browser::install(project),
            Self::Parallel => debian::install(project, "GNU parallel", &["parallel"]),
            Self::EndToEnd => {
                let mut command = npm(project)?;
                command
                    .args(["ci", "--no-audit", "--no-fund"])
                    .current_dir(project.end_to_end());
                job::report("npm", self.usual(), command)
            }
        }
    }

    fn by_hand(self, project: &Project) -> String {
        let version = bindgen_version(project).unwrap_or_default();
        let command = match self {
            Self::WasmTarget => "rustup target add wasm32-unknown-unknown".into(),
            Self::Glue => "cargo build --profile glue --package faultline-glue".into(),
            Self::WasmBindgen => format!("cargo install wasm-bindgen-cli@{version}"),
            Self::Trunk => format!("cargo install trunk@{TRUNK} --locked"),
            Self::WasmPack => format!("cargo install wasm-pack@{WASM_PACK} --locked"),
            Self::WasmOpt => format!("npm install --global binaryen@{BINARYEN}"),
            Self::Browser => return browser::by_hand(),
            Self::EndToEnd => "npm ci --prefix tests/e2e".into(),
            Self::Parallel => "sudo apt-get install parallel".into(),
        };
        format!("By hand: {command}")
    }
}

/// The program that writes the page's JavaScript, with its first arguments: an installed wasm-bindgen
/// of exactly the locked version, because that costs nothing, else the generator of this workspace,
/// which cargo recompiles whenever the lock file changes.
pub fn generator(project: &Project, input: &Path, folder: &Path, name: &str) -> Outcome<Command> {
    let version = bindgen_version(project)?;
    let installed = find(project, "wasm-bindgen").filter(|_| has_bindgen(project, &version));
    let mut command = match installed {
        Some(program) => {
            let mut command = project.command(program);
            command.args([
                "--target",
                "web",
                "--no-typescript",
                "--out-name",
                name,
                "--out-dir",
            ]);
            command
        }
        None => {
            let run = ["run", "--quiet", "--profile", GLUE_PROFILE];
            let mut command = project.cargo(&run);
            command.args(["--package", "faultline-glue", "--", name]);
            command
        }
    };
    command.arg(folder).arg(input);
    Ok(command)
}

/// The path for every program that is started from here: our own tools first, then cargo's.
pub fn path(project: &Project) -> OsString {
    let inherited = env::var_os("PATH").unwrap_or_default();
    let ours = [
        project.tools().join("bin"),
        project.tools(),
        cargo_home().join("bin"),
    ];
    let folders = ours.into_iter().chain(env::split_paths(&inherited));
    env::join_paths(folders).unwrap_or(inherited)
}

/// The first program of this name on [`path`].
pub fn find(project: &Project, name: &str) -> Option<PathBuf> {
    find_in(&path(project), name)
}

/// The first program of this name in these folders, with the suffixes of Windows programs.
pub fn find_in(path: &OsString, name: &str) -> Option<PathBuf> {
    let endings: &[&str] = if cfg!(windows) {
        &[".exe", ".cmd", ".bat"]
    } else {
        &[""]
    };
    env::split_paths(path)
        .flat_map(|folder| {
            endings
                .iter()
                .map(move |ending| folder.join(format!("{name}{ending}")))
        })
        .find(|candidate| candidate.is_file())
}

/// npm, or a sentence about how to install it.
pub fn npm(project: &Project) -> Outcome<Command> {
    let npm = find(project, "npm").ok_or(
        "npm is not installed; it comes with Node.js 20 or newer (https://nodejs.org, or \
         `apt-get install nodejs npm`)",
    )?;
    Ok(project.command(npm))
}

fn bindgen_version(project: &Project) -> Outcome<String> {
    project.locked_version("wasm-bindgen")
}

fn has_wasm_target(project: &Project) -> bool {
    let mut rustc = project.command(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    rustc.args([
        "--print",
        "target-libdir",
        "--target",
        "wasm32-unknown-unknown",
    ]);
    job::answer(rustc).is_some_and(|folder| Path::new(folder.trim()).is_dir())
}

fn has_bindgen(project: &Project, version: &str) -> bool {
    has_word(project, "wasm-bindgen", |word| word == version)
}

/// Whether the output of a program's `--version` contains this word. Compares whole words, because
/// 0.2.13 is a part of 0.2.130.
fn has_word(project: &Project, name: &str, wanted: impl Fn(&str) -> bool) -> bool {
    let Some(program) = find(project, name) else {
        return false;
    };
    let mut command = Command::new(program);
    command.arg("--version");
    job::answer(command).is_some_and(|answer| answer.split_whitespace().any(wanted))
}

fn modified(path: &Path) -> Option<std::time::SystemTime> {
    path.metadata().ok()?.modified().ok()
}

/// The folder whose `bin` holds the tools that cargo installs.
pub fn cargo_home() -> PathBuf {
    let home = || env::home_dir().unwrap_or_default().join(".cargo");
    env::var_os("CARGO_INSTALL_ROOT")
        .or_else(|| env::var_os("CARGO_HOME"))
        .map_or_else(home, PathBuf::from)
}

fn program_file(name: &str) -> String {
    format!("{name}{}", env::consts::EXE_SUFFIX)
}

/// The root whose `bin` folder gets a tool: cargo's, unless another version is there.
fn root_for(project: &Project, program: &str) -> PathBuf {
    if cargo_home()
        .join("bin")
        .join(program_file(program))
        .exists()
    {
        project.tools()
    } else {
        cargo_home()
    }
}

fn destination(project: &Project, program: &str) -> PathBuf {
    root_for(project, program).join("bin")
}

/// Next to cargo's tools, so that a `trunk build --release` typed by hand finds it too; but it never
/// replaces another version that a person may need.
fn wasm_opt_prefix(project: &Project) -> PathBuf {
    if cfg!(windows) || find(project, "wasm-opt").is_some() {
        project.tools()
    } else {
        cargo_home()
    }
}

/// A tool from crates.io: a prebuilt archive if possible, else compiled.
fn cargo_tool(
    project: &Project,
    krate: &str,
    version: &str,
    programs: &[&str],
    locked: bool,
    usual: &str,
) -> Outcome {
    let root = root_for(project, programs[0]);
    if prebuilt::fetch(project, krate, version, programs, &root) {
        return Ok(());
    }
    say("  compiling it here instead");
    let mut command = project.cargo(&["install", "--force", "--root"]);
    command.arg(&root).arg(format!("{krate}@{version}"));
    if locked {
        command.arg("--locked");
    }
    // The tools' own release profiles optimise for speed and take twice as long to compile. The shared
    // folder lets one tool reuse what another has compiled.
    command
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
        .env("CARGO_PROFILE_RELEASE_LTO", "false")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
        .env("CARGO_TARGET_DIR", project.tools().join("compile"))
        // Outside the checkout, because its cargo settings are not for tools.
        .current_dir(env::temp_dir());
    job::report(krate, usual, command)
}
