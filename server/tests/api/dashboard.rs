//! The page of the organizers' dashboard. What it shows comes from the API, which has tests of its
//! own.

use crate::harness::Server;

#[tokio::test]
async fn fault_41_the_dashboard_allows_no_framing() {
    let server = Server::start().await;
    for path in ["/admin", "/admin/sign-in", "/admin/campaigns/example/live", "/admin/a/b/c/d"] {
        let answer = server.get(path).await;
        assert_eq!(answer.status, 200, "{path}");
        let policy = answer.header("content-security-policy");
        assert!(policy.contains("frame-ancestors 'none'"), "{path}: {policy}");
        assert!(policy.contains("default-src 'none'"), "{path}: {policy}");
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{policy}");
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        assert_eq!(answer.header("referrer-policy"), "same-origin", "{path}");
    }
}

#[tokio::test]
async fn the_page_names_only_files_that_are_there_or_says_how_to_build_them() {
    let server = Server::start().await;
    let answer = server.get("/admin").await;
    let page = &answer.text;
    let files: Vec<&str> = page.split('"').filter(|part| part.starts_with("/assets/")).collect();
    if !page.contains("id=\"app\"") {
        assert!(page.contains("cargo xtask widget"), "{page}");
        return;
    }
    for ending in [".css", ".js", ".wasm", ".json"] {
        assert!(files.iter().any(|file| file.ends_with(ending)), "{ending}: {page}");
    }
    for file in files {
        assert_eq!(server.get(file).await.status, 200, "{file}");
    }
}
