//! `cargo xtask new`: a protocol's folder that compiles and passes the laws.

use std::fs;

use super::{Failure, project, usage};

pub const HELP: &str = "\
cargo xtask new NAME
    Makes crates/protocols/src/NAME from a small protocol that is whole, and adds it to the catalogue.
    NAME is the protocol's id, such as token-ring. Then: `cargo xtask try NAME`.";

/// What is copied.
const FILES: [&str; 4] = ["mod.rs", "tests.rs", "lesson.md", "questions.txt"];

pub fn run(arguments: Vec<String>) -> Result<(), Failure> {
    let [id] = arguments.as_slice() else {
        return Err(Failure::Usage("write: cargo xtask new NAME".into()));
    };
    let letters = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if !id.chars().all(letters) || !id.starts_with(|c: char| c.is_ascii_lowercase()) {
        return Err(usage("new")(lexopt::Error::UnexpectedArgument(id.into())));
    }
    let protocols = project()?.root.join("crates/protocols");
    let module = id.replace('-', "_");
    let folder = protocols.join("src").join(&module);
    if folder.exists() {
        return Err(Failure::Failed(format!(
            "{} is there already",
            folder.display()
        )));
    }
    let failed = |error: std::io::Error| Failure::Failed(error.to_string());
    fs::create_dir_all(&folder).map_err(failed)?;
    for file in FILES {
        let text = fs::read_to_string(protocols.join("template").join(file)).map_err(failed)?;
        fs::write(folder.join(file), named(&text, id)).map_err(failed)?;
    }
    let catalogue = protocols.join("src/lib.rs");
    let text = fs::read_to_string(&catalogue).map_err(failed)?;
    let text = added(&text, &module).ok_or_else(|| {
        let sentence = "add it to `catalogue!` in crates/protocols/src/lib.rs by hand";
        Failure::Failed(sentence.into())
    })?;
    fs::write(&catalogue, text).map_err(failed)?;
    println!("made {}\nnext: cargo xtask try {id}", folder.display());
    Ok(())
}

/// The template's text under another name: `token-ring`, `TokenRing`, "Token ring".
fn named(text: &str, id: &str) -> String {
    let words: Vec<&str> = id.split('-').collect();
    let capital = |word: &&str| {
        let (first, rest) = word.split_at(1);
        first.to_ascii_uppercase() + rest
    };
    let camel: String = words.iter().map(capital).collect();
    let title = capital(&words.join(" ").as_str());
    text.replace("title: \"Template\"", &format!("title: \"{title}\""))
        .replace("# Template", &format!("# {title}"))
        .replace("id: \"template\"", &format!("id: \"{id}\""))
        .replace("Template", &camel)
}

/// The catalogue with one more word.
fn added(text: &str, module: &str) -> Option<String> {
    let begin = text.find("catalogue! {")?;
    let end = begin + text[begin..].find('}')?;
    let before = text[..end].trim_end().trim_end_matches(',');
    Some(format!("{before}, {module} {}", &text[end..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_written_as_each_place_needs_them() {
        let text = "id: \"template\", title: \"Template\" Protocol::of::<Template>()";
        assert_eq!(
            named(text, "token-ring"),
            "id: \"token-ring\", title: \"Token ring\" Protocol::of::<TokenRing>()"
        );
        assert_eq!(
            added("x catalogue! { raft, lease } y", "token_ring").unwrap(),
            "x catalogue! { raft, lease, token_ring } y"
        );
    }
}
