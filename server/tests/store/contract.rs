//! The contract of [`countersign::store::Store`]. Each function is one line of it.

use countersign::store::Outcome;

use crate::harness::{DAY, Engine, Fixture, Said as _, apply, at, check_the_oracle, pledge};

/// Makes a test of each line, for one engine.
macro_rules! run_on {
    ($engine:expr) => {
        $crate::contract::run_on!($engine;
            fifty_identical_posts_make_one_row_plus_one_and_one_receipt,
            a_request_sent_again_gets_its_first_answer,
            the_same_key_with_another_body_is_refused_and_nothing_stored,
            a_campaign_closes_mid_request_and_the_transaction_decides,
            a_request_sent_again_after_the_end_still_gets_its_first_answer,
            a_second_signature_by_the_same_mailbox_adds_nothing,
            numbers_rise_through_a_batch_and_over_batches,
            a_batch_may_hold_several_campaigns,
            what_is_quarantined_is_kept_and_counted_nowhere,
            an_honest_signature_takes_over_from_a_quarantined_one,
            a_robot_cannot_push_out_an_honest_signature,
            a_clock_that_jumps_back_makes_no_duplicate_and_the_sequence_goes_on_rising,
            a_total_over_two_to_the_32_does_not_overflow,
            a_batch_that_moved_nothing_says_so,
            personal_data_past_its_retention_is_deleted_and_the_count_stays,
            personal_data_is_kept_until_after_the_end_of_the_campaign,
            requests_are_forgotten_after_a_day,
            a_database_from_before_migration_2_knows_afterwards_who_is_due,
            whom_an_older_server_stored_meanwhile_is_deleted_on_time_too,
            what_is_done_once_an_hour_is_done_by_one,
            a_seeded_counter_drift_is_found_and_repaired,
            a_repaired_total_says_why_until_it_is_back_where_it_was,
            history_is_by_bucket_and_knows_what_came_before,
            an_export_is_one_snapshot_in_the_order_of_signing,
            an_export_has_what_was_recorded,
            a_token_is_found_by_its_hash_and_names_are_unique,
            tokens_end_with_the_rights_of_who_answers_for_them,
            where_somebody_came_in_last_is_first,
            a_token_from_before_migration_3_can_export_and_has_no_end,
            fault_47_an_edited_audit_log_is_revealed_by_its_hash_chain,
            fault_47_a_deleted_line_is_revealed_and_so_is_a_tail_that_was_cut_off,
            fault_47_a_tail_cut_off_with_the_end_moved_is_revealed,
            a_log_from_before_there_were_seals_goes_on_and_is_sealed_by_its_next_line,
            what_is_not_done_is_not_in_the_log_and_what_is_done_is_in_its_transaction,
            a_change_and_its_line_come_together_or_not_at_all,
            a_line_says_what_is_known_only_when_the_change_is_made,
            a_campaign_that_is_not_written_is_not_in_the_log,
            lines_written_at_once_form_one_chain,
            an_organization_reads_its_own_lines_newest_first,
            fault_45_one_time_expiring_token_two_at_once_yield_one,
            an_invitation_for_an_account_needs_proof_that_it_is_theirs,
            a_reset_sets_another_password_and_ends_all_sessions,
            a_session_is_idle_after_a_while_and_over_after_a_longer_one,
            fault_43_logout_and_role_change_effective_at_once,
            the_last_owner_stays_also_when_two_leave_at_once,
            who_belongs_nowhere_any_more_is_forgotten,
            the_last_way_in_stays,
            a_ceremony_is_given_out_once_and_in_time,
            a_database_stays_with_its_keys,
            fault_35_key_rotation_versioned_fingerprints_dedupe_holds,
            rows_are_brought_to_the_later_key_and_those_without_a_person_stay,
            applying_a_campaign_twice_changes_nothing,
            a_campaign_is_made_once_and_belongs_to_its_organization,
            two_who_change_one_campaign_do_not_overwrite_each_other,
            a_draft_and_an_archived_campaign_take_no_pledges_and_delete_nothing_early,
            epochs_rise_with_every_start,
            everything_is_there_after_a_restart,
            the_days_say_what_the_rows_say,
            made_up_sources_do_not_fill_the_table,
            a_drift_of_the_days_is_found_and_repaired,
            a_database_from_before_migration_3_has_its_days_afterwards,
            files_from_before_migration_4_are_paper_afterwards,
            visits_add_up_and_are_no_pledges,
            slots_lead_up_to_the_total,
            paper_is_told_apart_in_every_slot,
            a_mark_knows_what_came_before_and_after,
            a_mark_that_is_young_is_held_against_as_short_a_time,
            a_list_walks_in_the_order_of_signing_and_misses_nobody,
            those_apart_are_found_by_why_and_people_by_their_fingerprint,
            rows_that_do_not_fit_are_passed_over_and_each_is_looked_at_once,
            every_column_of_a_search_is_asked,
            fault_11_erasure_or_withdrawal_while_counting_exactly_minus_1_once,
            who_withdrew_may_sign_again_and_who_was_refused_may_not,
            fault_25_what_was_quarantined_can_be_released_and_counts_once,
            a_correction_moves_countries_and_notices_who_was_faster,
            a_job_takes_all_it_found_out_of_the_number_in_one_step_and_puts_them_back,
            a_job_undoes_only_what_it_did_itself,
            a_preview_changes_nothing_and_a_job_has_one_worker,
            a_file_adds_those_who_had_not_signed_and_is_undone_once,
            labelled_counts_are_in_the_number_like_rows_and_a_recount_knows_them,
            what_was_counted_is_told_to_those_who_listen_and_nothing_else_is,
            who_leaves_the_number_is_told_once_whichever_way_they_leave,
            who_comes_into_the_number_later_is_told_as_well,
            a_goal_is_told_once,
            what_happens_to_pledges_is_told_by_their_campaign_only,
            fault_12_an_outbox_is_bounded_and_what_was_dropped_is_visible,
            a_message_is_claimed_by_one_and_due_again_after_its_lease,
            a_receiver_that_is_gone_gets_nothing_more,
            what_was_delivered_is_forgotten_after_a_week_but_a_goal_never,
            a_pledge_counts_once_when_its_mailbox_says_yes,
            fault_31_a_link_confirms_for_seven_days_and_nobody_else_does,
            fault_30_a_mailbox_gets_few_mails_a_day_over_all_campaigns,
            fault_32_who_has_signed_is_told_so_and_who_is_sent_again_is_not,
            fault_25_a_person_whose_browser_filled_the_trap_is_rescued_by_confirming,
            what_is_not_confirmed_in_time_is_deleted_and_the_latest_signature_holds,
            paper_takes_over_from_what_waits_for_its_mailbox,
            whom_the_screen_held_back_and_whose_mailbox_was_asked_is_deleted_as_well,
            fault_36_erasure_takes_the_mails_along,
            an_e_mail_is_claimed_by_one_and_due_again_after_its_lease,
        );
    };
    ($engine:expr; $($line:ident,)*) => {
        $(
            #[tokio::test]
            async fn $line() {
                $crate::contract::$line(&$engine).await;
            }
        )*
    };
}
pub(crate) use run_on;

