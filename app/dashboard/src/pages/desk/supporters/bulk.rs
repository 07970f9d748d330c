//! Many at once: counted first, then taken out in the background, and put back if it was wrong.

use countersign_shared::admin::supporters::{BulkJob, BulkRequest, SupporterFilter};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::super::kit::{line, pause, press, press_for, progress, row, table, text, work, work_or};
use super::filter::{self, Filter};
use crate::browser::api::{self, Fault};
use crate::browser::intl;
use crate::parts::live::{effect, live};
use crate::parts::{About, Loaded, confirm, dialog, load_if, shown};
use crate::session;
use crate::words::people::w;
use crate::words::{fill, shell};

/// Milliseconds between two looks at a job.
const LOOK_EVERY: i32 = 600;

#[derive(Clone, Copy)]
struct Bulk {
    slug: StoredValue<String>,
    filter: Filter,
    reason: RwSignal<String>,
    /// The job that is looked at.
    job: RwSignal<Option<BulkJob>>,
    busy: RwSignal<bool>,
    jobs: Loaded<Vec<BulkJob>>,
}

pub fn bulk(
    slug: String,
    open: RwSignal<bool>,
    filter: Filter,
    changed: impl Fn() + Copy + Send + Sync + 'static,
) -> AnyView {
    let path = api::of(&slug, "bulk");
    // Asked for once the box is opened.
    let jobs = load_if::<Vec<BulkJob>>(move || open.get().then(|| path.clone()));
    let bulk = Bulk {
        slug: StoredValue::new(slug),
        filter,
        reason: RwSignal::new(String::new()),
        job: RwSignal::new(None),
        busy: RwSignal::new(false),
        jobs,
    };
    bulk.drop_old_count();
    dialog(open, w().bulk, move || {
        view! {
            <p class="sub">{w().bulk_lead}</p>
            <div class="stack">
                {bulk.filter.narrow()}
                {bulk.filter.times()}
                {line(w().bulk_why, bulk.reason, why(), filter.faults, "reason")}
            </div>
            <div class="row">{press(w().bulk_count, "btn", bulk.busy, move || bulk.count(changed))}</div>
            {live(move || bulk.job.get().map(|job| bulk.state(job, changed)))}
            <h3>{w().bulk_jobs}</h3>
            {shown(jobs, move |jobs| bulk.done(jobs, changed))}
            <div class="row ends">
                {press(shell::w().close, "btn", RwSignal::new(false), move || open.set(false))}
            </div>
        }
    })
}

fn why() -> About {
    About { hint: w().bulk_why_hint.to_owned(), ..About::default() }
}

impl Bulk {
    /// A count is of the filter that it was made with: it goes once the fields say something else.
    fn drop_old_count(self) {
        effect(move || {
            let asked = self.filter.followed();
            let old = |job: &BulkJob| job.preview && job.filter != asked;
            if self.job.with(|job| job.as_ref().is_some_and(old)) {
                self.job.set(None);
            }
        });
    }

    fn count(self, changed: impl Fn() + Copy + 'static) {
        let filter = self.filter.value();
        if filter == filter::nothing() {
            return session::say_fault(&Fault::new(422, w().bulk_needs));
        }
        self.start(filter, true, changed);
    }

    fn start(self, filter: SupporterFilter, preview: bool, changed: impl Fn() + Copy + 'static) {
        let body = BulkRequest { filter, reason: self.reason.get_untracked(), preview };
        let path = api::of(&self.slug.get_value(), "bulk");
        let ask = async move { api::post::<BulkJob>(&path, &body).await };
        let begun = move |job: BulkJob| {
            self.filter.faults.set(Vec::new());
            self.look_at(job, changed);
        };
        work_or(self.busy, ask, begun, move |fault| self.filter.refuse(fault));
    }

    fn look_at(self, job: BulkJob, changed: impl Fn() + 'static) {
        let id = job.id;
        self.job.set(Some(job));
        spawn_local(self.follow(id, changed));
    }

