//! Text input and output: dropped, read from a file, saved, copied.

use js_sys::Array;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, DragEvent, File, HtmlAnchorElement, Response, Url};
use yew::Callback;

use super::{Listener, document, window};
use crate::text::share as words;

/// The largest file in bytes.
const MOST: f64 = 16.0 * 1024.0 * 1024.0;

/// The result of reading a text.
pub type Read = Result<String, &'static str>;

/// Allows drops on the page: otherwise the browser would open the file instead of the page.
pub fn on_drag_over() -> Listener {
    Listener::new(&document(), "dragover", |event| event.prevent_default())
}

/// Handles a file or a text that is dropped anywhere on the page.
pub fn on_drop(read: Callback<Read>) -> Listener {
    Listener::new(&document(), "drop", move |event| {
        let Some(transfer) = event
            .dyn_ref::<DragEvent>()
            .and_then(DragEvent::data_transfer)
        else {
            return;
        };
        // A field handles a dropped text itself.
        let file = transfer.files().and_then(|files| files.get(0));
        let target = event.target();
        let in_field = target.is_some_and(|t| {
            t.dyn_ref::<web_sys::Element>()
                .is_some_and(|element| element.matches("input, textarea").unwrap_or(false))
        });
        if file.is_none() && in_field {
            return;
        }
        event.prevent_default();
        match file {
            Some(file) => read_file(file, read.clone()),
            None => {
                let text = transfer.get_data("text/plain").unwrap_or_default();
                if !text.is_empty() {
                    read.emit(Ok(text));
                }
            }
        }
    })
}

/// Reads a file's text.
pub fn read_file(file: File, read: Callback<Read>) {
    if file.size() > MOST {
        read.emit(Err(words::TOO_LARGE));
        return;
    }
    spawn_local(async move {
        let text = JsFuture::from(file.text()).await;
        let text = text.ok().and_then(|text| text.as_string());
        read.emit(text.ok_or(words::NOT_READ));
    });
}

/// Fetches a text next to the page. None if the server does not send it.
pub fn fetch_text(address: &str, read: Callback<Option<String>>) {
    let answer = JsFuture::from(window().fetch_with_str(address));
    spawn_local(async move {
        let text = async {
            let answer: Response = answer.await.ok()?.dyn_into().ok()?;
            let text = answer.ok().then(|| answer.text().ok())??;
            JsFuture::from(text).await.ok()?.as_string()
        };
        read.emit(text.await);
    });
}

/// Saves a text as a download.
pub fn save(name: &str, text: &str) {
    let parts = Array::of1(&JsValue::from_str(text));
    if let Ok(blob) = Blob::new_with_str_sequence(&parts) {
        save_blob(name, &blob);
    }
}

/// Saves binary data.
pub fn save_blob(name: &str, blob: &Blob) {
    let Ok(address) = Url::create_object_url_with_blob(blob) else {
        return;
    };
    if let Ok(link) = document().create_element("a") {
        let link: HtmlAnchorElement = link.unchecked_into();
        link.set_href(&address);
        link.set_download(name);
        link.click();
    }
    // The browser has started the download by then.
    gloo_timers::callback::Timeout::new(10_000, move || {
        let _ = Url::revoke_object_url(&address);
    })
    .forget();
}

/// Puts a text into the clipboard; false if there is no clipboard.
pub fn copy(text: &str) -> bool {
    let clipboard = window().navigator().clipboard();
    if clipboard.is_undefined() {
        return false;
    }
    let done = clipboard.write_text(text);
    // The browser refuses without a gesture or in a frame; the person can still select the text.
    spawn_local(async move {
        let _ = JsFuture::from(done).await;
    });
    true
}

/// The page's address without `?` and `#`.
pub fn base() -> String {
    let location = window().location();
    let (origin, path) = (location.origin(), location.pathname());
    format!(
        "{}{}",
        // A page that was opened as a file has no origin.
        origin
            .ok()
            .filter(|origin| origin != "null")
            .unwrap_or_else(|| "file://".into()),
        path.unwrap_or_default()
    )
}
