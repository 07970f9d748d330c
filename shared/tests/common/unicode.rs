// Vectors that the crates and the browser must both meet. The includer has the functions in scope.

fn unicode_vectors() {
    for (text, count) in [
        ("", 0),
        ("Ada", 3),
        ("e\u{301}", 1),
        ("👩‍👩‍👧‍👦", 1),
        ("🇰🇪🇫🇷", 2),
        ("हिन्दी", 2),
        ("각", 1),
        ("a\r\nb", 3),
    ] {
        assert_eq!(graphemes(text), count, "graphemes of {text:?}");
    }
    for (text, composed) in [
        ("Ada", "Ada"),
        ("e\u{301}", "é"),
        ("A\u{30A}", "Å"),
        ("\u{212B}", "Å"),
        ("ｅ", "ｅ"),
        ("\u{1112}\u{1161}\u{11AB}", "한"),
    ] {
        assert_eq!(nfc(text), composed, "NFC of {text:?}");
    }
    for (text, folded) in [("ｅ", "e"), ("ﬁ", "fi"), ("①", "1"), ("e\u{301}", "é")] {
        assert_eq!(nfkc(text), folded, "NFKC of {text:?}");
    }
    for (text, lower) in [
        ("ADA", "ada"),
        ("ÉCOLE", "école"),
        ("ΟΔΟΣ", "οδος"),
        ("İ", "i\u{307}"),
        ("ẞ", "ß"),
        ("ЖУК", "жук"),
    ] {
        assert_eq!(lowercase(text), lower, "lower case of {text:?}");
    }
    for (text, folded) in [
        ("ａｂ＋１", "ab+1"),
        ("x＠ｙ．ｚ", "x@y.z"),
        ("ﾊﾟ", "パ"),
        ("é①", "é①"),
        ("", ""),
    ] {
        assert_eq!(fold_width(text), folded, "width of {text:?}");
    }
    for (domain, ascii) in [
        ("example.org", Some("example.org")),
        ("EXAMPLE.org", Some("example.org")),
        ("bücher.example", Some("xn--bcher-kva.example")),
        ("bu\u{308}cher.example", Some("xn--bcher-kva.example")),
        ("BÜCHER.example", Some("xn--bcher-kva.example")),
        ("xn--bcher-kva.example", Some("xn--bcher-kva.example")),
        ("straße.example", Some("xn--strae-oqa.example")),
        ("مثال.إختبار", Some("xn--mgbh0fb.xn--kgbechtv")),
        ("例え。テスト", Some("xn--r8jz45g.xn--zckzah")),
        ("xn--0.example", None),
        ("a b.example", None),
        ("a/b.example", None),
        ("a@b.example", None),
        ("a:1", None),
        ("", None),
    ] {
        assert_eq!(domain_to_ascii(domain).as_deref(), ascii, "IDNA of {domain:?}");
    }
    for c in "\0\t\n\r\u{7F}\u{85}\u{AD}\u{200B}\u{200C}\u{200D}\u{200E}\u{202E}\u{2066}\u{FEFF}\
              \u{3164}\u{FE0F}\u{E0041}\u{E000}\u{FFFC}\u{FFFD}\u{FFFE}\u{1FFFF}\u{2800}"
        .chars()
    {
        assert!(is_invisible(c), "{c:?}");
    }
    for c in " aé\u{301}Ж中ا\u{A0}\u{3000}🙂’-".chars() {
        assert!(!is_invisible(c), "{c:?}");
    }
}
