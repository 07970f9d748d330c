//! What was done, by whom, and whether the log is as it was written.

use countersign_shared::admin::Page;
use countersign_shared::admin::account::{AuditEntry, AuditProof};
use leptos::prelude::*;

use super::kit::{press, row, table, text, work_or};
use crate::browser::api::Fault;
use crate::browser::{api, intl};
use crate::parts::live::live;
use crate::parts::{failed, heading, load, shown, skeleton};
use crate::words::team::w;
use crate::words::{fill, shell};

#[derive(Clone, Copy)]
struct Log {
    entries: RwSignal<Option<Vec<AuditEntry>>>,
    next: RwSignal<Option<String>>,
    busy: RwSignal<bool>,
    /// Why nothing came.
    fault: RwSignal<Option<Fault>>,
}

impl Log {
    fn more(self) {
        let after = self.next.get_untracked();
        let after = after.map(|after| format!("?after={}", api::encoded(&after)));
        let path = api::admin(&format!("audit{}", after.unwrap_or_default()));
        let ask = async move { api::get::<Page<AuditEntry>>(&path).await };
        let came = move |page: Page<AuditEntry>| {
            self.fault.set(None);
            self.entries.update(|all| all.get_or_insert_default().extend(page.items));
            self.next.set(page.next);
        };
        work_or(self.busy, ask, came, move |fault| self.fault.set(Some(fault)));
    }

    fn rows(self) -> AnyView {
        let Some(entries) = self.entries.get() else {
            return match self.fault.with(Option::is_some) {
                true => ().into_any(),
                false => skeleton(6),
            };
        };
        if entries.is_empty() {
            return view! { <p class="sub">{w().audit_none}</p> }.into_any();
        }
        let heads =
            [w().audit_at, w().audit_actor, w().audit_action, w().audit_subject, w().audit_detail];
        table(shell::w().audit, &heads, entries.into_iter().map(line).collect())
    }
}

pub fn page() -> AnyView {
    let log = Log {
        entries: RwSignal::default(),
        next: RwSignal::default(),
        busy: RwSignal::new(false),
        fault: RwSignal::default(),
    };
    log.more();
    let proof = load::<AuditProof>(|| api::admin("audit/proof"));
    view! {
        <header class="top">
            {heading(shell::w().audit)}
            <div class="acts">{shown(proof, badge)}</div>
        </header>
        <p class="sub">{w().audit_lead}</p>
        <section class="card">
            {live(move || log.rows())}
            {live(move || log.fault.get().map(|fault| failed(fault, move || log.more())))}
            <div class="row">
                {live(move || log.next.with(Option::is_some).then(|| {
                    press(shell::w().more, "btn", log.busy, move || log.more())
                }))}
            </div>
        </section>
    }
    .into_any()
}

fn badge(proof: AuditProof) -> AnyView {
    let (class, said) = match proof.broken_at {
        None if proof.intact => {
            ("pill live", fill(w().audit_intact, &[("n", &intl::number(proof.entries))]))
        }
        at => {
            let line = at.map(|at| at.to_string()).unwrap_or_default();
            ("pill wrong", fill(w().audit_broken, &[("line", &line)]))
        }
    };
    view! { <span class=class role="status">{said}</span> }.into_any()
}

fn line(entry: AuditEntry) -> AnyView {
    row(vec![
        text(intl::date_time(&entry.at)),
        text(entry.actor),
        view! { <code>{entry.action}</code> }.into_any(),
        text(entry.subject),
        view! { <code class="breaks">{entry.detail}</code> }.into_any(),
    ])
}
