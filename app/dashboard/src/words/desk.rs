//! Running a campaign, and taking its data away.

super::words! {
    supporters: "Supporters",
}
