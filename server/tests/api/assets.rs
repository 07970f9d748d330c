//! What browsers load.

use countersign::assets::files;

use crate::harness::Server;

#[tokio::test]
async fn hashed_files_are_immutable_typed_tagged_and_open_to_all() {
    let server = Server::start().await;
    for file in files().iter().filter(|file| file.name != "embed.js") {
        let path = format!("/assets/{}", file.name);
        let plain = server.get(&path).await;
        assert_eq!(plain.status, 200, "{path}");
        assert_eq!(plain.header("cache-control"), "public, max-age=31536000, immutable");
        assert_eq!(plain.header("access-control-allow-origin"), "*");
        assert_eq!(plain.header("cross-origin-resource-policy"), "cross-origin");
        assert_eq!(plain.header("content-encoding"), "");
        assert_ne!(plain.header("content-type"), "application/octet-stream");
        assert!(plain.header("etag").len() > 2, "{path}");
        let packed = server.get_with(&path, &[("accept-encoding", "gzip, br")]).await;
        assert_eq!(
            packed.header("content-encoding"),
            if file.brotli.is_some() { "br" } else { "" }
        );
        let again = server.get_with(&path, &[("if-none-match", plain.header("etag"))]).await;
        assert_eq!(again.status, 304);
    }
}

#[tokio::test]
async fn the_loader_is_asked_for_again_soon() {
    let server = Server::start().await;
    let loader = server.get("/embed.js").await;
    match files().iter().any(|file| file.name == "embed.js") {
        true => {
            assert_eq!(loader.status, 200);
            assert!(loader.header("content-type").starts_with("text/javascript"));
            assert!(loader.header("cache-control").starts_with("public, max-age=300"));
        }
        false => {
            loader.assert_problem(404, "not_found");
        }
    }
    assert_eq!(loader.header("access-control-allow-origin"), "*");
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let server = Server::start().await;
    for name in ["nope.js", "..%2Fsecret.key", "embed.js", "%00"] {
        server.get(&format!("/assets/{name}")).await.assert_problem(404, "not_found");
    }
}
