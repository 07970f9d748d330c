//! What happened, and what followed: marks that organizers add to the chart.

use countersign_shared::admin::Permission;
use countersign_shared::admin::insight::{Mark, NewMark, Series};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::watch::Watch;
use crate::browser::api::{self, Fault};
use crate::browser::intl;
use crate::parts::live::{hear, live};
use crate::parts::{About, Loaded, confirm, dialog, field, problem};
use crate::session;
use crate::words::live::w;
use crate::words::{fill, shell};

/// The marks of the range as a list, and the button for another.
pub fn list(watch: Watch, marks: Memo<Vec<Mark>>, series: Loaded<Series>) -> AnyView {
    let adding = RwSignal::new(false);
    let deleting = RwSignal::new(None::<i64>);
    let asking = RwSignal::new(false);
    let remove = move || {
        let Some(id) = deleting.get_untracked() else { return };
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
    let may = move || session::may(Permission::Edit);
    let line = move |mark: Mark| {
        let label = fill(w().mark_delete, &[("label", &mark.label)]);
        let delete = move |_| {
            deleting.set(Some(mark.id));
            asking.set(true);
        };
        let delete = move || {
            may().then(|| view! {
            <button type="button" class="quiet" aria-label=label.clone() on:click=hear(delete)>
                "×"
            </button>
        })
        };
        view! {
            <tr>
                <th scope="row">{mark.label}</th>
                <td>{intl::short_time(&mark.at)}</td>
                <td class="num">{intl::signed(mark.after as i64)}</td>
                <td class="num">{intl::signed(mark.before as i64)}</td>
                <td class="num">{delete}</td>
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
    view! {
        <div class="marks">
            {table}
            {live(move || may().then(|| view! {
                <button type="button" class="btn" on:click=hear(move |_| adding.set(true))>
                    {w().mark_add}
                </button>
            }))}
        </div>
        {dialog(adding, w().mark_add, move || form(watch, adding, series))}
        {confirm(asking, w().marks, || w().mark_delete_sure.to_owned(), shell::w().delete, remove)}
    }
    .into_any()
}

fn form(watch: Watch, open: RwSignal<bool>, series: Loaded<Series>) -> AnyView {
    let label = RwSignal::new(String::new());
    let at = RwSignal::new(intl::wall_at(js_sys::Date::now()));
    let fault = RwSignal::new(None::<Fault>);
    let of = move |name: &'static str| move || fault.with(|fault| fault.as_ref()?.field(name));
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(moment) = intl::moment(&at.get_untracked()) else { return };
        let mark = NewMark { at: intl::iso(moment), label: label.get_untracked() };
        let path = api::of(&watch.slug.get_value(), "marks");
        spawn_local(async move {
            match api::post::<Mark>(&path, &mark).await {
                Ok(_) => {
                    session::say(w().mark_added);
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
                <button class="btn primary">{shell::w().add}</button>
            </div>
        </form>
    }
    .into_any()
}
