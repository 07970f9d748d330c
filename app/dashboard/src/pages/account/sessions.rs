//! Where one is signed in, and out of all of it.

use countersign_shared::admin::account::Session;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::browser::{api, history, intl};
use crate::parts::live::hear;
use crate::parts::{card as boxed, confirm, load, shown};
use crate::route::Route;
use crate::session;
use crate::words::account::w;

pub fn card() -> AnyView {
    let list = load::<Vec<Session>>(|| api::admin("sessions"));
    let asking = RwSignal::new(false);
    let leave = || {
        spawn_local(async {
            match api::act::<()>("DELETE", &api::admin("sessions")).await {
                Ok(()) => {
                    history::replace(&Route::SignIn.path());
                    session::lost();
                }
                Err(fault) => session::say_fault(&fault),
            }
        });
    };
    let row = |one: Session| {
        let here = one.current.then(|| view! { <span class="chip">{w().this_session}</span> });
        view! {
            <tr>
                <th scope="row">{one.agent} " " {here}</th>
                <td>{intl::date_time(&one.seen_at)}</td>
                <td>{intl::date_time(&one.ends_at)}</td>
            </tr>
        }
    };
    let content = view! {
        <p class="sub">{w().sessions_lead}</p>
        {shown(list, move |all: Vec<Session>| view! {
            <div class="scroll" tabindex="0">
                <table>
                    <thead>
                        <tr>
                            <th scope="col">{w().browser}</th>
                            <th scope="col">{w().last_seen}</th>
                            <th scope="col">{w().ends}</th>
                        </tr>
                    </thead>
                    <tbody>{all.into_iter().map(row).collect_view()}</tbody>
                </table>
            </div>
        })}
        <button type="button" class="btn danger" on:click=hear(move |_| asking.set(true))>
            {w().sign_out_everywhere}
        </button>
        {confirm(
            asking,
            w().sign_out_everywhere,
            || w().sign_out_everywhere_sure.to_owned(),
            w().sign_out_everywhere,
            leave,
        )}
    };
    boxed(w().sessions, 6, content)
}
