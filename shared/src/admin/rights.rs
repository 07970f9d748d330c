//! Who may do what: four roles in an organization.

/// What an organizer is to an organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[cfg_attr(feature = "server", derive(serde::Deserialize, utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Everything, the team and its keys among it.
    Owner,
    /// Campaigns, supporters, exports; not the team.
    Editor,
    /// Supporters; not the campaign's settings.
    Moderator,
    /// Numbers only: no name and no address.
    Analyst,
}

/// What a route asks of its caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[cfg_attr(feature = "server", derive(serde::Deserialize))]
#[serde(rename_all = "snake_case")]
pub enum Permission {
    /// Being signed in: one's own account.
    Account,
    /// Numbers, settings, texts.
    View,
    /// Names, addresses, messages.
    SeePeople,
    /// Releasing, refusing, correcting, withdrawing, erasing, importing.
    Moderate,
    /// The campaign itself.
    Edit,
    /// Team, tokens, webhooks, the audit log.
    Manage,
}

impl Permission {
    pub const ALL: [Self; 6] =
        [Self::Account, Self::View, Self::SeePeople, Self::Moderate, Self::Edit, Self::Manage];
}

impl Role {
    pub const ALL: [Self; 4] = [Self::Owner, Self::Editor, Self::Moderator, Self::Analyst];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Editor => "editor",
            Self::Moderator => "moderator",
            Self::Analyst => "analyst",
        }
    }

    pub fn from_text(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == text)
    }

    pub const fn allows(self, permission: Permission) -> bool {
        match permission {
            Permission::Account | Permission::View => true,
            Permission::SeePeople | Permission::Moderate => !matches!(self, Self::Analyst),
            Permission::Edit => matches!(self, Self::Owner | Self::Editor),
            Permission::Manage => matches!(self, Self::Owner),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_role_may_what_the_next_may_and_more() {
        for pair in Role::ALL.windows(2) {
            let rights = |role: Role| Permission::ALL.map(|permission| role.allows(permission));
            let (more, less) = (rights(pair[0]), rights(pair[1]));
            assert!(more.iter().zip(less).all(|(more, less)| *more || !less), "{pair:?}");
            assert_ne!(more, less, "{pair:?}");
        }
    }

    #[test]
    fn a_role_is_its_name() {
        for role in Role::ALL {
            assert_eq!(Role::from_text(role.as_str()), Some(role));
        }
        assert_eq!(Role::from_text("admin"), None);
    }
}
