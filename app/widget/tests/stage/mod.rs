//! A page with one widget on it, a network that answers what the test says, and streams that carry
//! what the test gives them.

use countersign_widget::{mount, unmount};
use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

const HTML: &str = include_str!("../fixture/widget.html");
const STATE: &str = include_str!("../fixture/state.json");

/// A network and streams, in place of the browser's; and a host that notes what it is told.
const STAGE: &str = r#"
  const stage = { asked: [], answers: {}, sources: [], heard: [], complaints: [], lowest: Infinity };
  globalThis.fetch = (url, init = {}) => {
    stage.asked.push({ url, key: init.headers?.["idempotency-key"] ?? "" });
    const path = Object.keys(stage.answers).find((path) => url.endsWith(path));
    if (!path) return Promise.reject(new TypeError("no network"));
    const { status, body } = stage.answers[path];
    return Promise.resolve(new Response(body, { status }));
  };
  globalThis.EventSource = class extends EventTarget {
    readyState = 1;
    constructor(url) { super(); this.url = url; stage.sources.push(this); }
    close() { this.readyState = 2; }
  };
  // What Leptos has to say about hydration, it says here.
  for (const kind of ["warn", "error"]) {
    const say = console[kind];
    console[kind] = (...words) => { stage.complaints.push(words.join(" ")); say.apply(console, words); };
  }
  stage.host = { emit: (type) => stage.heard.push(type) };
  stage.root = document.createElement("div");
  document.body.append(stage.root);
  return stage;
"#;

/// How long a condition may take to come true, in milliseconds.
const PATIENCE: f64 = 10_000.0;

pub struct Stage {
    js: JsValue,
    id: Option<u32>,
}

fn get(target: &JsValue, key: &str) -> JsValue {
    Reflect::get(target, &key.into()).unwrap()
}

fn call(target: &JsValue, name: &str, args: &[JsValue]) -> JsValue {
    let function: Function = get(target, name).dyn_into().unwrap();
    Reflect::apply(&function, target, &Array::from_iter(args)).unwrap()
}

/// Runs a line of script with arguments `a` and `b`.
fn script(line: &str, a: &JsValue, b: &JsValue) -> JsValue {
    Function::new_with_args("a, b", line).call2(&JsValue::NULL, a, b).unwrap()
}

fn text(value: &JsValue) -> String {
    value.as_string().unwrap_or_default()
}

impl Stage {
    /// The page as the server paints it, before any of our script runs.
    pub fn painted() -> Self {
        let js = Function::new_no_args(STAGE).call0(&JsValue::NULL).unwrap();
        Reflect::set(&get(&js, "root"), &"innerHTML".into(), &HTML.trim_end().into()).unwrap();
        Self { js, id: None }
    }

    pub fn mount(mut self) -> Self {
        let state = js_sys::JSON::parse(STATE).unwrap();
        self.id = Some(mount(get(&self.js, "root"), state, get(&self.js, "host")));
        self
    }

    pub fn unmount(mut self) -> Self {
        unmount(self.id.take().unwrap());
        self
    }

    /// Leaves the page as it was. Nothing may have been complained about.
    pub fn end(self) {
        let complaints = Array::from(&get(&self.js, "complaints"));
        assert_eq!(complaints.length(), 0, "{}", text(&complaints.join("; ").into()));
        if let Some(id) = self.id {
            unmount(id);
        }
        call(&get(&self.js, "root"), "remove", &[]);
    }

    pub fn find(&self, selector: &str) -> JsValue {
        call(&get(&self.js, "root"), "querySelector", &[selector.into()])
    }

    pub fn count(&self, selector: &str) -> u32 {
        let all = call(&get(&self.js, "root"), "querySelectorAll", &[selector.into()]);
        get(&all, "length").as_f64().unwrap() as u32
    }

    pub fn html(&self) -> String {
        text(&get(&get(&self.js, "root"), "innerHTML"))
    }

    pub fn text(&self, selector: &str) -> String {
        text(&get(&self.find(selector), "textContent"))
    }

    pub fn attribute(&self, selector: &str, name: &str) -> String {
        text(&call(&self.find(selector), "getAttribute", &[name.into()]))
    }

    pub fn visible(&self, selector: &str) -> bool {
        let hidden =
            script("return a.closest('[hidden]') !== null", &self.find(selector), &JsValue::NULL);
        hidden.is_falsy()
    }

    fn input(&self, name: &str) -> JsValue {
        self.find(&format!("[name={name}]"))
    }

    pub fn value(&self, name: &str) -> String {
        text(&get(&self.input(name), "value"))
    }

