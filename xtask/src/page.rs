//! The page under development: cargo, wasm-bindgen's generator, and the assets of `index.html`.
//!
//! Trunk does this for the published page, but it takes minutes to install, and a first look at the
//! project should not wait for it. The browser tests check that both give the same page.

use std::fs;
use std::path::{Path, PathBuf};

use crate::Outcome;
use crate::job;
use crate::markup::{self, Asset};
use crate::project::{self, Project};
use crate::server::RELOAD_SCRIPT;
use crate::{texts, tools};

const NAME: &str = "faultline-web";

/// The folder of the page under development.
pub fn folder(project: &Project) -> PathBuf {
    project.target.join("serve")
}

/// Compiles the page and assembles it in [`folder`].
pub fn build(project: &Project) -> Outcome {
    let target = "wasm32-unknown-unknown";
    let mut cargo = project.cargo(&["build", "--package", NAME, "--lib", "--target", target]);
    cargo.env("PATH", tools::path(project));
    job::show("compiling the page", cargo)?;
    let wasm = project
        .target
        .join(target)
        .join("debug")
        .join("faultline_web.wasm");
    let folder = folder(project);
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let generator = tools::generator(project, &wasm, &folder, NAME)?;
    job::show("writing the page's JavaScript", generator)?;
    texts::make(&project.root, &folder).map_err(|error| format!("the essays: {error}"))?;
    let page = project::read(&project.root.join("index.html"))?;
    let page = markup::rewrite(&page, |asset| place(project, asset, &folder))?;
    project::write(&folder.join("index.html"), page)
}

/// Copies an asset and returns the element that replaces it.
fn place(project: &Project, asset: &Asset, folder: &Path) -> Outcome<String> {
    if asset.element == "script" {
        let name = copy(project, asset.get("src"), folder, "")?;
        return Ok(format!(
            "<script src=\"./{name}\"{}></script>",
            asset.visible(&["src"])
        ));
    }
    let href = asset.get("href");
    match asset.rel() {
        "rust" => rust(project, asset, folder),
        "css" => {
            let name = copy(project, href, folder, "")?;
            let rest = asset.visible(&["rel", "href"]);
            Ok(format!("<link rel=\"stylesheet\" href=\"./{name}\"{rest}>"))
        }
        "icon" => {
            let name = copy(project, href, folder, "")?;
            let rest = asset.visible(&["rel", "href"]);
            Ok(format!("<link rel=\"icon\" href=\"./{name}\"{rest}>"))
        }
        "copy-file" => {
            copy(project, href, folder, asset.get("data-target-path")).map(|_| String::new())
        }
        "copy-dir" => {
            let from = project.root.join(href);
            let name = from.file_name().unwrap_or_default();
            let to = match asset.get("data-target-path") {
                "" => folder.join(name),
                path => folder.join(path),
            };
            copy_folder(&from, &to).map(|()| String::new())
        }
        "inline" => inline(project, asset),
        other => Err(format!(
            "index.html: `serve` does not know rel=\"{other}\"; teach xtask/src/page.rs or use trunk"
        )),
    }
}

/// The same loader as Trunk's, so that the page does not depend on who built it.
fn rust(project: &Project, asset: &Asset, folder: &Path) -> Outcome<String> {
    let start = match asset.get("data-initializer") {
        "" => format!("init({{ module_or_path: './{NAME}_bg.wasm' }})"),
        path => {
            let name = copy(project, path, folder, "")?;
            // Trunk reports the download's progress to the initializer. Here the file comes from this
            // machine, so there is no progress to report.
            return Ok(loader(
                &format!("import initializer from './{name}';\n"),
                &format!(
                    "await (async () => {{ const hooks = initializer(); hooks.onStart?.(); \
                     try {{ const wasm = await init({{ module_or_path: './{NAME}_bg.wasm' }}); \
                     hooks.onSuccess?.(wasm); return wasm; }} \
                     catch (error) {{ hooks.onFailure?.(error); throw error; }} \
                     finally {{ hooks.onComplete?.(); }} }})()"
                ),
            ));
        }
    };
    Ok(loader("", &format!("await {start}")))
}

fn loader(imports: &str, start: &str) -> String {
    format!(
        "<script type=\"module\">\n{imports}import init, * as bindings from './{NAME}.js';\n\
         const wasm = {start};\nwindow.wasmBindings = bindings;\n\
         dispatchEvent(new CustomEvent('TrunkApplicationStarted', {{ detail: {{ wasm }} }}));\n\
         </script>\n<script type=\"module\" src=\"./{RELOAD_SCRIPT}\"></script>"
    )
}

fn inline(project: &Project, asset: &Asset) -> Outcome<String> {
    let href = asset.get("href");
    let content = project::read(&project.root.join(href))?;
    let kind = match asset.get("type") {
        "" => href.rsplit('.').next().unwrap_or_default(),
        kind => kind,
    };
    Ok(match kind {
        "css" => format!("<style>{content}</style>"),
        "js" => format!("<script>{content}</script>"),
        "mjs" | "module" => format!("<script type=\"module\">{content}</script>"),
        _ => content,
    })
}

/// Copies one file of the checkout and returns its address in the page.
fn copy(project: &Project, href: &str, folder: &Path, below: &str) -> Outcome<String> {
    let from = project.root.join(href);
    let name = from
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let content =
        fs::read(&from).map_err(|error| format!("index.html names {href}, but: {error}"))?;
    project::write(&folder.join(below).join(&name), content)?;
    Ok(if below.is_empty() {
        name
    } else {
        format!("{below}/{name}")
    })
}

fn copy_folder(from: &Path, to: &Path) -> Outcome {
    let entries = fs::read_dir(from).map_err(|error| format!("{}: {error}", from.display()))?;
    for entry in entries.flatten() {
        let (path, target) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            copy_folder(&path, &target)?;
        } else {
            let content =
                fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
            project::write(&target, content)?;
        }
    }
    Ok(())
}
