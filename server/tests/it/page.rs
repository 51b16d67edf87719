//! The page's files over HTTP.

use crate::support::{Folder, Response, Server, Stream, request};

const INDEX: &str = "<!doctype html><title>Fixture</title><style>p{}</style>\n\
    <script type=\"module\">doSomething();</script><script src=\"/app-0123456789abcdef.js\"></script>\n";
const FILES: &[(&str, &str)] = &[
    ("page/index.html", INDEX),
    ("page/index.html.br", "index in brotli"),
    ("page/index.html.gz", "index in gzip"),
    ("page/app-0123456789abcdef.js", "let script"),
    ("page/app-0123456789abcdef.js.gz", "script in gzip"),
    ("page/app-0123456789abcdef_bg.wasm", "\0asm"),
    ("page/deep/style-00fedcba98765432.css", "p{}"),
    ("page/favicon.svg", "<svg/>"),
    ("secret.txt", "nobody's business"),
];

struct Fixture {
    server: Server,
    _folder: Folder,
}

impl Fixture {
    fn start() -> Self {
        let folder = Folder::with(FILES);
        let page = folder.path("page");
        let server = Server::with(["--any-port".as_ref(), "--page-dir".as_ref(), page.as_os_str()]);
        Self { server, _folder: folder }
    }

    fn get(&self, path: &str, headers: &[&str]) -> Response {
        request(self.server.http(), "GET", path, headers)
    }
}