    pub fn type_into(&self, name: &str, value: &str) {
        let line = "a.value = b; a.dispatchEvent(new Event('input', { bubbles: true }))";
        script(line, &self.input(name), &value.into());
    }

    pub fn leave(&self, name: &str) {
        let line = "a.dispatchEvent(new FocusEvent('focusout', { bubbles: true }))";
        script(line, &self.input(name), &JsValue::NULL);
    }

    pub fn fill(&self) {
        self.type_into("name", "Amina Otieno");
        self.type_into("email", "amina@example.org");
        self.type_into("country", "KE");
    }

    pub fn click(&self, selector: &str) {
        call(&self.find(selector), "click", &[]);
    }

    pub fn submit(&self) {
        call(&self.find("form"), "requestSubmit", &[]);
    }

    fn active(&self) -> JsValue {
        get(&get(&js_sys::global(), "document"), "activeElement")
    }

    /// The name of the field that has the focus.
    pub fn focused(&self) -> String {
        text(&get(&self.active(), "name"))
    }

    pub fn focused_tag(&self) -> String {
        text(&get(&self.active(), "tagName"))
    }

    /// What the network answers to addresses that end like this, from now on.
    pub fn answer(&self, path: &str, status: u16, body: &str) {
        let line = "a.status = b; return a";
        let answer = script(line, &js_sys::Object::new().into(), &status.into());
        Reflect::set(&answer, &"body".into(), &body.into()).unwrap();
        Reflect::set(&get(&self.js, "answers"), &path.into(), &answer).unwrap();
    }

    /// How often an address that ends like this was asked.
    pub fn asked(&self, path: &str) -> u32 {
        let line = "return a.filter((one) => one.url.endsWith(b)).length";
        script(line, &get(&self.js, "asked"), &path.into()).as_f64().unwrap() as u32
    }

    /// The Idempotency-Keys of the pledges, in order.
    pub fn keys(&self) -> Vec<String> {
        let line = "return a.filter((one) => one.url.endsWith(b)).map((one) => one.key)";
        let keys = script(line, &get(&self.js, "asked"), &"/pledges".into());
        Array::from(&keys).iter().map(|key| text(&key)).collect()
    }

    /// The events that the page was told of.
    pub fn heard(&self) -> Vec<String> {
        Array::from(&get(&self.js, "heard")).iter().map(|kind| text(&kind)).collect()
    }

    pub fn sources(&self) -> u32 {
        Array::from(&get(&self.js, "sources")).length()
    }

    /// The stream that is open now.
    pub fn source(&self) -> JsValue {
        let line = "return a.findLast((one) => one.readyState === 1)";
        script(line, &get(&self.js, "sources"), &JsValue::NULL)
    }

    pub fn ready_state(source: &JsValue) -> u32 {
        get(source, "readyState").as_f64().unwrap() as u32
    }

    pub fn dispatch(source: &JsValue, data: &str) {
        script("a.dispatchEvent(new MessageEvent('totals', { data: b }))", source, &data.into());
    }

    pub fn frame(&self, data: &str) {
        Self::dispatch(&self.source(), data);
    }

    pub async fn streaming(&self) {
        self.until("a stream is open", |stage| stage.source().is_object()).await;
    }

    /// The number shown, in Latin digits.
    pub fn number(&self) -> u64 {
        let digits: String = self.text(".cs-num").chars().filter(char::is_ascii_digit).collect();
        digits.parse().unwrap()
    }

    /// The lowest number that was ever seen while waiting.
    pub fn lowest(&self) -> u64 {
        get(&self.js, "lowest").as_f64().unwrap() as u64
    }

    fn note_number(&self) {
        let line = "a.lowest = Math.min(a.lowest, b)";
        script(line, &self.js, &(self.number() as f64).into());
    }

    /// Waits for two paints: whatever moves has moved by then.
    pub async fn painted_again(&self) {
        for _ in 0..2 {
            let line = "return new Promise((paint) => requestAnimationFrame(paint))";
            JsFuture::from(Promise::from(script(line, &JsValue::NULL, &JsValue::NULL)))
                .await
                .unwrap();
        }
    }

    /// Looks again with every paint until the condition holds.
    pub async fn until(&self, what: &str, holds: impl Fn(&Self) -> bool) {
        let began = js_sys::Date::now();
        while !holds(self) {
            self.note_number();
            assert!(js_sys::Date::now() - began < PATIENCE, "in vain: {what}\n{}", self.html());
            self.painted_again().await;
        }
    }
}
