//! The country a person lives in.

use crate::Code;

/// Every officially assigned ISO 3166-1 alpha-2 code, sorted and set end to end.
///
/// Source: ISO 3166-1 as listed in `datasets/country-codes` (PDDL 1.0).
const CODES: &str = "ADAEAFAGAIALAMAOAQARASATAUAWAXAZBABBBDBEBFBGBHBIBJBLBMBNBOBQBRBSBTBVBWBYBZCACCCDCFCG\
    CHCICKCLCMCNCOCRCUCVCWCXCYCZDEDJDKDMDODZECEEEGEHERESETFIFJFKFMFOFRGAGBGDGEGFGGGHGIGL\
    GMGNGPGQGRGSGTGUGWGYHKHMHNHRHTHUIDIEILIMINIOIQIRISITJEJMJOJPKEKGKHKIKMKNKPKRKWKYKZLA\
    LBLCLILKLRLSLTLULVLYMAMCMDMEMFMGMHMKMLMMMNMOMPMQMRMSMTMUMVMWMXMYMZNANCNENFNGNINLNONP\
    NRNUNZOMPAPEPFPGPHPKPLPMPNPRPSPTPWPYQARERORSRURWSASBSCSDSESGSHSISJSKSLSMSNSOSRSSSTSV\
    SXSYSZTCTDTFTGTHTJTKTLTMTNTOTRTTTVTWTZUAUGUMUSUYUZVAVCVEVGVIVNVUWFWSYEYTZAZMZW";

/// An ISO 3166-1 alpha-2 code. Its order is the order of the codes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Country(u8);

impl Country {
    /// How many there are.
    pub const COUNT: usize = CODES.len() / 2;

    /// Takes two letters in either case, with blanks around them.
    ///
    /// # Errors
    /// [`Code::CountryMissing`] where nothing is given, [`Code::CountryUnknown`] otherwise.
    pub fn parse(raw: &str) -> Result<Self, Code> {
        let raw = raw.trim();
        if raw.is_empty() {
            return Err(Code::CountryMissing);
        }
        let &[first, second] = raw.as_bytes() else { return Err(Code::CountryUnknown) };
        let wanted = [first.to_ascii_uppercase(), second.to_ascii_uppercase()];
        CODES
            .as_bytes()
            .chunks_exact(2)
            .position(|code| code == wanted)
            .and_then(|index| u8::try_from(index).ok())
            .map(Self)
            .ok_or(Code::CountryUnknown)
    }

    /// The code in capitals, such as `KE`.
    pub fn as_str(self) -> &'static str {
        let from = usize::from(self.0) * 2;
        &CODES[from..from + 2]
    }

    /// Every country, in the order of the codes.
    pub fn all() -> impl ExactSizeIterator<Item = Self> {
        (0..Self::COUNT as u8).map(Self)
    }
}

impl std::fmt::Debug for Country {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

crate::text::string_like!(Country);

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn there_are_249_in_order_and_each_parses_to_itself() {
        let all: Vec<_> = Country::all().collect();
        assert_eq!(all.len(), 249);
        assert!(all.windows(2).all(|pair| pair[0].as_str() < pair[1].as_str()));
        for country in all {
            assert_eq!(Country::parse(country.as_str()), Ok(country));
            assert_eq!(Country::parse(&country.as_str().to_lowercase()), Ok(country));
        }
    }

    #[test]
    fn blanks_around_are_forgiven() {
        assert_eq!(Country::parse(" ke ").unwrap().as_str(), "KE");
    }

    #[test]
    fn what_is_no_country_is_refused() {
        for missing in ["", " ", "\t\n"] {
            assert_eq!(Country::parse(missing), Err(Code::CountryMissing), "{missing:?}");
        }
        for bad in ["XX", "ZZ", "UK", "EU", "K", "KEN", "K E", "é", "ＫＥ", "404", "\0\0", "DA"]
        {
            assert_eq!(Country::parse(bad), Err(Code::CountryUnknown), "{bad:?}");
        }
    }
}