#[test]
fn files_have_their_media_types() {
    let page = Fixture::start();
    for (path, media_type, content) in [
        ("/", "text/html; charset=utf-8", INDEX),
        ("/index.html", "text/html; charset=utf-8", INDEX),
        ("/app-0123456789abcdef.js", "text/javascript; charset=utf-8", "let script"),
        ("/app-0123456789abcdef_bg.wasm", "application/wasm", "\0asm"),
        ("/deep/style-00fedcba98765432.css", "text/css; charset=utf-8", "p{}"),
        ("/favicon.svg", "image/svg+xml", "<svg/>"),
    ] {
        let response = page.get(path, &[]);
        assert_eq!((response.status, response.text()), (200, content), "{path}");
        assert_eq!(response.header("content-type"), Some(media_type), "{path}");
        assert_eq!(response.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(response.header("content-encoding"), None, "{path}");
    }
}

#[test]
fn the_smallest_form_that_the_browser_takes_is_sent() {
    let page = Fixture::start();
    let check = |path: &str, accept: &str, encoding: Option<&str>, content: &str| {
        let response = page.get(path, &[&format!("Accept-Encoding: {accept}")]);
        assert_eq!(response.header("content-encoding"), encoding, "{path} {accept}");
        assert_eq!(response.text(), content, "{path} {accept}");
        assert_eq!(response.header("vary"), Some("Accept-Encoding"), "{path} {accept}");
    };
    check("/", "gzip, deflate, br, zstd", Some("br"), "index in brotli");
    check("/", "gzip", Some("gzip"), "index in gzip");
    check("/", "br;q=0, gzip", Some("gzip"), "index in gzip");
    check("/", "identity", None, INDEX);
    check("/app-0123456789abcdef.js", "br, gzip", Some("gzip"), "script in gzip");
    check("/favicon.svg", "br, gzip", None, "<svg/>");
}

#[test]
fn a_browser_that_has_a_form_is_not_sent_it_again() {
    let page = Fixture::start();
    let etag = |accept: &str| page.get("/", &[accept]).header("etag").unwrap().to_owned();
    let (brotli, plain) = (etag("Accept-Encoding: br"), etag("Accept-Encoding: identity"));
    assert_ne!(brotli, plain);
    assert!(plain.starts_with('"') && plain.ends_with('"'));
    let known = format!("If-None-Match: \"other\", {brotli}");
    let response = page.get("/", &["Accept-Encoding: br", &known]);
    assert_eq!(response.status, 304);
    assert_eq!(response.header("etag"), Some(brotli.as_str()));
    assert_eq!(response.header("cache-control"), Some("no-cache"));
    assert_eq!(page.get("/", &["Accept-Encoding: identity", &known]).status, 200);
}

#[test]
fn only_names_with_a_hash_are_kept_for_ever() {
    let page = Fixture::start();
    let caching = |path: &str| page.get(path, &[]).header("cache-control").map(str::to_owned).unwrap();
    let forever = "public, max-age=31536000, immutable";
    assert_eq!(caching("/app-0123456789abcdef.js"), forever);
    assert_eq!(caching("/app-0123456789abcdef_bg.wasm"), forever);
    assert_eq!(caching("/deep/style-00fedcba98765432.css"), forever);
    assert_eq!(caching("/favicon.svg"), "no-cache");
    assert_eq!(caching("/"), "no-cache");
}

#[test]
fn the_policy_allows_nothing_but_what_the_page_was_built_with() {
    let page = Fixture::start();
    let response = page.get("/", &[]);
    // The hashes were made with `openssl dgst -sha256 -binary | base64`.
    assert_eq!(
        response.header("content-security-policy").unwrap(),
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval' \
         'sha256-RFWPLDbv2BY+rCkDzsE+0fr8ylGr2R2faWMhq4lfEQc='; style-src 'self' \
         'sha256-gG2yISYereRMiG2lMXrbiUgi0Ubw9p7QCeWcroOvy9Y='; connect-src 'self' ws: wss:; \
         img-src 'self' data:; font-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; \
         form-action 'none'; frame-ancestors 'none'"
    );
    assert_eq!(response.header("referrer-policy"), Some("no-referrer"));
    assert_eq!(response.header("cross-origin-opener-policy"), Some("same-origin"));
    assert_eq!(response.header("cross-origin-resource-policy"), Some("same-origin"));
}

#[test]
fn views_are_the_page_and_missing_files_are_missing() {
    let page = Fixture::start();
    assert_eq!(page.get("/clients/lamp", &[]).text(), INDEX);
    assert_eq!(page.get("/?stage=40", &[]).text(), INDEX);
    for path in ["/app-ffffffffffffffff.js", "/favicon.ico", "/deep/none.css", "/index.html.br"] {
        let response = page.get(path, &[]);
        assert_eq!((response.status, response.text()), (404, "The page has no such file.\n"), "{path}");
    }
}

#[test]
fn no_path_leads_out_of_the_page() {
    let page = Fixture::start();
    for path in [
        "/../secret.txt",
        "/deep/../../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "//secret.txt",
        "/..\\secret.txt",
        "/deep/%2e%2e/%2e%2e/secret.txt",
    ] {
        let response = page.get(path, &[]);
        assert_eq!(response.status, 404, "{path}");
        assert!(!response.text().contains("business"), "{path}");
    }
}

#[test]
fn a_head_is_a_get_without_its_body() {
    let page = Fixture::start();
    let mut stream = Stream::open(page.server.http());
    stream.request("HEAD", "/", page.server.http(), &[]);
    let response = stream.response(true);
    assert_eq!(response.status, 200);
    assert_eq!(response.header("content-length"), Some(INDEX.len().to_string().as_str()));
    // The next answer on the same connection begins where the body would be.
    stream.request("GET", "/favicon.svg", page.server.http(), &[]);
    assert_eq!(stream.response(false).text(), "<svg/>");
}

#[test]
fn other_methods_are_told_which_are_allowed() {
    let page = Fixture::start();
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "TRACE"] {
        let response = request(page.server.http(), method, "/", &["Content-Length: 0"]);
        assert_eq!((response.status, response.header("allow")), (405, Some("GET, HEAD")), "{method}");
    }
}

#[test]
fn a_folder_without_a_page_is_refused() {
    let folder = Folder::with(&[("empty/readme.txt", "")]);
    let output = std::process::Command::new(crate::support::BINARY)
        .args(["--any-port", "--ephemeral", "--page-dir"])
        .arg(folder.path("empty"))
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        String::from_utf8(output.stderr).unwrap(),
        format!(
            "headcount: page_dir: {} has no index.html; name the folder that Trunk built\n",
            folder.path("empty").display()
        )
    );
}
