//! Passwords: length over rules, none that others would try first, and hashes that cost work.
//!
//! The rules are those of NIST SP 800-63B, 5.1.1.2; the parameters those of OWASP's Password
//! Storage Cheat Sheet for argon2id.

use std::collections::HashSet;
use std::sync::LazyLock;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version};
use countersign_shared::Code;
use countersign_shared::admin::account::{PASSWORD_LEAST, PASSWORD_MOST};
use tokio::sync::Semaphore;

use super::Refusal;
use crate::clock::Entropy;

const MEMORY_KIB: u32 = 19 * 1024;
const ROUNDS: u32 = 2;
const LANES: u32 = 1;

/// Each hash takes 19 MiB and a core for tens of milliseconds: more at once would starve pledges.
static AT_ONCE: Semaphore = Semaphore::const_new(2);

/// What is checked where there is no account, so that the answer takes as long. Of no password.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

static COMMON: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| include_str!("../../../data/passwords/common.txt").lines().collect());

/// Whether a new password may be used by the organizer with this address.
pub fn check(password: &str, email: &str) -> Result<(), Code> {
    let length = password.chars().count();
    if length < PASSWORD_LEAST {
        return Err(Code::PasswordTooShort);
    }
    if length > PASSWORD_MOST {
        return Err(Code::PasswordTooLong);
    }
    let lower = password.to_lowercase();
    let guessed = COMMON.contains(lower.as_str())
        || repeats(&lower)
        || counts(&lower)
        || says_nothing_but(&lower, email);
    if guessed { Err(Code::PasswordCommon) } else { Ok(()) }
}

/// `aaaaaaaaaaaa`, `abcabcabcabc`, and whatever else few signs make.
fn repeats(password: &str) -> bool {
    let signs: Vec<char> = password.chars().collect();
    let by = |length: usize| signs.iter().zip(signs.iter().skip(length)).all(|(a, b)| a == b);
    let distinct = signs.iter().collect::<HashSet<_>>().len();
    distinct < 4 || (1..=signs.len() / 2).any(|length| signs.len() / length > 2 && by(length))
}

/// `abcdefghijkl`, `987654321098`.
fn counts(password: &str) -> bool {
    let signs: Vec<i64> = password.chars().map(|sign| i64::from(u32::from(sign))).collect();
    let step = |up: i64| {
        signs.windows(2).all(|pair| {
            let (from, to) = (pair[0], pair[1]);
            let wraps = [from, to] == [0x39, 0x30] || [from, to] == [0x30, 0x39];
            to - from == up || wraps
        })
    };
    step(1) || step(-1)
}

/// The organizer's own address or the product's name, with a few signs around it.
fn says_nothing_but(password: &str, email: &str) -> bool {
    let email = email.to_lowercase();
    let (local, domain) = email.split_once('@').unwrap_or((&email, ""));
    let words = [&email, local, domain, "countersign", "organizer", "password", "passwort"];
    let mut rest = password.to_owned();
    for word in words.into_iter().filter(|word| word.chars().count() >= 4) {
        rest = rest.replace(word, "");
    }
    rest.len() < password.len() && rest.chars().count() < 6
}

/// A PHC string of the password.
pub async fn hash(password: String, entropy: &dyn Entropy) -> Result<String, Refusal> {
    let mut salt = [0; 16];
    entropy.fill(&mut salt);
    work(move || {
        let hash: PasswordHash = hasher()?.hash_password_with_salt(password.as_bytes(), &salt)?;
        Ok(hash.to_string())
    })
    .await
}

/// Whether the password is the one that was hashed. As much work where there is no hash, or where
/// the password is longer than any.
pub async fn verify(password: String, kept: Option<String>) -> Result<bool, Refusal> {
    let exists = kept.is_some() && password.chars().count() <= PASSWORD_MOST;
    let kept = kept.filter(|_| exists).unwrap_or_else(|| NOBODY.to_owned());
    let password: String = password.chars().take(PASSWORD_MOST).collect();
    let right = work(move || {
        let kept = PasswordHash::new(&kept)?;
        Ok(hasher()?.verify_password(password.as_bytes(), &kept).is_ok())
    });
    Ok(right.await? && exists)
}

fn hasher() -> argon2::password_hash::Result<Argon2<'static>> {
    let params = Params::new(MEMORY_KIB, ROUNDS, LANES, None)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// Away from the threads that answer requests.
async fn work<T: Send + 'static>(
    job: impl FnOnce() -> argon2::password_hash::Result<T> + Send + 'static,
) -> Result<T, Refusal> {
    let _turn = AT_ONCE.acquire().await.map_err(Refusal::internal)?;
    let done = tokio::task::spawn_blocking(job).await.map_err(Refusal::internal)?;
    done.map_err(|error| Refusal::internal(error.to_string()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::clock::SystemEntropy;

    const ADA: &str = "ada.lovelace@example.org";

    #[test]
    fn length_is_the_rule_and_what_others_try_first_is_refused() {
        for good in [
            "correct horse battery",
            "ябчвезаснежнаято",
            "m4ny-short words",
            "ada likes long walks",
        ] {
            assert_eq!(check(good, ADA), Ok(()), "{good}");
        }
        assert_eq!(check("elevensigns", ADA), Err(Code::PasswordTooShort));
        assert_eq!(check(&"ab c".repeat(65), ADA), Err(Code::PasswordTooLong));
        for bad in [
            "aaaaaaaaaaaa",
            "abcabcabcabc",
            "abababababab1".get(..12).unwrap(),
            "abcdefghijkl",
            "567890123456",
            "210987654321",
            "1q2w3e4r5t6y",
            "Q1W2E3R4T5Y6",
            "ada.lovelace1",
            "Ada.Lovelace@example.org",
            "countersign!!",
            "Countersign2027",
            "PasswordPassword1",
        ] {
            assert_eq!(check(bad, ADA), Err(Code::PasswordCommon), "{bad}");
        }
    }

    #[test]
    fn the_list_holds_what_the_length_does_not_refuse() {
        assert!(COMMON.len() > 300);
        assert!(COMMON.iter().all(|line| line.chars().count() >= PASSWORD_LEAST));
        assert!(COMMON.iter().all(|line| *line == line.to_lowercase()));
    }

    #[tokio::test]
    async fn a_hash_is_argon2id_and_knows_its_password() {
        let kept = hash("correct horse battery".into(), &SystemEntropy).await.unwrap();
        assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{kept}");
        assert!(verify("correct horse battery".into(), Some(kept.clone())).await.unwrap());
        assert!(!verify("correct horse batterz".into(), Some(kept.clone())).await.unwrap());
        assert_ne!(hash("correct horse battery".into(), &SystemEntropy).await.unwrap(), kept);
    }

    #[tokio::test]
    async fn nobody_costs_as_much_work_and_has_no_password() {
        assert!(!verify("correct horse battery".into(), None).await.unwrap());
        let (nobody, of) = (PasswordHash::new(NOBODY).unwrap(), Params::try_from);
        let params = of(&nobody).unwrap();
        assert_eq!(
            (params.m_cost(), params.t_cost(), params.p_cost()),
            (MEMORY_KIB, ROUNDS, LANES)
        );
    }
}