mod campaigns;
mod keeping;
mod leaving;
mod logging;
mod mailing;
mod noting;
mod noting_world;
mod organizing;
mod passing;
mod people;
mod telling;
mod watching;
pub use campaigns::*;
pub use keeping::*;
pub use leaving::*;
pub use logging::*;
pub use mailing::*;
pub use noting::*;
pub use organizing::*;
pub use passing::*;
pub use people::*;
pub use telling::*;
pub use watching::*;

fn counted(number: u64) -> Outcome {
    Outcome::Counted { number }
}

pub async fn fifty_identical_posts_make_one_row_plus_one_and_one_receipt(engine: &dyn Engine) {
    let fixture = Fixture::on(engine).await;
    let outcomes =
        fixture.outcomes((0..50).map(|_| fixture.pledge(1).with_key(1, 1)).collect()).await;
    let again = Outcome::Replayed { number: 1, receipt: "RECEIPT1".into() };
    assert_eq!(outcomes[0], counted(1));
    assert!(outcomes[1..].iter().all(|outcome| *outcome == again));
    assert_eq!(fixture.total().await, 1);
    assert_eq!(fixture.rows().await.len(), 1);
}

pub async fn a_request_sent_again_gets_its_first_answer(engine: &dyn Engine) {
    let fixture = Fixture::on(engine).await;
    fixture.record(vec![fixture.pledge(1).with_key(1, 1)]).await;
    fixture.record(vec![fixture.pledge(2)]).await;
    let again = fixture.pledge(1).with_key(1, 1).receipt("ANOTHER");
    let first = Outcome::Replayed { number: 1, receipt: "RECEIPT1".into() };
    assert_eq!(fixture.outcomes(vec![again]).await, [first]);
    assert_eq!(fixture.total().await, 2);
}

