//! Whole names of lanes that are drawn cut, for a pointer over them: a canvas has no titles.

use std::cell::RefCell;
use std::rc::Rc;

use faultline_diagram::{Shape, View};
use web_sys::{HtmlElement, MouseEvent};

use crate::browser;

/// A pointer this near to a lane's name means it, in pixels at the usual scale.
const REACH: f64 = 10.0;

/// What is cut on the sheet as it is painted; shared by what paints and what follows the pointer.
#[derive(Clone, Default)]
pub struct CutNames(Rc<RefCell<Sheet>>);

#[derive(Default)]
struct Sheet {
    left: f64,
    reach: f64,
    /// The lanes' places and whole names.
    cut: Vec<(f64, String)>,
}

impl CutNames {
    /// Takes the names of what is painted.
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

    /// Gives the sheet the title that belongs to where the pointer is.
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
