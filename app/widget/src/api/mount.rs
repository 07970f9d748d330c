//! From painted HTML to a living widget, and back.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use any_spawner::Executor;
use leptos::prelude::*;
use leptos::tachys::hydration::Cursor;
use leptos::tachys::view::{PositionState, RenderHtml};
use wasm_bindgen::prelude::*;

use super::app::App;
use super::{beacon, decode, gestures, js, language, live, outbox, share};
use crate::ui::Ui;
use crate::view;

/// A mounted widget and what keeps it alive.
struct Mounted {
    id: u32,
    app: Rc<App>,
    owner: Owner,
    _view: Box<dyn Any>,
}

thread_local! {
    /// Every widget of the page, by the number that the page's side knows it by.
    static MOUNTED: RefCell<Vec<Mounted>> = const { RefCell::new(Vec::new()) };
    static NEXT: Cell<u32> = const { Cell::new(1) };
}

/// Brings the painted HTML inside `root` to life.
///
/// `state` is the very state it was painted from. `host` is `{ emit(type, detail) }`. Returns the
/// number to [`unmount`] it by: no object that garbage collection could take away.
#[wasm_bindgen]
pub fn mount(root: JsValue, state: JsValue, host: JsValue) -> u32 {
    install_panic_hook();
    // An error means that another widget has started it already.
    let _ = Executor::init_wasm_bindgen();
    let state = decode::state(&state);
    let owner = Owner::new();
    let (ui, view) = owner.with(|| {
        let ui = Ui::new(&state);
        let cursor = Cursor::new(root.clone().unchecked_into());
        let view = view::widget(ui, &state).hydrate::<true>(&cursor, &PositionState::default());
        (ui, Box::new(view) as Box<dyn Any>)
    });
    let app = App::new(ui, root, state, host);
    gestures::hear(&app);
    app.ui.form.update(|form| {
        form.live = true;
        form.can_share = share::can_share();
    });
    outbox::go_on(&app);
    app.feed.replace(live::join(&app));
    app.sight.replace(beacon::watch(&app));
    app.emit("pledge:ready", js::object(&[("campaign", app.state.campaign.slug.as_str().into())]));
    let id = NEXT.replace(NEXT.get() + 1);
    MOUNTED.with_borrow_mut(|all| all.push(Mounted { id, app, owner, _view: view }));
    id
}

/// Closes everything that the widget opened, and empties its root.
#[wasm_bindgen]
pub fn unmount(id: u32) {
    let found = MOUNTED.with_borrow_mut(|all| {
        let at = all.iter().position(|mounted| mounted.id == id);
        at.map(|at| all.swap_remove(at))
    });
    let Some(mounted) = found else { return };
    mounted.app.close();
    let _ = js::call(&mounted.app.root, "replaceChildren", &[]);
    mounted.owner.cleanup();
}

/// Changes the language of a mounted widget.
#[wasm_bindgen]
pub fn speak(id: u32, locale: String) {
    let app = MOUNTED.with_borrow(|all| {
        all.iter().find(|mounted| mounted.id == id).map(|mounted| Rc::clone(&mounted.app))
    });
    if let Some(app) = app {
        language::switch(&app, locale);
    }
}

/// A panic leaves the shared instance unusable: every widget's page is told to do without.
fn install_panic_hook() {
    std::panic::set_hook(Box::new(|_| {
        MOUNTED.with(|all| {
            let Ok(all) = all.try_borrow() else { return };
            for mounted in all.iter() {
                mounted.app.emit("panic", JsValue::UNDEFINED);
            }
        });
    }));
}
