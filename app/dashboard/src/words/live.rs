//! What organizers watch.

super::words! {
    range: "Range",
    today: "Today",
    last_days: "Last {n} days",
    all_time: "Since the start",
    custom: "Choose days",
    from_day: "From",
    to_day: "To",
    apply: "Show",
    compare: "Compare with the time before",
    big_screen: "Big screen",
    export: "Export",
}
