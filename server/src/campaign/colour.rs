//! Colours and their contrast, as WCAG 2.2 reckons it.

/// An sRGB colour, a byte a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Colour([u8; 3]);

pub(super) const WHITE: Colour = Colour([255, 255, 255]);
pub(super) const LIGHT_PAPER: Colour = WHITE;
pub(super) const DARK_PAPER: Colour = Colour([0x14, 0x17, 0x1f]);

/// The contrast that WCAG 2.2 (1.4.3, level AA) asks of text.
pub(super) const READABLE: f64 = 4.5;

impl Colour {
    /// `#rrggbb` or `#rgb`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#')?;
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let number = u32::from_str_radix(digits, 16).ok()?;
        let byte = |shift: u32| (number >> shift & 0xff) as u8;
        let nibble = |shift: u32| (number >> shift & 0xf) as u8 * 17;
        match digits.len() {
            6 => Some(Self([byte(16), byte(8), byte(0)])),
            3 => Some(Self([nibble(8), nibble(4), nibble(0)])),
            _ => None,
        }
    }

    pub(super) fn hex(self) -> String {
        let [red, green, blue] = self.0;
        format!("#{red:02x}{green:02x}{blue:02x}")
    }

    /// This colour with a share of another in it: 0 is this one, 1 the other.
    pub(super) fn mix(self, other: Self, share: f64) -> Self {
        let mut mixed = [0; 3];
        for ((to, from), into) in mixed.iter_mut().zip(self.0).zip(other.0) {
            *to = (f64::from(from) * (1.0 - share) + f64::from(into) * share).round() as u8;
        }
        Self(mixed)
    }

    /// WCAG 2.2, "relative luminance".
    fn luminance(self) -> f64 {
        let [red, green, blue] = self.0.map(|byte| {
            let share = f64::from(byte) / 255.0;
            if share <= 0.04045 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    /// WCAG 2.2, "contrast ratio": 1 to 21.
    pub(super) fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// The same colour in the strength that can be read on `paper`, moved towards `towards` in
    /// small steps and no further than needed.
    pub(super) fn readable_on(self, paper: Self, towards: Self) -> Self {
        (0..=50)
            .map(|step| self.mix(towards, f64::from(step) / 50.0))
            .find(|colour| colour.contrast(paper) >= READABLE)
            .unwrap_or(towards)
    }

    /// The same hue, lighter: hue and saturation of HSL stay, the lightness is raised to `least`.
    pub(super) fn lightened(self, least: f64) -> Self {
        let [red, green, blue] = self.0.map(|byte| f64::from(byte) / 255.0);
        let (high, low) = (red.max(green).max(blue), red.min(green).min(blue));
        let lightness = (high + low) / 2.0;
        if lightness >= least {
            return self;
        }
        let spread = high - low;
        if spread == 0.0 {
            return Self([(least * 255.0).round() as u8; 3]);
        }
        // A dark, strong colour stays strong when it is lightened: full saturation.
        let saturation = spread / (1.0 - (2.0 * lightness - 1.0).abs());
        let reach = (saturation.min(1.0) * 1.15).min(1.0) * (1.0 - (2.0 * least - 1.0).abs());
        let channel = |value: f64| {
            let share = (value - low) / spread;
            ((least - reach / 2.0 + reach * share) * 255.0).round().clamp(0.0, 255.0) as u8
        };
        Self([channel(red), channel(green), channel(blue)])
    }
}
