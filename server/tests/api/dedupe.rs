//! One mailbox, one pledge; and what is no mailbox or no name is refused.

use serde_json::json;

use crate::harness::{Server, person};

/// Signs with both addresses and gives the total.
async fn total_of_both(first: &str, second: &str) -> u64 {
    let server = Server::start().await;
    for email in [first, second] {
        server.sign(&person(email)).await.assert_taken();
    }
    let total = server.total().await;
    assert_eq!(server.counted_rows().await, total);
    total
}

#[tokio::test]
async fn fault_20_a_b_plus_x_at_googlemail_and_ab_at_gmail_one_pledge() {
    assert_eq!(total_of_both("A.B+x@googlemail.com", "ab@gmail.com").await, 1);
}

#[tokio::test]
async fn fault_20_dots_count_on_other_domains() {
    assert_eq!(total_of_both("a.b@example.org", "ab@example.org").await, 2);
}

#[tokio::test]
async fn fault_20_case_nfc_nfd_full_width_idn_and_punycode_same_fingerprint() {
    for (first, second) in [
        ("Amina@Example.ORG", "amina@example.org"),
        ("jos\u{e9}@example.org", "jose\u{301}@example.org"),
        ("\u{ff41}mina@example.org", "amina@example.org"),
        ("amina@\u{ff45}xample.org", "amina@example.org"),
        ("amina@b\u{fc}cher.example", "amina@xn--bcher-kva.example"),
        ("amina@B\u{dc}CHER.example", "amina@bu\u{308}cher.example"),
    ] {
        assert_eq!(total_of_both(first, second).await, 1, "{first} {second}");
    }
}

#[tokio::test]
async fn fault_21_cyrillic_look_alike_domain_its_own_address_flagged_never_merged() {
    let server = Server::start().await;
    server.sign(&person("amina@paypal.com")).await.assert_taken();
    server.sign(&person("amina@p\u{430}yp\u{430}l.com")).await.assert_taken();
    assert_eq!(server.total().await, 2);
    let rows = server.rows().await;
    assert_eq!(rows[0]["suspicious"], false);
    assert_eq!(rows[1]["suspicious"], true);
}

#[tokio::test]
async fn fault_22_zero_width_bidi_nul_cr_lf_in_name_or_address_refused_or_stripped() {
    let server = Server::start().await;
    for bad in ["\u{200b}", "\u{202e}", "\u{2066}", "\0", "\r", "\n", "\r\nBcc: x@example.org"] {
        let mut in_name = person("amina@example.org");
        in_name["name"] = json!(format!("Ami{bad}na"));
        server.sign(&in_name).await.assert_fields(&["name"]);
        let in_address = person(&format!("ami{bad}na@example.org"));
        server.sign(&in_address).await.assert_fields(&["email"]);
        let in_domain = person(&format!("amina@exam{bad}ple.org"));
        server.sign(&in_domain).await.assert_fields(&["email"]);
    }
    assert!(server.rows().await.is_empty());
}

#[tokio::test]
async fn a_second_signature_by_the_same_mailbox_answers_in_the_same_shape_and_adds_nothing() {
    let server = Server::start().await;
    let first = server.sign(&person("amina@example.org")).await;
    let mut again = person("AMINA@example.org");
    again["name"] = json!("Somebody Else");
    let second = server.sign(&again).await;
    let keys = |answer: &crate::harness::Answer| -> Vec<String> {
        answer.json().as_object().unwrap().keys().cloned().collect()
    };
    first.assert_taken();
    second.assert_taken();
    assert_eq!(keys(&first), keys(&second));
    assert_eq!(server.total().await, 1);
    assert_eq!(server.rows().await[0]["name"], "Amina Otieno");
}
