//! Tooltips with the whole names of shortened lanes: a canvas has no titles.

use std::cell::RefCell;
use std::rc::Rc;

use faultline_diagram::{Shape, View};
use web_sys::{HtmlElement, MouseEvent};

use crate::browser;

/// The pointer selects a lane's name within this distance, in pixels at normal scale.
const REACH: f64 = 10.0;

/// The shortened names of the painted sheet, shared between the painter and the pointer handler.
#[derive(Clone, Default)]
pub struct CutNames(Rc<RefCell<Sheet>>);

#[derive(Default)]
struct Sheet {
    left: f64,
    reach: f64,
    /// The places and whole names of the lanes.
    cut: Vec<(f64, String)>,
}

impl CutNames {
    /// Takes the names of a painted sheet.
    pub fn painted(&self, shapes: &[Shape], view: &View) {
        let cut = shapes.iter().filter_map(|shape| match shape {
            Shape::Lane {
                name,
                whole,
                y,
                named: true,
                ..
            } if name != whole => Some((*y, whole.clone())),
            _ => None,
        });
        *self.0.borrow_mut() = Sheet {
            left: view.left(),
            reach: REACH * view.scale,
            cut: cut.collect(),
        };
    }

    /// Sets the title of the sheet for the pointer's place.
    pub fn pointed(&self, host: &HtmlElement, event: &MouseEvent) {
        let sheet = self.0.borrow();
        if sheet.cut.is_empty() && host.title().is_empty() {
            return;
        }
        let at = browser::within(host, event);
        let meant = |(y, _): &&(f64, String)| at.x < sheet.left && (at.y - y).abs() < sheet.reach;
        let whole = sheet.cut.iter().find(meant);
        let title = whole.map_or("", |(_, whole)| whole.as_str());
        if host.title() != title {
            host.set_title(title);
        }
    }
}
