//! The number as it happens: one stream for all widgets of a page that show the same campaign.
//!
//! A feed listens to the server's stream. Where that is refused, breaks or falls silent it asks
//! for the totals now and then, spread in time, and goes back to the stream when it can. Out of
//! sight it lets go: a page in the background holds none of the few connections a browser has.

mod feed;
mod turn;

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use countersign_shared::CampaignStatus;
use leptos::prelude::*;

use super::app::App;
use feed::Feed;

thread_local! {
    /// Every feed of the page.
    static FEEDS: RefCell<Vec<Rc<Feed>>> = const { RefCell::new(Vec::new()) };
}

/// A widget's place at a feed. Dropping it leaves; the last to leave closes the feed.
pub struct Seat {
    feed: Rc<Feed>,
    app: Weak<App>,
}

/// Joins the feed of the widget's campaign, which it opens where nobody has yet.
///
/// A campaign that takes no pledges has a number that does not move: no feed.
pub fn join(app: &Rc<App>) -> Option<Seat> {
    if app.ui.count.with_untracked(|count| count.status) != CampaignStatus::Open {
        return None;
    }
    let found = FEEDS.with_borrow(|feeds| feeds.iter().find(|feed| feed.serves(app)).cloned());
    let feed = found.unwrap_or_else(|| {
        let feed = Feed::new(app);
        FEEDS.with_borrow_mut(|feeds| feeds.push(Rc::clone(&feed)));
        feed
    });
    feed.add(app);
    Some(Seat { feed, app: Rc::downgrade(app) })
}

impl Drop for Seat {
    fn drop(&mut self) {
        if self.feed.remove(&self.app) {
            FEEDS.with_borrow_mut(|feeds| feeds.retain(|feed| !Rc::ptr_eq(feed, &self.feed)));
        }
    }
}
