//! Share links: a whole run in the address of the page.
//!
//! The form is `v1.` and then deflated JSON in URL-safe base64. A link of version 1 opens in every
//! later version.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use crate::descriptor::Recipe;
use crate::text::{read_json, write_json};
use crate::time::Time;

/// Everything a link carries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// The run.
    pub recipe: Recipe,
    /// Where the reader lands.
    #[serde(default)]
    pub cursor: Time,
    /// How the stage is looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lens: Option<String>,
    /// The protocol's revision when the link was made.
    #[serde(default)]
    pub revision: u32,
    /// The trace's hash at the cursor when the link was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
}

/// A mangled link must not make the page unpack gigabytes.
const MOST_BYTES: usize = 4 << 20;

impl Link {
    /// The text behind `#`.
    #[must_use]
    pub fn encode(&self) -> String {
        let json = write_json(self);
        let packed = miniz_oxide::deflate::compress_to_vec(json.as_bytes(), 9);
        format!("v1.{}", URL_SAFE_NO_PAD.encode(packed))
    }

    /// Reads the text behind `#`.
    ///
    /// # Errors
    /// A sentence that says what is wrong and what to do.
    pub fn decode(text: &str) -> Result<Self, String> {
        let text = text.trim().trim_start_matches('#');
        let broken = |what: &str| {
            format!("This link is damaged ({what}). Ask for it again, or copy the whole of it.")
        };
        let Some(packed) = text.strip_prefix("v1.") else {
            return Err(match text.split_once('.') {
                Some((version, _)) if version.starts_with('v') && version.len() < 5 => format!(
                    "This link has version {version}, and this page reads v1. Open it with a newer \
                     Faultline."
                ),
                _ => broken("it does not begin with v1."),
            });
        };
        let packed = URL_SAFE_NO_PAD
            .decode(packed)
            .map_err(|_| broken("letters are missing"))?;
        let json = miniz_oxide::inflate::decompress_to_vec_with_limit(&packed, MOST_BYTES)
            .map_err(|_| broken("it cannot be unpacked"))?;
        let json = String::from_utf8(json).map_err(|_| broken("it is no text"))?;
        read_json(&json).map_err(|why| broken(&why))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example() -> Link {
        let mut recipe = Recipe::new("bully/kill-the-leader", u64::MAX);
        recipe.commands = vec!["5s crash n5".into(), "7.5s@40 recover n5".into()];
        let digest = Some("0123456789abcdef".into());
        Link {
            recipe,
            cursor: Time(6_000_000),
            lens: None,
            revision: 2,
            digest,
        }
    }

    #[test]
    fn links_hold_the_whole_run() {
        let link = example();
        assert_eq!(Link::decode(&format!("#{}", link.encode())).unwrap(), link);
    }

    #[test]
    fn mangled_links_say_what_to_do() {
        let text = example().encode();
        for cut in 0..text.len() {
            assert!(Link::decode(&text[..cut]).is_err());
        }
        assert!(
            Link::decode("v9.abc")
                .unwrap_err()
                .contains("newer Faultline")
        );
        assert!(Link::decode("nonsense").unwrap_err().contains("damaged"));
    }
}
