//! A request under way: in a worker if the browser starts one, else in the page in slices of time.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use js_sys::{Array, Object, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::{MessageEvent, Worker, WorkerOptions, WorkerType};
use yew::Callback;

use super::{Answer, Job, Request};
use crate::{browser, rest};

/// The worker's script, beside the page.
const SCRIPT: &str = "worker.js";
/// In the page, runs are made for so long, in milliseconds, before it draws again.
const SLICE_MS: f64 = 12.0;
/// A worker that has not started by then, in milliseconds, is not waited for.
const PATIENCE_MS: u32 = 15_000;

/// What the page hears of its request.
#[derive(Clone, Debug, PartialEq)]
pub enum News {
    /// Parts of the answer, in order.
    Answers(Vec<Answer>),
    /// No worker starts here: the page does the work itself.
    InPage,
    /// The whole answer was given.
    Done,
    /// The work ended early, and why.
    Failed(String),
}

/// A request under way. It ends when this value is dropped: its worker is terminated.
pub struct Task {
    inner: Rc<Inner>,
}

struct Inner {
    request: Request,
    tell: Callback<News>,
    way: RefCell<Way>,
}

/// Who does the work.
enum Way {
    /// No one any more.
    Over,
    Worker(Hands),
    Page {
        _next: Timeout,
    },
}

/// A worker, and what hears it.
struct Hands {
    worker: Worker,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(web_sys::Event)>,
    _patience: Timeout,
}

thread_local! {
    /// A worker that has started and has nothing to do.
    static IDLE: RefCell<Option<Worker>> = const { RefCell::new(None) };
}

impl Task {
    /// Begins the work. News never comes in the middle of this call.
    #[must_use]
    #[inline(never)]
    pub fn begin(request: Request, tell: Callback<News>) -> Self {
        let inner = Rc::new(Inner {
            request,
            tell,
            way: RefCell::new(Way::Over),
        });
        let way = match Hands::take(&inner) {
            Some(hands) => Way::Worker(hands),
            None => slice(&inner, Job::new(inner.request.clone()), true),
        };
        inner.way.replace(way);
        Self { inner }
    }
}

impl Drop for Task {
    fn drop(&mut self) {
        end(self.inner.way.replace(Way::Over));
    }
}

impl Hands {
    /// A worker with the request, which may still have to start; none if the browser has none.
    fn take(inner: &Rc<Inner>) -> Option<Self> {
        let request = serde_json::to_string(&inner.request).ok()?;
        let idle = IDLE.with(RefCell::take);
        let started = Rc::new(Cell::new(idle.is_some()));
        let worker = match idle {
            Some(worker) => worker,
            None => started_worker()?,
        };
        let message = Object::new();
        Reflect::set(&message, &"request".into(), &request.into()).ok()?;
        worker.post_message(&message).ok()?;
        let on_message = {
            let (inner, started) = (Rc::downgrade(inner), started.clone());
            Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
                if let Some(inner) = inner.upgrade() {
                    hear(&inner, &started, &event.data());
                }
            })
        };
        let on_error = {
            let (inner, started) = (Rc::downgrade(inner), started.clone());
            Closure::<dyn FnMut(web_sys::Event)>::new(move |event: web_sys::Event| {
                event.prevent_default();
                if let Some(inner) = inner.upgrade() {
                    fail(&inner, started.get(), String::new());
                }
            })
        };
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        let patience = {
            let (inner, started) = (Rc::downgrade(inner), started.clone());
            Timeout::new(PATIENCE_MS, move || {
                if let Some(inner) = inner.upgrade().filter(|_| !started.get()) {
                    fail(&inner, false, String::new());
                }
            })
        };
        Some(Self {
            worker,
            _on_message: on_message,
            _on_error: on_error,
            _patience: patience,
        })
    }

    fn unheard(&self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
    }

    /// The work is done: the worker waits for the next request.
    fn rest(&self) {
        self.unheard();
        let before = IDLE.with(|idle| idle.replace(Some(self.worker.clone())));
        if let Some(before) = before {
            before.terminate();
        }
    }
}

/// A new worker with the compiled program.
fn started_worker() -> Option<Worker> {
    let parts = rest::parts()?;
    let options = WorkerOptions::new();
    options.set_type(WorkerType::Module);
    let worker = Worker::new_with_options(&format!("./{SCRIPT}"), &options).ok()?;
    if worker.post_message(&parts).is_err() {
        worker.terminate();
        return None;
    }
    Some(worker)
}

/// A message of the worker: it has started, parts of the answer, or why it failed.
fn hear(inner: &Rc<Inner>, started: &Cell<bool>, data: &JsValue) {
    let field = |name: &str| Reflect::get(data, &name.into()).unwrap_or_default();
    if let Some(why) = field("failed").as_string() {
        fail(inner, started.get(), why);
        return;
    }
    started.set(true);
    let texts: Vec<String> = match field("answers").dyn_into::<Array>() {
        Ok(texts) => texts.iter().filter_map(|text| text.as_string()).collect(),
        Err(_) => return,
    };
    let answers = texts.iter().map(|text| serde_json::from_str(text));
    match answers.collect::<Result<Vec<Answer>, _>>() {
        Ok(answers) if answers.is_empty() => {}
        Ok(answers) => inner.tell.emit(News::Answers(answers)),
        Err(error) => return fail(inner, true, error.to_string()),
    }
    if field("done").is_truthy() {
        let way = inner.way.replace(Way::Over);
        if let Way::Worker(hands) = &way {
            hands.rest();
        }
        drop_later(way);
        inner.tell.emit(News::Done);
    }
}

/// The worker has failed. If it never started, the page does the work itself.
fn fail(inner: &Rc<Inner>, started: bool, why: String) {
    end(inner.way.replace(Way::Over));
    if started {
        inner.tell.emit(News::Failed(why));
    } else {
        let job = Job::new(inner.request.clone());
        inner.way.replace(slice(inner, job, true));
    }
}

/// Ends the work at once.
fn end(way: Way) {
    if let Way::Worker(hands) = &way {
        hands.unheard();
        hands.worker.terminate();
    }
    drop_later(way);
}

/// A closure must not be dropped while it runs.
fn drop_later(way: Way) {
    if !matches!(way, Way::Over) {
        Timeout::new(0, move || drop(way)).forget();
    }
}

/// Some more of the work, after the page has drawn.
fn slice(inner: &Rc<Inner>, mut job: Job, first: bool) -> Way {
    let inner = Rc::downgrade(inner);
    let next = Timeout::new(0, move || {
        let Some(inner) = inner.upgrade() else {
            return;
        };
        if first {
            inner.tell.emit(News::InPage);
        }
        let began = browser::clock_ms();
        let mut answers = Vec::new();
        let mut over = false;
        while !over && browser::clock_ms() - began < SLICE_MS {
            match job.next() {
                Some(answer) => answers.push(answer),
                None => over = true,
            }
        }
        inner.tell.emit(News::Answers(answers));
        let way = if over {
            Way::Over
        } else {
            slice(&inner, job, false)
        };
        drop_later(inner.way.replace(way));
        if over {
            inner.tell.emit(News::Done);
        }
    });
    Way::Page { _next: next }
}
