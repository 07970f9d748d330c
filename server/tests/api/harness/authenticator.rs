use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// The user was there, and was recognised.
const PRESENT_AND_VERIFIED: u8 = 0x05;
/// A credential follows.
const CREDENTIAL: u8 = 0x40;

/// A passkey on a device: answers as browsers do (WebAuthn Level 3, 6.1 and 6.5).
pub struct Authenticator {
    key: SigningKey,
    id: [u8; 16],
    /// What it was told of its owner when it was made.
    user: Option<String>,
    uses: u32,
}

impl Authenticator {
    pub fn new(seed: u8) -> Self {
        let key = SigningKey::from_slice(&[seed; 32]).unwrap();
        Self { key, id: [seed; 16], user: None, uses: 0 }
    }

    /// What `navigator.credentials.create` gives, as JSON.
    pub fn create(&mut self, options: &Value, origin: &str) -> Value {
        let options = &options["publicKey"];
        self.user = Some(options["user"]["id"].as_str().unwrap().to_owned());
        let point = self.key.verifying_key().to_sec1_point(false);
        let (x, y) = (&point.as_bytes()[1..33], &point.as_bytes()[33..65]);
        // A COSE key in CBOR: EC2, ES256, P-256, x and y.
        let cose = [&[0xA5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32], x, &[0x22, 0x58, 32], y];
        let mut data = self.data(&options["rp"]["id"], PRESENT_AND_VERIFIED | CREDENTIAL);
        data.extend([0; 16]);
        data.extend([0, 16]);
        data.extend(self.id);
        data.extend(cose.concat());
        // {"fmt": "none", "attStmt": {}, "authData": …} in CBOR.
        let head = b"\xA3\x63fmt\x64none\x67attStmt\xA0\x68authData\x58";
        let length = [u8::try_from(data.len()).unwrap()];
        let object = [&head[..], &length, &data].concat();
        let client = client_data("webauthn.create", &options["challenge"], origin);
        self.credential(json!({
            "clientDataJSON": encode(client.as_bytes()),
            "attestationObject": encode(&object),
            "authenticatorData": encode(&data),
            "transports": ["internal"],
            "publicKeyAlgorithm": -7,
        }))
    }

    /// What `navigator.credentials.get` gives, as JSON.
    pub fn get(&mut self, options: &Value, origin: &str) -> Value {
        let options = &options["publicKey"];
        self.uses += 1;
        let data = self.data(&options["rpId"], PRESENT_AND_VERIFIED);
        let client = client_data("webauthn.get", &options["challenge"], origin);
        let signed = [&data[..], &Sha256::digest(client.as_bytes())].concat();
        let signature: Signature = self.key.sign(&signed);
        self.credential(json!({
            "clientDataJSON": encode(client.as_bytes()),
            "authenticatorData": encode(&data),
            "signature": encode(signature.to_der().as_bytes()),
            "userHandle": self.user,
        }))
    }

    fn data(&self, site: &Value, flags: u8) -> Vec<u8> {
        let mut data = Sha256::digest(site.as_str().unwrap().as_bytes()).to_vec();
        data.push(flags);
        data.extend(self.uses.to_be_bytes());
        data
    }

    fn credential(&self, response: Value) -> Value {
        json!({
            "id": encode(&self.id),
            "rawId": encode(&self.id),
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {},
            "response": response,
        })
    }
}

fn client_data(kind: &str, challenge: &Value, origin: &str) -> String {
    json!({ "type": kind, "challenge": challenge, "origin": origin, "crossOrigin": false })
        .to_string()
}

fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
