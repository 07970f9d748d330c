//! Closures of views, boxed. Every closure is a type of its own, and Leptos compiles what draws,
//! follows and hears anew for each type that it is given: half of the program would be copies.

use std::sync::{Arc, Mutex};

use leptos::prelude::*;
use leptos::tachys::reactive_graph::SharedReactiveFunction;

/// A part of a view that is drawn again when what it reads changes.
pub fn live<V: IntoView + 'static>(
    mut draw: impl FnMut() -> V + Send + 'static,
) -> SharedReactiveFunction<AnyView> {
    Arc::new(Mutex::new(move || draw().into_any()))
}

/// A part for each key, kept while its key stays: parts come, go and move, and are never drawn anew.
pub fn each(
    keys: impl Fn() -> Vec<String> + Send + Sync + 'static,
    draw: impl Fn(String) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    listed(Box::new(keys), Arc::new(draw))
}

type Keys = Box<dyn Fn() -> Vec<String> + Send + Sync>;
type Draw = Arc<dyn Fn(String) -> AnyView + Send + Sync>;

fn listed(keys: Keys, draw: Draw) -> AnyView {
    view! { <For each=keys key=String::clone children=move |key| draw(key)/> }.into_any()
}

/// What an element does when something happens to it.
pub fn hear<E>(act: impl FnMut(E) + 'static) -> Box<dyn FnMut(E)> {
    Box::new(act)
}

/// Runs now, and again when what it reads changes.
pub fn effect(run: impl FnMut() + 'static) {
    boxed_effect(Box::new(run));
}

fn boxed_effect(mut run: Box<dyn FnMut()>) {
    Effect::new(move |_| run());
}
