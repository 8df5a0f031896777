//! Search by the words of textbooks: what people look for is not always what a title says. Words that mean the
//! same are those of the glossary.

use faultline_sim::glossary::Glossary;

/// A text to search, with its weight.
pub type Weighed<'a> = (&'a str, u32);

/// A search: the words as typed, and for each word of the glossary among them what else means it.
pub struct Search {
    whole: String,
    /// Ways to say the same, the typed one first.
    groups: Vec<Vec<String>>,
    /// The words that the glossary does not know.
    words: Vec<String>,
}

impl Search {
    #[must_use]
    pub fn new(sought: &str, glossary: &Glossary) -> Self {
        let whole = folded(sought.trim());
        let mut left = format!(" {whole} ");
        let mut groups = Vec::new();
        let ways = |term: &faultline_sim::glossary::Term| -> Vec<String> {
            let all = std::iter::once(&term.term)
                .chain(&term.also)
                .chain(&term.finds);
            all.map(|way| folded(way)).collect()
        };
        // The longest phrases first, so that "two leaders" is not searched as "leader".
        let mut known: Vec<(String, usize)> = Vec::new();
        for (at, term) in glossary.terms.iter().enumerate() {
            known.extend(ways(term).into_iter().map(|way| (way, at)));
        }
        known.sort_by_key(|(way, _)| usize::MAX - way.len());
        for (way, at) in known {
            let padded = format!(" {way} ");
            let plural = format!(" {way}s ");
            let here = [&padded, &plural]
                .into_iter()
                .find(|way| left.contains(way.as_str()));
            if let Some(here) = here {
                left = left.replacen(here.as_str(), "  ", 1);
                let mut group = vec![way];
                group.extend(ways(&glossary.terms[at]));
                groups.push(group);
            }
        }
        let words = left.split_whitespace().map(stem).collect();
        Self {
            whole,
            groups,
            words,
        }
    }

    /// Whether nothing is sought.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.whole.is_empty()
    }

    /// How well texts answer it; none if a word is in no text.
    #[must_use]
    pub fn score(&self, texts: &[Weighed]) -> Option<u32> {
        let texts: Vec<(String, u32)> = texts
            .iter()
            .map(|(text, weight)| (format!(" {} ", folded(text)), *weight))
            .collect();
        // A word counts where a word begins with it.
        let best = |way: &str| {
            let way = format!(" {way}");
            let here = texts.iter().filter(|(text, _)| text.contains(&way));
            here.map(|(_, weight)| *weight).max()
        };
        // The words as they stand are best in a title; every essay has many words.
        let whole = best(&self.whole).filter(|weight| *weight > 2);
        let mut sum = whole.map_or(0, |weight| 3 * weight);
        for group in &self.groups {
            let own = best(&group[0]).map(|weight| 2 * weight);
            let same = group[1..].iter().filter_map(|way| best(way)).max();
            sum += own.max(same)?;
        }
        for word in &self.words {
            sum += best(word)?;
        }
        Some(sum)
    }
}

/// Small letters and plain spaces: "Split-brain?" is "split brain".
fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_alphanumeric() {
            out.extend(letter.to_lowercase());
        } else if letter != '\'' && !out.ends_with(' ') {
            out.push(' ');
        }
    }
    out.trim().to_owned()
}

/// The part of a word that its other forms share.
fn stem(word: &str) -> String {
    let short = ["ing", "es", "ed", "s"].iter();
    let mut cut = short.filter_map(|end| word.strip_suffix(end));
    let cut = cut.find(|cut| cut.len() > 3);
    cut.unwrap_or(word).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
term split brain
means Two nodes lead.
finds two leaders, both sides
term sharding
means Keys on many machines.
finds keys, hashing
";

    fn score(sought: &str, texts: &[Weighed]) -> Option<u32> {
        let glossary = Glossary::read(TEXT).unwrap();
        Search::new(sought, &glossary).score(texts)
    }

    #[test]
    fn words_of_textbooks_find_what_is_meant() {
        let two = [("Two leaders after a split", 4), ("Bully", 2)];
        let hash = [("A node joins", 4), ("Consistent hashing", 2)];
        assert!(score("split brain", &two).is_some());
        assert!(score("Split-Brain?", &two).is_some());
        assert_eq!(score("split brain", &hash), None);
        assert!(score("sharding", &hash).is_some());
        assert!(
            score("Two Leaders", &two) > score("split brain", &two),
            "what is said itself is best"
        );
        assert_eq!(score("two keys", &two), None, "every word counts");
        assert!(
            score("joining nodes", &hash).is_some(),
            "other forms of a word"
        );
        assert_eq!(score("", &two), Some(12));
    }
}