pub async fn the_same_key_with_another_body_is_refused_and_nothing_stored(engine: &dyn Engine) {
    let fixture = Fixture::on(engine).await;
    let outcomes = fixture
        .outcomes(vec![fixture.pledge(1).with_key(1, 1), fixture.pledge(2).with_key(1, 2)])
        .await;
    assert_eq!(outcomes, [counted(1), Outcome::KeyReused]);
    assert_eq!(
        fixture.outcomes(vec![fixture.pledge(3).with_key(1, 3)]).await,
        [Outcome::KeyReused]
    );
    assert_eq!(fixture.rows().await.len(), 1);
    check_the_oracle(&*fixture.store).await;
}

pub async fn a_campaign_closes_mid_request_and_the_transaction_decides(engine: &dyn Engine) {
    let times = "opens = 2025-01-01T00:00:10Z\ncloses = 2025-01-01T00:00:20Z";
    let fixture = Fixture::with(engine, times).await;
    let mut mailbox = 0;
    for (milliseconds, expected) in [
        (9_999, Outcome::NotYetOpen),
        (10_000, counted(1)),
        (19_999, counted(2)),
        (20_000, Outcome::Closed),
    ] {
        mailbox += 1;
        let batch = vec![fixture.pledge(mailbox)];
        let recorded = fixture.store.record(batch, at(milliseconds)).await.unwrap();
        assert_eq!(recorded.outcomes, [expected]);
    }
    assert_eq!(fixture.rows().await.len(), 2);
}

pub async fn a_request_sent_again_after_the_end_still_gets_its_first_answer(engine: &dyn Engine) {
    let fixture = Fixture::with(engine, "closes = 2025-01-01T00:00:20Z").await;
    let sent = fixture.pledge(1).with_key(1, 1);
    fixture.record(vec![sent.clone()]).await;
    let late = fixture.store.record(vec![sent], at(30_000)).await.unwrap();
    let first = Outcome::Replayed { number: 1, receipt: "RECEIPT1".into() };
    assert_eq!(late.outcomes, [first]);
}

pub async fn a_second_signature_by_the_same_mailbox_adds_nothing(engine: &dyn Engine) {
    let fixture = Fixture::on(engine).await;
    let both = vec![fixture.pledge(1), fixture.pledge(1).in_country("FR")];
    assert_eq!(fixture.outcomes(both).await, [counted(1), Outcome::Duplicate { number: 1 }]);
    fixture.record(vec![fixture.pledge(2)]).await;
    assert_eq!(fixture.outcomes(vec![fixture.pledge(1)]).await, [Outcome::Duplicate { number: 2 }]);
    let rows = fixture.rows().await;
    assert_eq!((rows.len(), &*rows[0].country), (2, "KE"));
}

pub async fn numbers_rise_through_a_batch_and_over_batches(engine: &dyn Engine) {
    let fixture = Fixture::on(engine).await;
    let first = fixture.outcomes((1..=3).map(|mailbox| fixture.pledge(mailbox)).collect()).await;
    assert_eq!(first, [counted(1), counted(2), counted(3)]);
    let next = vec![fixture.pledge(4), fixture.pledge(1), fixture.pledge(5)];
    assert_eq!(
        fixture.outcomes(next).await,
        [counted(4), Outcome::Duplicate { number: 4 }, counted(5)]
    );
}

pub async fn a_batch_may_hold_several_campaigns(engine: &dyn Engine) {
    let fixture = Fixture::on(engine).await;
    let other = apply(&*fixture.store, "two", "").await;
    let batch = vec![fixture.pledge(1), pledge(other, 1).in_country("FR"), fixture.pledge(2)];
    let mut recorded = fixture.record(batch).await;
    assert_eq!(recorded.outcomes, [counted(1), counted(1), counted(2)]);
    recorded.changed.sort_by_key(|(id, _)| *id);
    let totals: Vec<_> = recorded.changed.iter().map(|(id, it)| (*id, it.total)).collect();
    assert_eq!(totals, [(fixture.id, 2), (other, 1)]);
    for (id, counters) in recorded.changed {
        assert_eq!(fixture.store.counters(id).await.unwrap(), counters);
    }
}

