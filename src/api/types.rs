//! The types of the API for TypeScript, and the entries of the catalogue.

use faultline_sim::descriptor::Protocol;
use serde_json::{Value as Json, json};
use wasm_bindgen::prelude::wasm_bindgen;

/// A protocol in the result of `list()`.
pub fn entry(protocol: &Protocol) -> Json {
    let scenarios = protocol
        .scenarios
        .iter()
        .map(|s| json!({ "id": s.id, "title": s.title, "preset": s.preset }));
    let params = protocol.params.iter().map(|p| {
        json!({ "name": p.name, "unit": p.unit, "default": p.default, "min": p.min, "max": p.max })
    });
    let switches = protocol
        .switches
        .iter()
        .map(|s| json!({ "name": s.name, "default": s.default, "title": s.title }));
    let presets = protocol
        .presets
        .iter()
        .map(|p| json!({ "name": p.name, "title": p.title, "breaks": p.breaks }));
    let probes = protocol
        .probes
        .iter()
        .map(|p| json!({ "name": p.name, "unit": p.unit }));
    let invariants = protocol
        .invariants
        .iter()
        .map(|i| json!({ "name": i.name, "kind": i.kind }));
    json!({
        "id": protocol.id,
        "title": protocol.title,
        "shelf": protocol.shelf.title(),
        "scenarios": scenarios.collect::<Vec<_>>(),
        "params": params.collect::<Vec<_>>(),
        "switches": switches.collect::<Vec<_>>(),
        "presets": presets.collect::<Vec<_>>(),
        "probes": probes.collect::<Vec<_>>(),
        "invariants": invariants.collect::<Vec<_>>(),
    })
}

/// For editors and compilers; not part of the module itself.
#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** A node's number, from 1. */
export type NodeId = number;

/** Microseconds of simulator time. */
export type Micros = number;

export interface SimulationOptions {
  /** A whole number; as text beyond 2^53. */
  seed?: number | bigint | string;
  /** A preset other than the scenario's. */
  preset?: string;
  params?: Record<string, number | string | NodeId[]>;
  switches?: Record<string, boolean>;
  /** As text, each with its time: "5s crash n2". */
  commands?: string[];
}

export interface TimedCommand {
  /** When; default: at once. */
  at_us?: Micros;
  /** As text: "crash n2". */
  do: string;
}

export interface Applied {
  /** Why the command had no effect. */
  missed: string | null;
  /** Whether the command forked the run, because it was in the past. */
  forked: boolean;
}

export interface Recipe {
  version: number;
  scenario: string;
  preset?: string;
  seed: string;
  params?: Record<string, string>;
  switches?: Record<string, boolean>;
  commands?: string[];
}

export interface NodeFrame {
  id: NodeId;
  life: "up" | { down: { since: Micros } } | { paused: { since: Micros } };
  lie: string | null;
  disk: Micros;
  clock_error_us: number;
  drift_ppm: number;
  flaky: [Micros, Micros] | null;
  inbox: number;
  lamport: number;
  beliefs: { leader: NodeId | null; peers: [NodeId, "alive" | "suspected" | "failed"][] };
  timers: { name: string; text: string; set_at: Micros; due: Micros }[];
  role: string;
  label: string;
  tone: string;
  inside: string | null;
  chips: string[];
  pips: { yes: number; no: number; need: number; of: number } | null;
  colour: string | null;
  layer: number;
  figures: unknown[];
}

export interface MessageFrame {
  /** "n1->n2#3": the third message from node 1 to node 2. */
  address: string;
  kind: string;
  shape: string;
  letter: string;
  sent: Micros;
  arrives: Micros;
  fate: "flying" | "held" | "waiting" | { blocked: { at: Micros } };
  delayed: boolean;
  lie: boolean;
  word: string | null;
}

export interface LinkFrame {
  a: NodeId;
  b: NodeId;
  blocked: string | null;
  blocked_back: string | null;
  slow: Micros | null;
  slow_back: Micros | null;
  loss: number;
  cut: boolean;
  present: boolean;
}

export type Light =
  | "holds"
  | { not_yet: string }
  | { broken: { reason: string; at: Micros; seq: number; node: NodeId | null } };

export interface Frame {
  time: Micros;
  events: number;
  records: number;
  /** The limit that cut the run off, if any. */
  halted: string | null;
  /** Messages and timers wait until a person lets them go on. */
  by_hand: boolean;
  nodes: NodeFrame[];
  messages: MessageFrame[];
  losses: { address: string; kind: string; at: Micros; progress: number; by: string }[];
  links: LinkFrame[];
  sides: NodeId[][];
  /** Messages lost at the present partition. */
  lost_at_split: number;
  verdicts: { name: string; title: string; kind: string; breaks_under: string | null; light: Light }[];
  probes: { name: string; title: string; unit: string; value: number | null }[];
  /** Messages sent so far, by kind. */
  sent: [string, number][];
  operations: {
    id: number;
    node: NodeId;
    request: string;
    invoked: Micros;
    completed: Micros | null;
    outcome: string | null;
    ok: boolean | null;
    /** `unknown`: no answer came, and nobody knows whether it had an effect. */
    end: "ok" | "failed" | "unknown" | null;
    /** The law that the answer broke, in words. */
    wrong: string | null;
  }[];
  narration: string | null;
  // What clients would be told now; an answer of null is a refusal.
  answers: {
    of: string;
    right: [string, string] | null;
    given: [string | null, number[]][];
  } | null;
}

export interface TraceRecord {
  seq: number;
  time_us: Micros;
  node: NodeId | null;
  /** One field with the name of the event: {sent: {address, kind, message}}; or only that name. */
  event: string | Record<string, unknown>;
  caused_by: number;
  lamport: number;
}

export interface ProtocolEntry {
  id: string;
  title: string;
  shelf: string;
  scenarios: { id: string; title: string; preset: string }[];
  params: { name: string; unit: string; default: number | string; min: number; max: number }[];
  switches: { name: string; default: boolean; title: string }[];
  presets: { name: string; title: string; breaks: string | null }[];
  probes: { name: string; unit: string }[];
  invariants: { name: string; kind: "always" | "eventually" | "sometimes" }[];
}
"#;
