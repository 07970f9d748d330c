//! `/openapi.json`, and `/docs`: the same for people, with nothing loaded from elsewhere.

use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::LazyLock;

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use http::{HeaderValue, header};
use serde_json::{Map, Value};

use super::home::stylesheet;
use crate::http::html::{Escaped, Page};
use crate::http::openapi::DOCUMENT;
use crate::http::web::Web;

static JSON: LazyLock<Bytes> =
    LazyLock::new(|| serde_json::to_vec(&*DOCUMENT).unwrap_or_default().into());

static HTML: LazyLock<String> =
    LazyLock::new(|| readable(&serde_json::to_value(&*DOCUMENT).unwrap_or_default()));

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:56em;margin:2em auto;\
    padding:0 1em;color-scheme:light dark}h2{margin-top:2.5em;font-size:1.05em}\
    code,pre{font-family:ui-monospace,monospace;font-size:.92em}h2,td{overflow-wrap:anywhere}\
    .verb{display:inline-block;min-width:3.4em;font-weight:700}\
    table{border-collapse:collapse;width:100%;margin:.6em 0}\
    th,td{text-align:start;vertical-align:top;padding:.3em .8em .3em 0;\
    border-bottom:1px solid #8884}th{font-weight:600}";

/// `GET /openapi.json`.
pub async fn json() -> Response {
    let content = [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))];
    (content, JSON.clone()).into_response()
}

/// `GET /docs`.
pub async fn show(State(web): State<Arc<Web>>) -> Response {
    let mut page = Page::plain(&web, "Countersign: the API", HTML.as_str());
    page.head = format!("{}<style nonce=\"{}\">{STYLE}</style>\n", stylesheet(), page.nonce);
    page.respond(&web)
}

fn readable(document: &Value) -> String {
    let mut html = String::from("<main>\n<h1>The API</h1>\n");
    let about = text(&document["info"]["description"]);
    let _ = writeln!(
        html,
        "<p>{}</p>\n<p>As OpenAPI: <a href=\"/openapi.json\">openapi.json</a></p>",
        Escaped(about)
    );
    for (path, methods) in entries(&document["paths"]) {
        for (method, operation) in entries(methods) {
            operation_as_html(&mut html, method, path, operation);
        }
    }
    html.push_str("<h1>The shapes</h1>\n");
    for (name, schema) in entries(&document["components"]["schemas"]) {
        schema_as_html(&mut html, name, schema);
    }
    html.push_str("</main>\n");
    html
}

fn operation_as_html(html: &mut String, method: &str, path: &str, operation: &Value) {
    let verb = method.to_uppercase();
    let _ = writeln!(
        html,
        "<h2 id=\"{id}\"><code><span class=\"verb\">{verb}</span> {path}</code></h2>\n\
         <p>{summary}</p>",
        id = Escaped(text(&operation["operationId"])),
        verb = Escaped(&verb),
        path = Escaped(path),
        summary = Escaped(text(&operation["summary"])),
    );
    let more = text(&operation["description"]);
    if !more.is_empty() {
        let _ = writeln!(html, "<p>{}</p>", Escaped(more));
    }
    let asked = operation["parameters"].as_array().map(Vec::as_slice).unwrap_or_default();
    let mut rows: Vec<[String; 3]> = Vec::new();
    for parameter in asked {
        let place = text(&parameter["in"]).to_owned();
        let name = text(&parameter["name"]).to_owned();
        rows.push([name, place, text(&parameter["description"]).to_owned()]);
    }
    for (kind, content) in entries(&operation["requestBody"]["content"]) {
        rows.push(["body".to_owned(), kind.clone(), shape(&content["schema"])]);
    }
    table(html, ["Sent", "Where", "What"], &rows);
    let mut rows: Vec<[String; 3]> = Vec::new();
    for (status, response) in entries(&operation["responses"]) {
        let body = entries(&response["content"])
            .map(|(_, content)| shape(&content["schema"]))
            .next()
            .unwrap_or_default();
        rows.push([status.clone(), body, text(&response["description"]).to_owned()]);
    }
    table(html, ["Answer", "Shape", "When"], &rows);
}

fn schema_as_html(html: &mut String, name: &str, schema: &Value) {
    let about = text(&schema["description"]);
    let name = Escaped(name);
    let _ = writeln!(html, "<h2 id=\"{name}\">{name}</h2>\n<p>{}</p>", Escaped(about));
    // What holds all of another shape, and more.
    let parts = schema["allOf"].as_array().map_or(std::slice::from_ref(schema), Vec::as_slice);
    for part in parts.iter().filter(|part| part["$ref"].is_string()) {
        let _ = writeln!(html, "<p>Everything of <code>{}</code>.</p>", Escaped(&shape(part)));
    }
    let rows: Vec<[String; 3]> = parts
        .iter()
        .flat_map(|part| entries(&part["properties"]))
        .map(|(field, value)| [field.clone(), shape(value), text(&value["description"]).to_owned()])
        .collect();
    table(html, ["Field", "Shape", "Meaning"], &rows);
    if let Some(values) = schema["enum"].as_array() {
        let values: Vec<&str> = values.iter().map(text).collect();
        let _ = writeln!(html, "<p>One of: <code>{}</code></p>", Escaped(&values.join(", ")));
    }
}

fn table(html: &mut String, heads: [&str; 3], rows: &[[String; 3]]) {
    if rows.is_empty() {
        return;
    }
    html.push_str("<table><thead><tr>");
    for head in heads {
        let _ = write!(html, "<th scope=\"col\">{}</th>", Escaped(head));
    }
    html.push_str("</tr></thead><tbody>\n");
    for [name, shape, about] in rows {
        let (name, shape, about) = (Escaped(name), Escaped(shape), Escaped(about));
        let _ = writeln!(
            html,
            "<tr><td><code>{name}</code></td><td><code>{shape}</code></td><td>{about}</td></tr>"
        );
    }
    html.push_str("</tbody></table>\n");
}

/// A schema in a word or two: `Totals`, `array of FieldError`, `string or null`.
fn shape(schema: &Value) -> String {
    if let Some(reference) = schema["$ref"].as_str() {
        return reference.rsplit('/').next().unwrap_or_default().to_owned();
    }
    if let Some(choices) = schema["oneOf"].as_array() {
        return choices.iter().map(shape).collect::<Vec<_>>().join(" or ");
    }
    match &schema["type"] {
        Value::String(kind) if kind == "array" => format!("array of {}", shape(&schema["items"])),
        Value::String(kind) if schema["additionalProperties"].is_object() => {
            format!("{kind} of {}", shape(&schema["additionalProperties"]))
        }
        Value::String(kind) => kind.clone(),
        Value::Array(kinds) => kinds.iter().map(text).collect::<Vec<_>>().join(" or "),
        _ => String::new(),
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn entries(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flat_map(Map::iter)
}
