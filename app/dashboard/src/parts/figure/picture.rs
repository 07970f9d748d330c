//! A chart as a file of its own: what the style sheet says is written into the shapes.

use wasm_bindgen::JsCast;

use crate::browser::{document, download, js, window};

/// What a picture needs of the style sheet.
const LOOK: [&str; 11] = [
    "fill",
    "stroke",
    "stroke-width",
    "stroke-dasharray",
    "stroke-linejoin",
    "paint-order",
    "opacity",
    "font-family",
    "font-size",
    "font-weight",
    "text-anchor",
];

/// Saves the first picture inside.
pub fn save(plot: &web_sys::Element, name: &str) {
    let Ok(Some(shown)) = plot.query_selector("svg") else { return };
    let Ok(copy) = shown.clone_node_with_deep(true) else { return };
    let copy: web_sys::Element = copy.unchecked_into();
    let _ = copy.set_attribute("xmlns", "http://www.w3.org/2000/svg");
    let all = |root: &web_sys::Element| {
        let list = js::call(root, "querySelectorAll", &["*".into()]);
        js_sys::Array::from(&list.unwrap_or_else(|_| js_sys::Array::new().into()))
    };
    for (from, to) in all(&shown).iter().zip(all(&copy).iter()) {
        dress(from.unchecked_ref(), to.unchecked_ref());
    }
    lay_paper(&copy, &style(plot, "background-color"));
    let written = js::construct(&js_sys::global(), "XMLSerializer", &[])
        .and_then(|writer| js::call(&writer, "serializeToString", &[copy.into()]));
    if let Some(text) = written.ok().and_then(|text| text.as_string()) {
        download::save(name, "image/svg+xml", &text);
    }
}

/// The ground of the picture: a shape, because a style attribute is not the page's to write.
fn lay_paper(picture: &web_sys::Element, colour: &str) {
    let made = document().create_element_ns(Some("http://www.w3.org/2000/svg"), "rect");
    let Ok(paper) = made else { return };
    for (name, value) in [("width", "100%"), ("height", "100%"), ("fill", colour)] {
        let _ = paper.set_attribute(name, value);
    }
    let _ = picture.insert_before(&paper, picture.first_child().as_ref());
}

fn dress(from: &web_sys::Element, to: &web_sys::Element) {
    for name in LOOK {
        let value = style(from, name);
        if !value.is_empty() {
            let _ = to.set_attribute(name, &value);
        }
    }
    let _ = to.remove_attribute("class");
}

fn style(element: &web_sys::Element, name: &str) -> String {
    let style = js::call(&window().into(), "getComputedStyle", &[element.into()]);
    let value = style.and_then(|style| js::call(&style, "getPropertyValue", &[name.into()]));
    value.ok().and_then(|value| value.as_string()).unwrap_or_default()
}