    /// Looks at a job until it is over, or another one is looked at.
    async fn follow(self, id: i64, changed: impl Fn() + 'static) {
        loop {
            let job = self.job.try_get_untracked().flatten();
            let Some(job) = job.filter(|job| job.id == id) else { return };
            if job.state != "running" {
                self.jobs.again();
                if !job.preview {
                    changed();
                }
                return;
            }
            pause(LOOK_EVERY).await;
            let path = api::of(&self.slug.get_value(), &format!("bulk/{id}"));
            match api::get::<BulkJob>(&path).await {
                Ok(now) => {
                    self.job.try_update(|job| {
                        if job.as_ref().is_some_and(|job| job.id == id) {
                            *job = Some(now);
                        }
                    });
                }
                Err(fault) if fault.status == 0 => {}
                Err(fault) => return session::say_fault(&fault),
            }
        }
    }

    fn state(self, job: BulkJob, changed: impl Fn() + Copy + 'static) -> AnyView {
        let (read, of) = (intl::number(job.read), intl::number(job.of));
        let (matched, taken) = (intl::number(job.matched), intl::number(job.changed));
        let values = [("read", &*read), ("of", &*of), ("matched", &*matched), ("changed", &*taken)];
        match (job.state.as_str(), job.preview) {
            ("running", true) => progress(fill(w().bulk_counting, &values), job.read, job.of),
            ("running", false) => progress(fill(w().bulk_running, &values), job.read, job.of),
            ("done", true) => {
                let go = (job.matched > 0).then(|| {
                    // What was counted, and nothing else.
                    let counted = job.filter.clone();
                    press(fill(w().bulk_go, &values), "btn danger", self.busy, move || {
                        self.start(counted.clone(), false, changed);
                    })
                });
                view! { <p role="status">{fill(w().bulk_found, &values)}</p> {go} }.into_any()
            }
            ("done", false) => {
                view! { <p role="status">{fill(w().bulk_done, &values)}</p> }.into_any()
            }
            ("undone", _) => view! { <p role="status">{w().bulk_undone}</p> }.into_any(),
            _ => view! { <p class="problem" role="alert">{w().bulk_failed}</p> }.into_any(),
        }
    }

    /// What was done before, each of which can be undone.
    fn done(
        self,
        jobs: Vec<BulkJob>,
        changed: impl Fn() + Copy + Send + Sync + 'static,
    ) -> AnyView {
        let rows: Vec<AnyView> = jobs
            .into_iter()
            .filter(|job| !job.preview)
            .map(|job| self.job_row(job, changed))
            .collect();
        if rows.is_empty() {
            return view! { <p class="sub">{w().bulk_none}</p> }.into_any();
        }
        table(w().bulk_jobs, &[w().what, w().number, w().when, w().state, ""], rows)
    }

    fn job_row(self, job: BulkJob, changed: impl Fn() + Copy + Send + Sync + 'static) -> AnyView {
        let asks = RwSignal::new(false);
        let state = match job.state.as_str() {
            "running" => w().job_running,
            "done" => w().job_done,
            "undone" => w().job_undone,
            _ => w().job_failed,
        };
        let id = job.id;
        let undo = move || {
            let path = api::of(&self.slug.get_value(), &format!("bulk/{id}/undo"));
            work(self.busy, async move { api::act::<BulkJob>("POST", &path).await }, move |job| {
                self.look_at(job, changed);
            });
        };
        let what = describe(&job);
        let button = (job.state == "done").then(|| {
            view! {
                {press_for(w().bulk_undo, what.clone(), self.busy, move || asks.set(true))}
                {confirm(asks, w().bulk_undo, || w().bulk_undo_sure.to_owned(), w().bulk_undo, undo)}
            }
        });
        row(vec![
            text(what),
            text(intl::number(job.changed)),
            text(format!("{}, {}", intl::short_time(&job.created_at), job.created_by)),
            text(state),
            button.into_any(),
        ])
    }
}

/// The reason, or else what the filter said.
fn describe(job: &BulkJob) -> String {
    let filter = &job.filter;
    let parts =
        [&filter.network, &filter.domain, &filter.pattern, &filter.q, &filter.from, &filter.to];
    let said: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
    let said = said.join(", ");
    if job.reason.is_empty() { said } else { format!("{} ({said})", job.reason) }
}
