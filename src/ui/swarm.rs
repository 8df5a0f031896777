//! Messages of a big cluster: small squares on a canvas, one path for each colour, because a DOM
//! element for each would cost more than the frame has.

use faultline_sim::frame::{MessageFrame, Shape};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

use crate::layout::{self, Scene};

/// Above this many, the rest is not drawn.
const MOST: usize = 5_000;

/// Fills of the shapes, as in static/critical.css.
const FILLS: [(Shape, &str); 8] = [
    (Shape::Request, "#0072B2"),
    (Shape::Data, "#CC79A7"),
    (Shape::Election, "#D55E00"),
    (Shape::Ack, "#009E73"),
    (Shape::Nack, "#14181F"),
    (Shape::Announce, "#E0D000"),
    (Shape::Control, "#E69F00"),
    (Shape::Heartbeat, "#4A5565"),
];

/// Clears the canvas and draws all messages where they are now.
pub fn draw(
    canvas: &HtmlCanvasElement,
    context: &CanvasRenderingContext2d,
    scene: &Scene,
    messages: &[MessageFrame],
    now: f64,
) {
    let (width, height) = (scene.width.max(1.0) as u32, scene.height.max(1.0) as u32);
    if (canvas.width(), canvas.height()) != (width, height) {
        canvas.set_width(width);
        canvas.set_height(height);
    }
    context.clear_rect(0.0, 0.0, f64::from(width), f64::from(height));
    for (shape, fill) in FILLS {
        context.begin_path();
        let of_shape = messages.iter().take(MOST).filter(|m| m.shape == shape);
        for message in of_shape {
            let part = layout::progress(message, now);
            if let Some(at) = scene.along(message.address.from, message.address.to, part) {
                context.rect(at.x - 1.5, at.y - 1.5, 3.0, 3.0);
            }
        }
        context.set_fill_style_str(fill);
        context.fill();
    }
}
