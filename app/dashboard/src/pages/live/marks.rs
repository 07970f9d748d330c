//! What happened, and what followed: marks that organizers add to the chart.

use countersign_shared::admin::Permission;
use countersign_shared::admin::insight::{Mark, NewMark, Series};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::flags;
use super::kept::Kept;
use super::watch::Watch;
use crate::browser::api::{self, Fault};
use crate::browser::intl;
use crate::parts::live::{hear, live};
use crate::parts::{About, confirm, dialog, field, problem};
use crate::session;
use crate::words::live::w;
use crate::words::{fill, shell};

/// What the form is open for: another mark, or one that is there.
type Editing = RwSignal<Option<Mark>>;

/// The marks of the range as a list, and the button for another.
pub fn list(watch: Watch, marks: Memo<Vec<Mark>>, series: Kept<Series>) -> AnyView {
    let (open, editing) = (RwSignal::new(false), Editing::new(None));
    let deleting = RwSignal::new(None::<(i64, String)>);
    let asking = RwSignal::new(false);
    let remove = move || {
        let Some((id, _)) = deleting.get_untracked() else { return };
        let path = api::of(&watch.slug.get_value(), &format!("marks/{id}"));
        spawn_local(async move {
            match api::act::<()>("DELETE", &path).await {
                Ok(()) => {
                    session::say(w().mark_deleted);
                    series.again();
                }
                Err(fault) => session::say_fault(&fault),
            }
        });
    };
    let edit = move |mark: Option<Mark>| {
        editing.set(mark);
        open.set(true);
    };
    let delete = move |mark: (i64, String)| {
        deleting.set(Some(mark));
        asking.set(true);
    };
    let may = move || session::may(Permission::Edit);
    let line = move |mark: Mark| {
        let [change, remove] =
            [w().mark_edit, w().mark_delete].map(|text| fill(text, &[("label", &mark.label)]));
        let (within, own) = (flags::length(&mark), mark.clone());
        let gone = (mark.id, mark.label.clone());
        let acts = may().then(|| {
            view! {
                <button
                    type="button"
                    class="quiet"
                    aria-label=change
                    on:click=hear(move |_| edit(Some(own.clone())))
                >
                    "✎"
                </button>
                <button type="button" class="quiet" aria-label=remove on:click=hear(move |_| delete(gone.clone()))>
                    "×"
                </button>
            }
        });
        view! {
            <tr>
                <th scope="row">{mark.label}</th>
                <td>{intl::short_time(&mark.at)}</td>
                <td class="num">{within}</td>
                <td class="num">{intl::signed(mark.after as i64)}</td>
                <td class="num">{intl::signed(mark.before as i64)}</td>
                <td class="num">{acts}</td>
            </tr>
        }
    };
    let table = move || {
        let all = marks.get();
        (!all.is_empty()).then(|| {
            view! {
                <div class="scroll" tabindex="0">
                    <table>
                        <caption class="unseen">{w().marks}</caption>
                        <thead>
                            <tr>
                                <th scope="col">{w().mark_title}</th>
                                <th scope="col">{w().when}</th>
                                <th scope="col" class="num">{w().mark_within}</th>
                                <th scope="col" class="num">{w().mark_after}</th>
                                <th scope="col" class="num">{w().mark_before}</th>
                                <td></td>
                            </tr>
                        </thead>
                        <tbody>{all.into_iter().map(line).collect_view()}</tbody>
                    </table>
                </div>
            }
        })
    };
    let which = live(move || {
        let label = deleting.with(|mark| mark.as_ref().map(|(_, label)| label.clone()));
        fill(w().mark_delete, &[("label", &label.unwrap_or_default())])
    });
    view! {
        <div class="marks">
            {live(table)}
            {live(move || may().then(|| view! {
                <button type="button" class="btn" on:click=hear(move |_| edit(None))>
                    {w().mark_add}
                </button>
            }))}
        </div>
        {dialog(open, title(editing), move || form(watch, open, editing, series))}
        {confirm(asking, which, || w().mark_delete_sure.to_owned(), shell::w().delete, remove)}
    }
    .into_any()
}

fn title(editing: Editing) -> AnyView {
    live(move || {
        editing.with(|editing| match editing {
            Some(mark) => fill(w().mark_edit, &[("label", &mark.label)]),
            None => w().mark_add.to_owned(),
        })
    })
    .into_any()
}

fn form(watch: Watch, open: RwSignal<bool>, editing: Editing, series: Kept<Series>) -> AnyView {
    let mark = editing.get_untracked();
    let then = mark.as_ref().and_then(|mark| intl::millis(&mark.at));
    let label = RwSignal::new(mark.as_ref().map(|mark| mark.label.clone()).unwrap_or_default());
    let at = RwSignal::new(intl::wall_at(then.unwrap_or_else(js_sys::Date::now)));
    let fault = RwSignal::new(None::<Fault>);
    let of = move |name: &'static str| move || fault.with(|fault| fault.as_ref()?.field(name));
    let id = mark.map(|mark| mark.id);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(moment) = intl::moment(&at.get_untracked()) else { return };
        let mark = NewMark { at: intl::iso(moment), label: label.get_untracked() };
        let (method, room, done) = match id {
            Some(id) => ("PUT", format!("marks/{id}"), w().mark_changed),
            None => ("POST", "marks".to_owned(), w().mark_added),
        };
        let path = api::of(&watch.slug.get_value(), &room);
        spawn_local(async move {
            match api::send::<Mark>(method, &path, &mark).await {
                Ok(_) => {
                    session::say(done);
                    let _ = open.try_set(false);
                    series.again();
                }
                Err(why) => {
                    let _ = fault.try_set(Some(why));
                }
            }
        });
    };
    let about = About { hint: w().mark_hint.to_owned(), required: true, ..About::default() };
    let when = fill(w().mark_at, &[("zone", &intl::zone())]);
    let clock = About { kind: "datetime-local", required: true, ..About::default() };
    let verb = if id.is_some() { shell::w().save } else { shell::w().add };
    let other = move || fault.get().filter(|fault| fault.fields.is_empty()).map(|fault| fault.text);
    view! {
        <form class="form" on:submit=hear(submit)>
            {problem(other)}
            {field(w().mark_title, label, about, of("label"))}
            {field(when, at, clock, of("at"))}
            <div class="row ends">
                <button type="button" class="btn" on:click=hear(move |_| open.set(false))>
                    {shell::w().cancel}
                </button>
                <button class="btn primary">{verb}</button>
            </div>
        </form>
    }
    .into_any()
}
