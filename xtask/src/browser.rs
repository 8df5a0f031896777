//! The browsers of the tests and their drivers, wherever this system has them.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::Outcome;
use crate::debian;
use crate::project::{self, Project};
use crate::tools;

/// The variable that names another browser or driver.
const CHROME_VARIABLE: &str = "CHROME";
const DRIVER_VARIABLE: &str = "CHROMEDRIVER";

/// A browser that Playwright and chromedriver can start.
pub fn chromium() -> Option<PathBuf> {
    let named = env::var_os(CHROME_VARIABLE)
        .map(PathBuf::from)
        .filter(|path| path.is_file());
    let names = [
        "chromium",
        "chromium-browser",
        "google-chrome-stable",
        "google-chrome",
        "chrome",
    ];
    let installed = [
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        r"C:\Program Files\Google\Chrome\Application\chrome.exe",
        r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
    ];
    named
        .or_else(|| names.iter().find_map(|name| on_path(name)))
        .or_else(|| {
            installed
                .iter()
                .map(PathBuf::from)
                .find(|path| path.is_file())
        })
}

/// The driver that belongs to [`chromium`].
pub fn chromedriver() -> Option<PathBuf> {
    let named = env::var_os(DRIVER_VARIABLE)
        .map(PathBuf::from)
        .filter(|path| path.is_file());
    // GitHub's machines have the driver's folder in this variable.
    let folder = env::var_os("CHROMEWEBDRIVER").unwrap_or_default();
    named
        .or_else(|| on_path("chromedriver"))
        .or_else(|| tools::find_in(&folder, "chromedriver"))
        .or_else(|| Some(PathBuf::from("/usr/lib/chromium/chromedriver")).filter(|p| p.is_file()))
}

/// Firefox's driver, if Firefox is here too.
pub fn geckodriver() -> Option<PathBuf> {
    let mac = Path::new("/Applications/Firefox.app").exists();
    let firefox = ["firefox", "firefox-esr"]
        .iter()
        .any(|name| on_path(name).is_some());
    if firefox || mac {
        on_path("geckodriver")
    } else {
        None
    }
}

/// A WebDriver configuration with the browser of this system. The committed `webdriver.json` names
/// none, so that a `wasm-pack test` typed by hand works where the driver finds the browser itself. This
/// one works everywhere else too.
pub fn webdriver_json(project: &Project) -> Outcome<PathBuf> {
    let text = project::read(&project.root.join("webdriver.json"))?;
    let mut json: serde_json::Value = serde_json::from_str(&text)
        .map_err(|error| format!("webdriver.json is no JSON: {error}"))?;
    if let Some(browser) = chromium() {
        json["goog:chromeOptions"]["binary"] = browser.to_string_lossy().into();
    }
    let path = project.target.join("webdriver.json");
    project::write(&path, json.to_string())?;
    Ok(path)
}

/// Installs Chromium and its driver from Debian's packages, if this process has the rights.
pub fn install(project: &Project) -> Outcome {
    let packages = ["chromium", "chromium-driver", "fonts-liberation"];
    debian::install(project, "a browser", &packages)
}

/// Where [`install`] puts the browser.
pub fn install_place() -> String {
    "into the system, by apt-get (packages chromium, chromium-driver, fonts-liberation)".into()
}

/// What a person can do if [`install`] cannot help.
pub fn by_hand() -> String {
    let command = if cfg!(target_os = "macos") {
        "brew install --cask chromium chromedriver"
    } else if cfg!(windows) {
        "winget install Google.Chrome Chromium.ChromeDriver"
    } else {
        "sudo apt-get install chromium chromium-driver"
    };
    format!(
        "By hand: {command} (or set {CHROME_VARIABLE} and {DRIVER_VARIABLE} to the two programs)"
    )
}

fn on_path(name: &str) -> Option<PathBuf> {
    let path: OsString = env::var_os("PATH").unwrap_or_default();
    let cargo = tools::cargo_home().join("bin");
    tools::find_in(&path, name).or_else(|| tools::find_in(&cargo.into_os_string(), name))
}
