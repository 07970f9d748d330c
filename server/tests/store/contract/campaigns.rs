//! Campaigns, made and changed by organizers.

use countersign::store::{OrganizationId, Outcome, Written};
use jiff::Timestamp;

use crate::harness::{DAY, Engine, Fixture, at, campaign, entry};

const OURS: OrganizationId = OrganizationId(1);

pub async fn a_campaign_is_made_once_and_belongs_to_its_organization(engine: &dyn Engine) {
    let store = engine.open().await;
    let theirs = OrganizationId(7);
    let before = store.pulse().await.unwrap().revision;
    let make = |extra: &str| campaign("new", extra);
    let made = store.create_campaign(theirs, &make(""), at(0), &entry("a change")).await.unwrap();
    assert_eq!(made, Written::Created);
    assert!(store.pulse().await.unwrap().revision > before, "running servers look");
    let again = store
        .create_campaign(OURS, &make("[goal]\nfixed = 5"), at(0), &entry("a change"))
        .await
        .unwrap();
    assert_eq!(again, Written::Taken);
    let all = store.campaigns().await.unwrap();
    assert_eq!((all.len(), all[0].organization, all[0].revision), (1, theirs, 1));
    assert_eq!(all[0].campaign.goal_for(0), None);
    assert_eq!(store.counters(all[0].id).await.unwrap().total, 0);
}

pub async fn two_who_change_one_campaign_do_not_overwrite_each_other(engine: &dyn Engine) {
    let fixture = Fixture::on(engine).await;
    let store = &fixture.store;
    let change = |k: u64| campaign("one", &format!("hide_groups_below = {k}"));
    let save = async |k, revision| {
        store.save_campaign(&change(k), revision, at(0), &entry("a change")).await.unwrap()
    };
    let seq = store.counters(fixture.id).await.unwrap().seq;
    assert_eq!(save(9, Some(1)).await, Written::Updated);
    assert_eq!(save(8, Some(1)).await, Written::ChangedMeanwhile);
    assert_eq!(save(9, Some(2)).await, Written::Unchanged);
    assert_eq!(save(7, None).await, Written::Updated);
    let stored = store.campaigns().await.unwrap().remove(0);
    assert_eq!((stored.revision, stored.campaign.hide_groups_below), (3, 7));
    assert!(store.counters(fixture.id).await.unwrap().seq > seq, "readers ask again");
    let nowhere =
        store.save_campaign(&campaign("two", ""), None, at(0), &entry("a change")).await.unwrap();
    assert_eq!(nowhere, Written::Missing);
}

pub async fn a_draft_and_an_archived_campaign_take_no_pledges_and_delete_nothing_early(
    engine: &dyn Engine,
) {
    let fixture = Fixture::on(engine).await;
    fixture.record(vec![fixture.pledge(1)]).await;
    for stage in ["draft", "archived"] {
        let now = campaign("one", &format!("stage = '{stage}'"));
        fixture.store.save_campaign(&now, None, at(0), &entry("a change")).await.unwrap();
        let outcomes = fixture.outcomes(vec![fixture.pledge(2)]).await;
        assert_eq!(outcomes, [Outcome::NotYetOpen], "{stage}");
        // Not at the end of time either.
        let late = fixture.store.record(vec![fixture.pledge(2)], Timestamp::MAX).await.unwrap();
        assert_eq!(late.outcomes, [Outcome::NotYetOpen], "{stage}");
        assert_eq!(
            fixture.store.expire(at(30 * DAY - 1), &entry("a change")).await.unwrap().people(),
            0,
            "{stage}"
        );
    }
    let live = campaign("one", "");
    fixture.store.save_campaign(&live, None, at(0), &entry("a change")).await.unwrap();
    let outcomes = fixture.outcomes(vec![fixture.pledge(2)]).await;
    assert_eq!(outcomes, [Outcome::Counted { number: 2 }]);
    assert_eq!(fixture.store.expire(at(30 * DAY), &entry("a change")).await.unwrap().people(), 2);
}