pub async fn what_is_quarantined_is_kept_and_counted_nowhere(engine: &dyn Engine) {
    let fixture = Fixture::on(engine).await;
    let batch = vec![fixture.pledge(1), fixture.pledge(2).quarantined().with_key(2, 2)];
    let quarantined = Outcome::Quarantined { number: 1 };
    assert_eq!(fixture.outcomes(batch).await, [counted(1), quarantined]);
    let again = fixture.outcomes(vec![fixture.pledge(2).quarantined().with_key(2, 2)]).await;
    assert_eq!(again, [Outcome::Replayed { number: 1, receipt: "RECEIPT2".into() }]);
    let rows = fixture.rows().await;
    assert_eq!(rows[1].state, "quarantined");
    assert_eq!(rows[1].quarantine_reason.as_deref(), Some("honeypot"));
    assert!(rows[1].sealed.is_some());
    assert_eq!(fixture.total().await, 1);
    check_the_oracle(&*fixture.store).await;
}

pub async fn an_honest_signature_takes_over_from_a_quarantined_one(engine: &dyn Engine) {
    let fixture = Fixture::on(engine).await;
    fixture.record(vec![fixture.pledge(1).quarantined()]).await;
    let mut honest = fixture.pledge(1).in_country("FR");
    honest.identity.sealed = vec![9, 9, 9];
    assert_eq!(fixture.outcomes(vec![honest]).await, [counted(1)]);
    // Within one batch, in either order.
    let batch = vec![
        fixture.pledge(2).quarantined(),
        fixture.pledge(2),
        fixture.pledge(3),
        fixture.pledge(3).quarantined(),
    ];
    let expected = [
        Outcome::Quarantined { number: 1 },
        counted(2),
        counted(3),
        Outcome::Quarantined { number: 3 },
    ];
    assert_eq!(fixture.outcomes(batch).await, expected);
    let rows = fixture.rows().await;
    assert_eq!(rows.len(), 3);
    assert!(rows.iter().all(|row| row.state == "counted" && row.quarantine_reason.is_none()));
    assert_eq!((&*rows[0].country, rows[0].sealed.as_deref()), ("FR", Some(&[9, 9, 9][..])));
    check_the_oracle(&*fixture.store).await;
}

pub async fn a_robot_cannot_push_out_an_honest_signature(engine: &dyn Engine) {
    let fixture = Fixture::on(engine).await;
    fixture.record(vec![fixture.pledge(1)]).await;
    let robot = fixture.pledge(1).quarantined().in_country("FR");
    assert_eq!(fixture.outcomes(vec![robot]).await, [Outcome::Quarantined { number: 1 }]);
    let rows = fixture.rows().await;
    assert_eq!((rows.len(), &*rows[0].state, &*rows[0].country), (1, "counted", "KE"));
}

pub async fn a_clock_that_jumps_back_makes_no_duplicate_and_the_sequence_goes_on_rising(
    engine: &dyn Engine,
) {
    let fixture = Fixture::on(engine).await;
    let mut seen = 0;
    for (mailbox, day) in [(1, 0), (2, 1), (3, -1), (4, 0)] {
        let sent = fixture.pledge(mailbox).with_key(mailbox, 0);
        fixture.store.record(vec![sent.clone()], at(day * DAY)).await.unwrap();
        fixture.store.record(vec![sent], at(-2 * DAY)).await.unwrap();
        let seq = fixture.counters().await.seq;
        assert!(seq > seen);
        seen = seq;
    }
    assert_eq!(fixture.total().await, 4);
    check_the_oracle(&*fixture.store).await;
}

pub async fn a_total_over_two_to_the_32_does_not_overflow(engine: &dyn Engine) {
    let fixture = Fixture::on(engine).await;
    engine
        .sql(
            "UPDATE campaign_totals SET total = 8589934592, peak = 8589934592, seq = 8589934592;
             INSERT INTO country_totals (campaign_id, country, counted)
             SELECT id, 'KE', 8589934592 FROM campaigns",
        )
        .await;
    assert_eq!(fixture.outcomes(vec![fixture.pledge(1)]).await, [counted(8_589_934_593)]);
    let counters = fixture.counters().await;
    assert_eq!((counters.total, counters.seq), (8_589_934_593, 8_589_934_593));
    assert_eq!(counters.countries.values().sum::<u64>(), 8_589_934_593);
}

pub async fn a_batch_that_moved_nothing_says_so(engine: &dyn Engine) {
    let fixture = Fixture::on(engine).await;
    let first = fixture.record(vec![fixture.pledge(1)]).await;
    assert_eq!(first.changed[0].1.seq, 1);
    let second = fixture.record(vec![fixture.pledge(1), fixture.pledge(2).quarantined()]).await;
    assert!(second.changed.is_empty());
    assert_eq!(fixture.counters().await.seq, 1);
    assert!(fixture.record(Vec::new()).await.outcomes.is_empty());
}
