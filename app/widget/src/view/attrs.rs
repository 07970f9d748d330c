//! The attributes of an element, as one plain type.
//!
//! Leptos gives every attribute of every element its own type, and each is code to download. An
//! element here has one [`Attrs`] instead: fixed ones cost nothing in the browser, because they
//! are painted already; those that change share one function.

use std::future::Future;

use leptos::prelude::RenderEffect;
use leptos::tachys::html::attribute::{Attribute, NextAttribute};
use leptos::tachys::renderer::types::Element;

use crate::ui::{Flag, Maybe, Text};

/// Attributes, spread into an element: `<p {..at("class='cs-note'").flag("hidden", …)}>`.
#[derive(Default)]
pub struct Attrs {
    /// Known when this was written. Single quotes here, double ones in the page.
    fixed: &'static str,
    /// Known when painted, never changed after.
    #[cfg(not(target_arch = "wasm32"))]
    own: Vec<(&'static str, String)>,
    #[cfg(not(target_arch = "wasm32"))]
    inner: Option<String>,
    /// Following the signals they read.
    bound: Vec<(&'static str, Maybe)>,
}

/// Starts with the fixed ones, as HTML: `class='cs-note' part='error'`.
pub fn at(fixed: &'static str) -> Attrs {
    Attrs { fixed, ..Attrs::default() }
}

impl Attrs {
    /// One whose value is known when painted. Not even asked for in the browser.
    #[cfg_attr(target_arch = "wasm32", allow(unused_mut, unused_variables))]
    pub fn own(mut self, key: &'static str, value: impl FnOnce() -> String) -> Self {
        #[cfg(not(target_arch = "wasm32"))]
        self.own.push((key, value()));
        self
    }

    /// What stands inside the element, as HTML made by us. Not even asked for in the browser.
    #[cfg_attr(target_arch = "wasm32", allow(unused_mut, unused_variables))]
    pub fn inner(mut self, html: impl FnOnce() -> String) -> Self {
        #[cfg(not(target_arch = "wasm32"))]
        {
            self.inner = Some(html());
        }
        self
    }

    /// One that always has a value.
    pub fn text(self, key: &'static str, mut value: Text) -> Self {
        self.maybe(key, Box::new(move || Some(value())))
    }

    /// One that is there or not.
    pub fn flag(self, key: &'static str, mut value: Flag) -> Self {
        self.maybe(key, Box::new(move || value().then(String::new)))
    }

    /// One that is absent while there is no value.
    pub fn maybe(mut self, key: &'static str, value: Maybe) -> Self {
        self.bound.push((key, value));
        self
    }
}

/// Keeps an attribute as its value says.
fn follow(element: &Element, key: &'static str, mut value: Maybe) -> RenderEffect<Option<String>> {
    let element = element.clone();
    RenderEffect::new(move |before: Option<Option<String>>| {
        let now = value();
        // The first value is painted already.
        if before.is_some_and(|before| before != now) {
            // Fails only on a name that is no attribute's.
            let _ = match &now {
                Some(text) => element.set_attribute(key, text),
                None => element.remove_attribute(key),
            };
        }
        now
    })
}

impl Attribute for Attrs {
    const MIN_LENGTH: usize = 0;

    type State = Vec<RenderEffect<Option<String>>>;
    type AsyncOutput = ();
    type Cloneable = ();
    type CloneableOwned = ();

    fn html_len(&self) -> usize {
        self.fixed.len() + 64
    }

    #[cfg_attr(target_arch = "wasm32", allow(unused_variables))]
    fn to_html(self, buf: &mut String, _: &mut String, _: &mut String, inner: &mut String) {
        #[cfg(not(target_arch = "wasm32"))]
        {
            buf.push(' ');
            buf.push_str(&self.fixed.replace('\'', "\""));
            let bound = self.bound.into_iter().filter_map(|(key, mut value)| Some((key, value()?)));
            for (key, value) in self.own.into_iter().chain(bound) {
                buf.push(' ');
                buf.push_str(key);
                buf.push_str("=\"");
                escape(buf, &value);
                buf.push('"');
            }
            inner.push_str(&self.inner.unwrap_or_default());
        }
    }

    fn hydrate<const FROM_SERVER: bool>(self, element: &Element) -> Self::State {
        self.build(element)
    }

    #[inline(never)]
    fn build(self, element: &Element) -> Self::State {
        self.bound.into_iter().map(|(key, value)| follow(element, key, value)).collect()
    }

    fn rebuild(self, _: &mut Self::State) {}

    fn into_cloneable(self) {}

    fn into_cloneable_owned(self) {}

    fn dry_resolve(&mut self) {}

    fn resolve(self) -> impl Future<Output = ()> + Send {
        std::future::ready(())
    }
}

impl NextAttribute for Attrs {
    type Output<NewAttr: Attribute> = (Self, NewAttr);

    fn add_any_attr<NewAttr: Attribute>(self, next: NewAttr) -> Self::Output<NewAttr> {
        (self, next)
    }
}

/// Appends text so that it is text in HTML, inside quotes too.
pub fn escape(html: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '&' => html.push_str("&amp;"),
            '"' => html.push_str("&quot;"),
            c => html.push(c),
        }
    }
}
