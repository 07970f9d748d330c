//! What the form accepts the API accepts, and what one refuses the other does, in the same words:
//! the widget judges with `PledgeForm::parse` before it sends anything.

use countersign::campaign::Campaign;
use countersign_shared::pledge::{Consents, Source};
use countersign_shared::{FormFields, PledgeForm};
use proptest::prelude::*;
use proptest::test_runner::{TestCaseError, TestRunner};
use serde_json::Value;

use crate::harness::{Server, Setup, campaign};

/// One campaign asks for everything there is, the other for nothing that it need not.
const FULL: &str = "example";
const BARE: &str = "bare";

const NOTHING: FormFields = FormFields { message: false, public_name: false, updates: false };

/// Mostly right, and often wrong in a way that people and robots are.
fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[A-Z][a-z]{1,9} [A-Z][a-zéü'-]{1,12}",
        1 => "\\PC{0,30}",
        1 => Just(String::new()),
        1 => "(https?://|www\\.)[a-z]{1,8}\\.org",
        1 => "[A-Za-z]{0,4}[\u{0}\r\n\t\u{200b}\u{202e}\u{feff}<>&\"][A-Za-z]{0,4}",
        1 => "[A-Za-z ]{90,140}",
    ]
}

fn email() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-z]{1,12}[0-9]{1,6}@example\\.(org|com|net)",
        1 => "[A-Za-z.+]{1,8}@(gmail|GOOGLEMAIL)\\.com",
        1 => "[a-zа-я]{1,6}@[a-zа-яü]{1,9}\\.(org|рф|de)",
        1 => "[a-z@\" ]{0,9}@[a-z.\\-]{0,9}",
        1 => "[a-z]{60,70}@[a-z]{1,66}\\.org",
        1 => "[a-z]{1,4}[\r\n\u{0}\u{202e}][a-z]{0,9}@example\\.org",
        1 => "\\PC{0,20}",
    ]
}

fn country() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => "(KE|FR|BR|de|In)",
        1 => "[A-Z]{2}",
        1 => " ?[a-zA-Z]{0,3} ?",
        1 => "x{250,260}",
    ]
}

fn locale() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "(en|fr|ar|pt-BR|)",
        1 => "[a-z]{1,4}-?[A-Za-z]{0,4}",
        1 => "\\PC{0,6}",
        1 => "a{250,260}",
    ]
}

fn message() -> impl Strategy<Value = Option<String>> {
    prop::option::of(prop_oneof![
        3 => "[a-z ,.\n]{0,60}",
        1 => "\\PC{0,40}",
        1 => "[a-z\u{0}\u{202e}\r]{0,12}",
        1 => "[a-zé ]{490,510}",
    ])
}

fn text() -> impl Strategy<Value = Option<String>> {
    prop::option::of(prop_oneof!["[a-z:/.]{0,20}", "\\PC{0,12}", "[a-z]{95,105}"])
}

fn form() -> impl Strategy<Value = PledgeForm> {
    let person = (name(), email(), country(), locale(), message());
    let source = (text(), text(), text(), text());
    let more = (prop::bool::weighted(0.3), prop::bool::weighted(0.3));
    // Who fills the trap is told nothing.
    let trap = prop::option::weighted(0.1, "[a-z]{0,5}".boxed());
    (person, source, more, trap).prop_map(|(person, source, (public_name, updates), website)| {
        let (name, email, country, locale, message) = person;
        let (utm_source, utm_medium, utm_campaign, referrer) = source;
        PledgeForm {
            name,
            email,
            country,
            locale,
            public_name,
            message,
            consents: Consents { updates },
            source: Source { utm_source, utm_medium, utm_campaign, referrer },
            website,
            rendered: None,
        }
    })
}

/// Field and code of each error, in their order.
fn codes(problem: &Value) -> Vec<(&str, &str)> {
    let fields = problem["fields"].as_array().unwrap();
    fields.iter().map(|it| (it["field"].as_str().unwrap(), it["code"].as_str().unwrap())).collect()
}

async fn agree(
    server: &Server,
    slug: &str,
    asked: FormFields,
    form: &PledgeForm,
) -> Result<(), TestCaseError> {
    let sent = serde_json::to_value(form).unwrap();
    let answer = server.sign_at(slug, &sent, &[]).await;
    match form.parse(asked) {
        Ok(_) => prop_assert_eq!(answer.status, 201, "{}: {}", slug, answer.text),
        Err(errors) => {
            prop_assert_eq!(answer.status, 422, "{}: {}", slug, answer.text);
            let problem = answer.json();
            let wanted: Vec<_> = errors.iter().map(|it| (&*it.field, &*it.code)).collect();
            prop_assert_eq!(codes(&problem), wanted, "{}: {}", slug, sent);
        }
    }
    Ok(())
}

#[test]
fn what_the_form_accepts_the_api_accepts_and_what_it_refuses_has_the_same_codes() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let bare = Campaign { fields: NOTHING, ..campaign(BARE) };
    let setup = Setup { campaigns: vec![campaign(FULL), bare], ..Setup::default() };
    let server = runtime.block_on(Server::with(setup));
    let full = campaign(FULL).fields;
    let verdicts = std::cell::Cell::new((0, 0));
    let mut runner = TestRunner::new(ProptestConfig::with_cases(256));
    let done = runner.run(&form(), |form| {
        runtime.block_on(agree(&server, FULL, full, &form))?;
        runtime.block_on(agree(&server, BARE, NOTHING, &form))?;
        let (good, bad) = verdicts.get();
        verdicts.set(if form.parse(full).is_ok() { (good + 1, bad) } else { (good, bad + 1) });
        Ok(())
    });
    done.unwrap_or_else(|error| panic!("{error}"));
    let (good, bad) = verdicts.get();
    assert!(good > 10 && bad > 10, "{good} were right and {bad} wrong: one side is hardly tried");
    // Within the runtime, which its task ends in.
    runtime.block_on(async { drop(server) });
}
