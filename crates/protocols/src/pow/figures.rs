//! What the nodes show: the tree of blocks that each one knows, and its search.

use faultline_sim::frame::{self, BlockState, Figure, NodeFrame, Pips, Tone, Word};
use faultline_sim::process::NodeId;
use faultline_sim::settings::Settings;

use super::Miner;
use super::block::Block;
use super::chain::Stored;
use super::descriptor::CONFIRMATIONS;
use super::hash::BlockHash;
use super::mining::{is_attacker, power};

/// Blocks that are shown, the latest ones.
const SHOWN: usize = 40;

/// What a block holds, in a few words.
fn text(block: &Block) -> String {
    let mut payments = block.payments.iter();
    let first = payments.next().map(|payment| {
        let (from, to) = (payment.id.from, payment.to);
        format!("{from} pays {to} {}", payment.amount)
    });
    match (first, payments.len()) {
        (Some(first), 0) => first,
        (Some(first), more) => format!("{first}, {more} more"),
        (None, _) => String::new(),
    }
}

fn state(miner: &Miner, hash: &BlockHash, stored: &Stored) -> BlockState {
    match stored.broken {
        true => BlockState::Broken,
        false if miner.attack.withheld.contains(hash) => BlockState::Withheld,
        false if miner.chain.is_on_path(hash) => BlockState::Chosen,
        false => BlockState::Aside,
    }
}

fn block(miner: &Miner, hash: &BlockHash, stored: &Stored) -> frame::Block {
    let block = &stored.block;
    frame::Block {
        id: hash.id(),
        height: stored.height,
        parent: block.header.parent.id(),
        label: hash.to_string(),
        by: Some(block.by).filter(|by| *by != NodeId(0)),
        state: state(miner, hash, stored),
        text: text(block),
    }
}

/// How many confirmations its oldest payment has that still waits for some.
fn draw_confirmations(miner: &Miner, settings: &Settings, to: &mut NodeFrame) {
    let need = settings.count(&CONFIRMATIONS);
    let Some(number) = miner.oldest_wait() else {
        return;
    };
    let at = miner.paid_at(number);
    let have = at.map_or(0, |height| miner.chain.height() + 1 - height);
    let yes = (have as u32).min(need);
    to.pips = Some(Pips {
        yes,
        no: 0,
        need,
        of: need,
    });
}

pub fn draw(miner: &Miner, settings: &Settings, to: &mut NodeFrame) {
    let secret = miner.attack.withheld.len();
    let (role, tone) = match (is_attacker(settings, to.id), secret) {
        (true, 0) => ("attacker", Tone::Candidate),
        (true, _) => ("attacker", Tone::Bad),
        (false, _) => ("miner", Tone::Calm),
    };
    to.set(role, tone);
    let tip = miner.chain.tip();
    to.inside = Some(Word::of(tip));
    to.chips.push(format!("height {}", miner.chain.height()));
    if secret > 0 {
        to.chips.push(format!("{secret} secret"));
    }
    draw_confirmations(miner, settings, to);
    let newest = miner.chain.newest(SHOWN);
    let blocks = newest
        .map(|(hash, stored)| block(miner, &hash, stored))
        .collect();
    to.figures.push(Figure::Chain {
        blocks,
        tip: tip.id(),
    });
    let (part, of) = power(settings, to.id);
    let search = match &miner.job {
        Some(job) => format!(
            "from nonce {}",
            job.block
                .header
                .nonce
                .wrapping_sub(job.tries.saturating_sub(1))
        ),
        None => "none".to_owned(),
    };
    let work = match &miner.job {
        Some(job) => job.block.header.bits.work().to_string(),
        None => "–".to_owned(),
    };
    to.fields([
        ("height", miner.chain.height().to_string()),
        ("hash of the last block", tip.written()),
        (
            "work of its chain",
            format!("{} hashes", miner.chain.work(&tip)),
        ),
        ("part of the hash power", format!("{part} of {of}")),
        ("searches", search),
        ("hashes a block takes on average", work),
        ("hashes tried", miner.hashes.to_string()),
        ("owns", miner.chain.ledger.owns(to.id).to_string()),
        ("payments that wait", miner.pool.len().to_string()),
    ]);
}
