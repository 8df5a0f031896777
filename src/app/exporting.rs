//! Exports of the active run: files of its trace, pictures, the lab record.

use wasm_bindgen_futures::spawn_local;
use web_sys::Element;
use yew::Context;

use super::{App, Msg};
use crate::address::{Asked, address};
use crate::browser::{self, Picture};
use crate::engine::Form;
use crate::text::{self, exports as words};
use crate::ui::share::Export;

/// Elements of the stage that only serve the pointer. The ✂ of a cut link stays because it shows the
/// cut.
const FOR_HANDS: &str = ".floor, .hit, .grip, .strike, .link:not(.cut) .scissors, .drawing";

impl App {
    pub(super) fn export(&mut self, ctx: &Context<Self>, what: Export) {
        let name = |ending: &str| self.pane.engine.borrow().file_stem() + ending;
        match what {
            Export::Shiviz => self.save_trace(ctx, Form::Shiviz, &name(".log")),
            Export::Json => self.save_trace(ctx, Form::Json, &name(".json")),
            Export::Text => self.save_trace(ctx, Form::Text, &name(".txt")),
            Export::Mermaid => self.save_text(ctx, &name(".mmd"), &self.sequence()),
            Export::CopyMermaid => {
                let copied = browser::copy(&self.sequence());
                let said = if copied {
                    words::COPIED
                } else {
                    words::NOT_COPIED
                };
                self.remark(ctx, said);
            }
            Export::Diagram => self.save_text(ctx, &name("-diagram.svg"), &self.diagram_svg()),
            Export::StageSvg => self.save_text(ctx, &name("-stage.svg"), &self.stage_svg()),
            Export::StagePng => self.save_png(ctx, name("-stage.png")),
            Export::LabRecord => self.save_record(ctx, name("-lab.md")),
        }
    }

    fn save_text(&mut self, ctx: &Context<Self>, name: &str, text: &str) {
        browser::save(name, text);
        self.remark(ctx, &words::saved(name));
    }

    fn save_trace(&mut self, ctx: &Context<Self>, form: Form, name: &str) {
        let text = self.pane.engine.borrow_mut().trace_as(form);
        self.save_text(ctx, name, &text);
    }

    fn sequence(&self) -> String {
        let window = self.spacetime_window();
        self.pane.engine.borrow_mut().sequence(window)
    }

    fn diagram_svg(&self) -> String {
        let window = self.spacetime_window();
        self.pane.engine.borrow_mut().diagram_svg(window)
    }

    /// The stage as the person sees it, without its buttons.
    pub(super) fn stage_svg(&self) -> String {
        let pane = &self.pane;
        let area = pane.stage_ref.cast::<Element>();
        let Some(drawing) = area.and_then(|area| area.query_selector(".scene").ok()?) else {
            return String::new();
        };
        let frame = &pane.frame;
        let title = pane.engine.borrow().scenario().title;
        let (nodes, messages) = (frame.nodes.len(), frame.messages.len());
        let pixels = pane.flight.as_ref().map(|flight| flight.pixels_as_svg());
        let picture = Picture {
            title: &words::stage(title, frame.time, nodes, messages),
            size: (pane.scene.width, pane.scene.height),
            without: FOR_HANDS,
            over: &pixels.unwrap_or_default(),
        };
        picture.svg(&drawing)
    }

    fn save_png(&self, ctx: &Context<Self>, name: String) {
        let svg = self.stage_svg();
        let told = ctx.link().callback(Msg::Done);
        spawn_local(async move {
            let png = match browser::pixels(&svg).await {
                Some(canvas) => browser::png(&canvas).await,
                None => None,
            };
            told.emit(match png {
                Some(png) => {
                    browser::save_blob(&name, &png);
                    words::saved(&name)
                }
                None => words::NO_PICTURE.into(),
            });
        });
    }

    /// The lab record as one file. Its pictures are in pixels because many Markdown readers show no
    /// other embedded pictures.
    fn save_record(&self, ctx: &Context<Self>, name: String) {
        let pictures = [
            (words::OF_STAGE, self.stage_svg()),
            (words::OF_DIAGRAM, self.diagram_svg()),
        ];
        let mut record = self.lab_record();
        let told = ctx.link().callback(Msg::Done);
        spawn_local(async move {
            for (caption, svg) in &pictures {
                let drawn = browser::pixels(svg).await;
                let drawn = drawn.and_then(|canvas| canvas.to_data_url().ok());
                let drawn = drawn.unwrap_or_else(|| browser::svg_address(svg));
                record.pictures.push(((*caption).into(), drawn));
            }
            browser::save(&name, &words::lab_record(&record));
            told.emit(words::saved(&name));
        });
    }

    fn lab_record(&self) -> words::LabRecord {
        let link = address(&browser::base(), Asked::default(), &self.fragment());
        let engine = self.pane.engine.borrow();
        let recipe = engine.recipe();
        let frame = &self.pane.frame;
        words::LabRecord {
            title: engine.scenario().title.into(),
            about: text::about(frame.nodes.len(), engine.protocol().title),
            link,
            scenario: recipe.scenario,
            seed: recipe.seed.to_string(),
            now: engine.now(),
            events: frame.events,
            trace_hash: engine.trace_hash(),
            headless: engine.headless(),
            deeds: engine.deeds(),
            probes: frame.probes.clone(),
            verdicts: frame.verdicts.clone(),
            sent: frame.sent.clone(),
            pictures: Vec::new(),
        }
    }
}
