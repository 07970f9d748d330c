//! The look of a campaign: from a few checked values to custom properties that can be read.

use std::fmt::Write as _;

use countersign_shared::campaign::Theme;

use super::colour::{Colour, DARK_PAPER, LIGHT_PAPER, WHITE};

/// What a campaign may set of its look.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Look {
    /// `#rrggbb`.
    pub accent: String,
    /// The roundness of the card's corners in px, 0 to 32.
    pub radius: u8,
    pub font: Font,
    pub scheme: Scheme,
}

impl Default for Look {
    fn default() -> Self {
        let accent = "#b3125f".to_owned();
        Self { accent, radius: 14, font: Font::System, scheme: Scheme::Auto }
    }
}

/// The family of the letters: always fonts that the device has, never a download.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Font {
    #[default]
    System,
    Serif,
    Rounded,
    Mono,
}

impl Font {
    pub const NAMES: &'static [(&'static str, Self)] = &[
        ("system", Self::System),
        ("serif", Self::Serif),
        ("rounded", Self::Rounded),
        ("mono", Self::Mono),
    ];

    fn stack(self) -> &'static str {
        match self {
            Self::System => {
                "system-ui,-apple-system,\"Segoe UI\",Roboto,\"Noto Sans\",\"Noto Sans Arabic\",\
                 sans-serif"
            }
            Self::Serif => "ui-serif,Georgia,Cambria,\"Noto Serif\",\"Noto Naskh Arabic\",serif",
            Self::Rounded => {
                "ui-rounded,\"SF Pro Rounded\",\"Hiragino Maru Gothic ProN\",Quicksand,Nunito,\
                 system-ui,sans-serif"
            }
            Self::Mono => "ui-monospace,Menlo,Consolas,\"Noto Sans Mono\",monospace",
        }
    }
}

/// Light, dark, or as the reader's device has it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scheme {
    #[default]
    Auto,
    Light,
    Dark,
}

impl Scheme {
    pub const NAMES: &'static [(&'static str, Self)] =
        &[("auto", Self::Auto), ("light", Self::Light), ("dark", Self::Dark)];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

impl Look {
    /// Custom properties for light and dark paper. They hold numbers, checked colours and the
    /// font lists above, so no text of a campaign ever reaches a style sheet.
    pub(super) fn theme(&self) -> Theme {
        let accent = Colour::parse(&self.accent).unwrap_or(DARK_PAPER);
        Theme {
            light: self.declarations(accent, LIGHT_PAPER, DARK_PAPER, 0.08),
            dark: self.declarations(on_dark(accent), DARK_PAPER, WHITE, 0.16),
            scheme: self.scheme.as_str().to_owned(),
        }
    }

    /// `away` is the end of the scale far from the paper, `wash` how much accent tints a surface.
    fn declarations(&self, accent: Colour, paper: Colour, away: Colour, wash: f64) -> String {
        let text = accent.readable_on(paper, away);
        let properties = [
            ("accent", accent.hex()),
            ("accent-ink", ink_on(accent).hex()),
            ("accent-text", text.hex()),
            ("accent-wash", paper.mix(accent, wash).hex()),
            ("radius", format!("{}px", self.radius)),
            ("font", self.font.stack().to_owned()),
        ];
        properties.iter().fold(String::new(), |mut all, (name, value)| {
            let _ = write!(all, "--cs-{name}:{value};");
            all
        })
    }
}

/// The accent for dark paper.
pub(super) fn on_dark(accent: Colour) -> Colour {
    accent.lightened(0.72)
}

/// Black or white on a button of this colour, black with a breath of the colour in it where the
/// contrast allows.
pub(super) fn ink_on(accent: Colour) -> Colour {
    let black = Colour::parse("#000000").unwrap_or(DARK_PAPER);
    if accent.contrast(WHITE) >= accent.contrast(black) {
        return WHITE;
    }
    let tinted = black.mix(accent, 0.14);
    if accent.contrast(tinted) >= 7.0 { tinted } else { black }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::colour::READABLE;
    use super::*;

    fn value(declarations: &str, name: &str) -> Colour {
        let start = declarations.find(&format!("--cs-{name}:")).unwrap() + name.len() + 6;
        Colour::parse(declarations[start..].split(';').next().unwrap()).unwrap()
    }

    #[test]
    fn every_accent_can_be_read_on_light_and_dark_paper() {
        for red in (0..=255).step_by(51) {
            for green in (0..=255).step_by(51) {
                for blue in (0..=255).step_by(51) {
                    let accent = format!("#{red:02x}{green:02x}{blue:02x}");
                    let theme = Look { accent: accent.clone(), ..Look::default() }.theme();
                    for (text, paper) in [(&theme.light, LIGHT_PAPER), (&theme.dark, DARK_PAPER)] {
                        let on_paper = value(text, "accent-text").contrast(paper);
                        assert!(on_paper >= READABLE, "{accent} {text}");
                        let on_button = value(text, "accent-ink").contrast(value(text, "accent"));
                        assert!(on_button >= READABLE, "{accent} {text}");
                    }
                }
            }
        }
    }

    #[test]
    fn the_default_accent_keeps_its_colour_and_is_lighter_on_dark_paper() {
        let theme = Look::default().theme();
        assert!(theme.light.starts_with("--cs-accent:#b3125f;--cs-accent-ink:#ffffff;"));
        let dark = value(&theme.dark, "accent");
        assert!(dark.contrast(DARK_PAPER) > 6.0, "{}", theme.dark);
        let pink = Colour::parse("#ff6fae").unwrap();
        assert!(dark.contrast(pink) < 1.25, "{}", theme.dark);
    }

    #[test]
    fn contrast_is_as_wcag_reckons_it() {
        let black = Colour::parse("#000").unwrap();
        assert!((WHITE.contrast(black) - 21.0).abs() < 1e-9);
        let grey = Colour::parse("#767676").unwrap();
        assert!((WHITE.contrast(grey) - 4.54).abs() < 0.01);
    }

    #[test]
    fn what_is_no_colour_is_refused() {
        for bad in ["red", "#12", "#12345", "#gggggg", "#b3125f;}", "", "#+12345", "b3125f"] {
            assert!(Colour::parse(bad).is_none(), "{bad}");
        }
        assert_eq!(Colour::parse("#abc"), Colour::parse("#aabbcc"));
    }
}
