use reqwest::header::HeaderMap;
use serde_json::Value;

/// A whole answer.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    pub async fn of(response: reqwest::Response) -> Self {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let bytes = response.bytes().await.unwrap();
        Self { status, headers, text: String::from_utf8_lossy(&bytes).into_owned() }
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {}", self.text))
    }

    /// Fails unless it is problem details of this status and code, whole and consistent.
    pub fn assert_problem(&self, status: u16, code: &str) -> Value {
        assert_eq!(self.status, status, "{}", self.text);
        assert_eq!(self.header("content-type"), "application/problem+json");
        let problem = self.json();
        assert_eq!(problem["code"], code, "{problem}");
        assert_eq!(problem["status"], status);
        assert!(!problem["title"].as_str().unwrap().is_empty());
        if [429, 503].contains(&status) {
            let seconds: u32 = self.header("retry-after").parse().expect("a Retry-After");
            assert!(seconds >= 1, "Retry-After is {seconds}");
        }
        problem
    }

    /// Fails unless the fields at fault are exactly these.
    pub fn assert_fields(&self, fields: &[&str]) {
        let problem = self.assert_problem(422, "invalid_input");
        let named: Vec<&str> = problem["fields"]
            .as_array()
            .unwrap()
            .iter()
            .map(|f| f["field"].as_str().unwrap())
            .collect();
        assert_eq!(named, fields, "{problem}");
    }

    /// Fails unless a pledge was taken; gives its receipt.
    pub fn assert_taken(&self) -> String {
        assert_eq!(self.status, 201, "{}", self.text);
        let taken = self.json();
        assert_eq!(taken["state"], "counted");
        taken["receipt"].as_str().unwrap().to_owned()
    }

    /// The directive of the page's content security policy.
    pub fn policy(&self, directive: &str) -> String {
        let policy = self.header("content-security-policy");
        let mut directives = policy.split(';').map(str::trim);
        let found = directives.find_map(|text| text.strip_prefix(directive)?.strip_prefix(' '));
        found.unwrap_or_else(|| panic!("no {directive} in {policy:?}")).to_owned()
    }
}
