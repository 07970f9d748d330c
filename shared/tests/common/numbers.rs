// Vectors that the server's and the browser's numbers must both meet.

const NUMBERS: &[(&str, u64, &str)] = &[
    ("en", 0, "0"),
    ("en", 999, "999"),
    ("en", 1_000, "1,000"),
    ("en-KE", 4_095_690, "4,095,690"),
    ("en", 4_294_967_297, "4,294,967,297"),
    ("fr", 12_345, "12\u{202f}345"),
    ("fr-CA", 1_234_567, "1\u{202f}234\u{202f}567"),
    ("ar", 0, "٠"),
    ("ar", 1_234, "١٬٢٣٤"),
    ("ar-MA", 4_095_690, "٤٬٠٩٥٬٦٩٠"),
    ("xx", 1_000, "1,000"),
];

const PLURALS: &[(&str, u64, &str)] = &[
    ("en", 0, "other"),
    ("en", 1, "one"),
    ("en", 2, "other"),
    ("fr", 0, "one"),
    ("fr", 1, "one"),
    ("fr", 2, "other"),
    ("fr", 1_000_000, "many"),
    ("ar", 0, "zero"),
    ("ar", 1, "one"),
    ("ar", 2, "two"),
    ("ar", 3, "few"),
    ("ar", 10, "few"),
    ("ar", 11, "many"),
    ("ar", 99, "many"),
    ("ar", 100, "other"),
    ("ar", 103, "few"),
];
