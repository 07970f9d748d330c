//! Where a path leads, and back: every address of the dashboard in one table.

/// A page of one campaign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tab {
    Live,
    Supporters,
    Offline,
    Embed,
    Exports,
    Settings,
    Privacy,
    Webhooks,
}

impl Tab {
    pub const ALL: [Self; 8] = [
        Self::Live,
        Self::Supporters,
        Self::Offline,
        Self::Embed,
        Self::Exports,
        Self::Settings,
        Self::Privacy,
        Self::Webhooks,
    ];

    const fn segment(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Supporters => "supporters",
            Self::Offline => "offline",
            Self::Embed => "embed",
            Self::Exports => "exports",
            Self::Settings => "settings",
            Self::Privacy => "privacy",
            Self::Webhooks => "webhooks",
        }
    }
}

/// A page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// The first campaign, or how to make one.
    Home,
    /// Every campaign, archived ones too.
    Campaigns,
    /// A campaign that does not exist yet.
    New,
    SignIn,
    Invitation(String),
    Account,
    Team,
    Audit,
    Campaign(String, Tab),
    /// For halls and streams. Works signed out.
    Screen(String),
    Lost,
}

impl Route {
    /// Reads the path of an address, without query.
    pub fn parse(path: &str) -> Self {
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        match parts[..] {
            ["admin"] => Self::Home,
            ["admin", "campaigns"] => Self::Campaigns,
            ["admin", "new"] => Self::New,
            ["admin", "sign-in"] => Self::SignIn,
            ["admin", "invitation", token] => Self::Invitation(token.to_owned()),
            ["admin", "account"] => Self::Account,
            ["admin", "team"] => Self::Team,
            ["admin", "audit"] => Self::Audit,
            ["admin", "screen", slug] => Self::Screen(slug.to_owned()),
            ["admin", "campaigns", slug] => Self::Campaign(slug.to_owned(), Tab::Live),
            ["admin", "campaigns", slug, tab] => Tab::ALL
                .into_iter()
                .find(|known| known.segment() == tab)
                .map_or(Self::Lost, |tab| Self::Campaign(slug.to_owned(), tab)),
            _ => Self::Lost,
        }
    }

    pub fn path(&self) -> String {
        match self {
            Self::Home | Self::Lost => "/admin".to_owned(),
            Self::Campaigns => "/admin/campaigns".to_owned(),
            Self::New => "/admin/new".to_owned(),
            Self::SignIn => "/admin/sign-in".to_owned(),
            Self::Invitation(token) => format!("/admin/invitation/{token}"),
            Self::Account => "/admin/account".to_owned(),
            Self::Team => "/admin/team".to_owned(),
            Self::Audit => "/admin/audit".to_owned(),
            Self::Screen(slug) => format!("/admin/screen/{slug}"),
            Self::Campaign(slug, tab) => format!("/admin/campaigns/{slug}/{}", tab.segment()),
        }
    }

    /// The campaign that the page is about.
    pub fn slug(&self) -> Option<&str> {
        match self {
            Self::Campaign(slug, _) | Self::Screen(slug) => Some(slug),
            _ => None,
        }
    }

    /// Whether the page is for those who are not signed in too.
    pub const fn is_open(&self) -> bool {
        matches!(self, Self::SignIn | Self::Invitation(_) | Self::Screen(_))
    }
}

/// Where to go after signing in: a path of ours, or home. Never another site.
pub fn next(asked: Option<&str>) -> String {
    let asked = asked.unwrap_or_default();
    let path = asked.split(['?', '#']).next().unwrap_or_default();
    match Route::parse(path) {
        Route::Lost | Route::SignIn => Route::Home.path(),
        _ if !asked.starts_with("/admin") || asked.contains('\\') => Route::Home.path(),
        _ => asked.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_route_is_its_path() {
        let slug = || "equal-futures".to_owned();
        let mut all = vec![
            Route::Home,
            Route::Campaigns,
            Route::New,
            Route::SignIn,
            Route::Invitation("t0k".to_owned()),
            Route::Account,
            Route::Team,
            Route::Audit,
            Route::Screen(slug()),
        ];
        all.extend(Tab::ALL.map(|tab| Route::Campaign(slug(), tab)));
        for route in all {
            assert_eq!(Route::parse(&route.path()), route);
            assert_eq!(Route::parse(&format!("{}/", route.path())), route);
        }
        assert_eq!(Route::parse("/admin/campaigns/x"), Route::Campaign("x".to_owned(), Tab::Live));
        for path in ["/", "/c/x", "/admin/nowhere", "/admin/campaigns/x/nowhere"] {
            assert_eq!(Route::parse(path), Route::Lost, "{path}");
        }
    }

    #[test]
    fn signing_in_leads_to_our_own_pages_only() {
        // An invitation too: who has a passkey signs in first, and comes back to it.
        for good in ["/admin/campaigns/x/supporters?state=counted", "/admin/invitation/t0k"] {
            assert_eq!(next(Some(good)), good);
        }
        for bad in [
            "https://elsewhere.example/admin",
            "//elsewhere.example/admin",
            "javascript:alert(1)",
            "/admin/../c/x",
            "/admin/sign-in",
            "\\admin",
            "",
        ] {
            assert_eq!(next(Some(bad)), "/admin", "{bad}");
        }
        assert_eq!(next(None), "/admin");
    }
}
