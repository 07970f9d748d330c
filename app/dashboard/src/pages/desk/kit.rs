//! What these pages do again and again: buttons that work, tables, and things shown once.

use std::future::Future;
use std::pin::Pin;

use countersign_shared::FieldError;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen_futures::JsFuture;

use crate::browser::api::Fault;
use crate::browser::{download, window};
use crate::parts::live::{effect, hear};
use crate::parts::{About, dialog, field};
use crate::session;
use crate::words::shell;

/// What the server said is wrong with a form.
pub type Faults = RwSignal<Vec<FieldError>>;

/// Does one thing at a time; says what went wrong.
pub fn work<T: 'static>(
    busy: RwSignal<bool>,
    ask: impl Future<Output = Result<T, Fault>> + 'static,
    done: impl FnOnce(T) + 'static,
) {
    work_or(busy, ask, done, |fault| session::say_fault(&fault));
}

/// The same, where the fault has a place of its own.
pub fn work_or<T: 'static>(
    busy: RwSignal<bool>,
    ask: impl Future<Output = Result<T, Fault>> + 'static,
    done: impl FnOnce(T) + 'static,
    failed: impl FnOnce(Fault) + 'static,
) {
    if busy.get_untracked() {
        return;
    }
    busy.set(true);
    let then = async move {
        match ask.await {
            Ok(value) => Box::new(move || done(value)) as Then,
            Err(fault) => Box::new(move || failed(fault)),
        }
    };
    run(busy, Box::pin(then));
}

/// What follows an answer.
type Then = Box<dyn FnOnce()>;

fn run(busy: RwSignal<bool>, ask: Pin<Box<dyn Future<Output = Then>>>) {
    spawn_local(async move {
        let then = ask.await;
        // The page may be gone by now.
        if busy.try_set(false).is_none() {
            then();
        }
    });
}

/// The faults of a form beside their fields, and the rest in passing.
pub fn refuse(faults: Faults, fault: Fault) {
    if fault.fields.is_empty() {
        session::say_fault(&fault);
    }
    faults.set(fault.fields);
}

pub fn fault_at(faults: Faults, name: &str) -> Option<String> {
    faults.with(|all| all.iter().find(|one| one.field == name).map(|one| one.message.clone()))
}

/// One line of text whose fault the server finds.
pub fn line(
    label: &'static str,
    value: RwSignal<String>,
    about: About,
    faults: Faults,
    name: &'static str,
) -> AnyView {
    field(label, value, about, move || fault_at(faults, name))
}

/// A button.
pub fn press(
    text: impl Into<String>,
    class: &'static str,
    busy: RwSignal<bool>,
    act: impl Fn() + 'static,
) -> AnyView {
    pressed(text.into(), None, class, busy, Box::new(act))
}

/// A button whose words alone do not say what it is about.
pub fn press_for(
    text: impl Into<String>,
    about: String,
    busy: RwSignal<bool>,
    act: impl Fn() + 'static,
) -> AnyView {
    let text = text.into();
    let label = format!("{text}: {about}");
    pressed(text, Some(label), "quiet", busy, Box::new(act))
}

fn pressed(
    text: String,
    label: Option<String>,
    class: &'static str,
    busy: RwSignal<bool>,
    act: Box<dyn Fn()>,
) -> AnyView {
    view! {
        <button
            type="button"
            class=class
            aria-label=label
            aria-disabled=move || busy.get().then_some("true")
            on:click=hear(move |_| {
                if !busy.get_untracked() {
                    act();
                }
            })
        >
            {text}
        </button>
    }
    .into_any()
}

/// A table that scrolls by itself where it is too wide.
pub fn table(caption: &'static str, heads: &[&'static str], rows: Vec<AnyView>) -> AnyView {
    let heads = heads.iter().map(|head| match head.is_empty() {
        true => view! { <td></td> }.into_any(),
        false => view! { <th scope="col">{*head}</th> }.into_any(),
    });
    let heads = heads.collect::<Vec<_>>();
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label=caption>
            <table>
                <caption class="unseen">{caption}</caption>
                <thead><tr>{heads}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// One row: the first cell names it.
pub fn row(cells: Vec<AnyView>) -> AnyView {
    let cells = cells.into_iter().enumerate().map(|(index, cell)| match index {
        0 => view! { <th scope="row">{cell}</th> }.into_any(),
        _ => view! { <td>{cell}</td> }.into_any(),
    });
    let cells = cells.collect::<Vec<_>>();
    view! { <tr>{cells}</tr> }.into_any()
}

pub fn text(words: impl Into<String>) -> AnyView {
    words.into().into_any()
}

/// Something to copy.
pub fn copyable(value: String) -> AnyView {
    let copied = value.clone();
    let copy = move || download::copy(copied.clone());
    view! {
        <div class="copyable">
            <pre tabindex="0"><code>{value}</code></pre>
            <button type="button" class="btn" on:click=hear(move |_| copy())>
                {shell::w().copy}
            </button>
        </div>
    }
    .into_any()
}

/// Whether a box is open that shows a value: it opens when there is one, and there is none once it
/// is closed.
pub fn open_while<T: Send + Sync + 'static>(value: RwSignal<Option<T>>) -> RwSignal<bool> {
    let open = RwSignal::new(false);
    effect(move || {
        let is = value.with(Option::is_some);
        if open.get_untracked() != is {
            open.set(is);
        }
    });
    effect(move || {
        // Only what changes is set: each of the two would wake the other for ever.
        if !open.get() && value.with_untracked(Option::is_some) {
            value.set(None);
        }
    });
    open
}

/// A secret in a box above the page, shown this once.
pub fn shown_once(
    title: &'static str,
    lead: RwSignal<String>,
    secret: RwSignal<Option<String>>,
) -> AnyView {
    let open = open_while(secret);
    dialog(open, title, move || {
        view! {
            <p>{lead.get()}</p>
            {secret.get().map(copyable)}
            <div class="row ends">
                {press(shell::w().close, "btn primary", RwSignal::new(false), move || open.set(false))}
            </div>
        }
    })
}

/// A bar that fills, with its words beside it. One that only moves where `of` is not known: 0.
pub fn progress(words: String, done: u64, of: u64) -> AnyView {
    let label = words.clone();
    let value = (of > 0).then(|| done.min(of).to_string());
    view! {
        <div class="progress" role="status">
            <progress aria-label=label max=of.max(1).to_string() value=value></progress>
            <span class="sub">{words}</span>
        </div>
    }
    .into_any()
}

/// Waits for so many milliseconds.
pub async fn pause(ms: i32) {
    let promise = js_sys::Promise::new(&mut |done, _| {
        let _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(&done, ms);
    });
    let _ = JsFuture::from(promise).await;
}

/// `None` for what is empty.
pub fn some(value: RwSignal<String>) -> Option<String> {
    let value = value.get_untracked().trim().to_owned();
    (!value.is_empty()).then_some(value)
}
