//! What no page and no program of ours sends: bodies too large, cut off, nested without end, in no
//! encoding. Every door refuses them, and the house is as it was.

use std::fmt::Write as _;

use domain::MemberId;
use domain::people::Role;
use serde_json::Value;
use store::calls::CallFilter;
use testkit::{Key, Raw, TestApp, both_databases};

use super::matrix::{functions, things};

/// Forms that work without JavaScript.
const FORMS: [&str; 3] = ["/setup", "/signin", "/welcome"];
/// Just too large for a page's request, and for the gateway's.
const PAGE_BODY: usize = 2 * 1024 * 1024 + 1;
const GATEWAY_BODY: usize = 32 * 1024 * 1024 + 1;

/// Somebody who speaks HTTP by hand: the owner's cookie, one of their keys.
struct Visitor<'a> {
    app: &'a TestApp,
    cookie: String,
    key: Key,
}

impl<'a> Visitor<'a> {
    async fn new(app: &'a TestApp) -> Self {
        let olga = app.owner().await;
        let key = olga.key("laptop", None).await;
        let signed_in = app
            .stranger()
            .sign_in("olga@example.org", "correct horse battery")
            .await;
        let cookie = signed_in.header("set-cookie").split(';').next().unwrap();
        Self {
            app,
            cookie: cookie.to_owned(),
            key,
        }
    }

    /// Posts a body; `length` is what the head says of it.
    async fn post(&self, path: &str, kind: &str, length: &str, body: &[u8]) -> (u16, String) {
        let mut request = format!(
            "POST {path} HTTP/1.1\r\nhost: {address}\r\norigin: http://{address}\r\ncookie: {cookie}\r\n\
             authorization: Bearer {key}\r\ncontent-type: {kind}\r\n{length}\r\nconnection: close\r\n\r\n",
            address = self.app.address,
            cookie = self.cookie,
            key = self.key.secret,
        )
        .into_bytes();
        request.extend_from_slice(body);
        Raw::ask(self.app.address, &request).await
    }

    async fn post_whole(&self, path: &str, kind: &str, body: &[u8]) -> (u16, String) {
        let length = format!("content-length: {}", body.len());
        self.post(path, kind, &length, body).await
    }

    /// In pieces, without a length in the head.
    async fn post_chunked(&self, path: &str, kind: &str, body: &[u8]) -> (u16, String) {
        let mut pieces = Vec::with_capacity(body.len() + body.len() / 1_000);
        for piece in body.chunks(64 * 1024) {
            pieces.extend_from_slice(format!("{:x}\r\n", piece.len()).as_bytes());
            pieces.extend_from_slice(piece);
            pieces.extend_from_slice(b"\r\n");
        }
        pieces.extend_from_slice(b"0\r\n\r\n");
        self.post(path, kind, "transfer-encoding: chunked", &pieces)
            .await
    }
}

/// Everything a request could have changed.
async fn state(app: &TestApp, members: &[MemberId]) -> String {
    let store = app.services.store();
    let mut state = String::new();
    write!(
        state,
        "{:?} {:?} {:?} {:?} {:?} {:?}",
        store.member_list().await.unwrap(),
        store.member_email_list().await.unwrap(),
        store.connection_list().await.unwrap(),
        store.limit_list().await.unwrap(),
        store
            .call_list(&CallFilter::default(), None, 1_000)
            .await
            .unwrap(),
        store.audit_list(None, 1_000).await.unwrap(),
    )
    .unwrap();
    for member in members {
        for key in store.key_list(*member).await.unwrap() {
            write!(state, " {:?}", (key.id, key.name, key.revoked_at)).unwrap();
        }
        let chats = store.chat_list(*member, None, 1_000).await.unwrap();
        let sessions = store.session_list(*member).await.unwrap();
        write!(state, " {chats:?} {}", sessions.len()).unwrap();
    }
    state
}

/// A JSON object of this many bytes.
fn long_json(bytes: usize) -> Vec<u8> {
    let mut body = Vec::with_capacity(bytes);
    body.extend_from_slice(br#"{"text":""#);
    body.resize(bytes - 2, b'x');
    body.extend_from_slice(br#""}"#);
    body
}

fn long_form(bytes: usize) -> Vec<u8> {
    let mut body = b"token=t&password=".to_vec();
    body.resize(bytes, b'x');
    body
}

/// Bodies that are no arguments of anything.
fn bad_bodies() -> Vec<(&'static str, Vec<u8>)> {
    let nested = |open: &str, close: &str| {
        let mut body = open.repeat(100_000);
        body.push('1');
        body.push_str(&close.repeat(100_000));
        body.into_bytes()
    };
    vec![
        ("nothing", Vec::new()),
        ("blank", b"  \n".to_vec()),
        ("cut off", br#"{"id": "01"#.to_vec()),
        ("two values", b"{} {}".to_vec()),
        ("a number too large", b"1e999".to_vec()),
        ("deep arrays", nested("[", "]")),
        ("deep objects", nested(r#"{"id":"#, "}")),
        ("deep and never closed", b"[".repeat(1_000_000)),
        ("no UTF-8", b"{\"id\": \"\xff\xfe\xc3\x28\"}".to_vec()),
        ("half a surrogate", br#"{"id": "\ud800"}"#.to_vec()),
        ("UTF-16", b"\xff\xfe{\x00}\x00".to_vec()),
        ("a form", b"id=1&name=x".to_vec()),
        (
            "parts",
            b"--x\r\ncontent-disposition: form-data; name=\"id\"\r\n\r\n1\r\n--x--\r\n".to_vec(),
        ),
        ("zeros", vec![0; 1_000]),
    ]
}

both_databases! {
    async fn a_body_that_is_too_large_is_refused_at_every_door(app: &TestApp) {
        let visitor = Visitor::new(app).await;
        let a = app.member("anna", Role::Member).await;
        let of = things(app, &a).await;
        let before = state(app, &[a.id]).await;
        let (json, form) = (long_json(PAGE_BODY), long_form(PAGE_BODY));
        for name in functions(&of).keys() {
            let (status, text) = visitor.post_whole(&format!("/fn/{name}"), "application/json", &json).await;
            assert_eq!(status, 413, "{name}: {text}");
        }
        let kind = "application/x-www-form-urlencoded";
        for path in FORMS {
            let (status, text) = visitor.post_whole(path, kind, &form).await;
            assert_eq!(status, 413, "{path}: {text}");
        }
        // Without a length in its head, a body is measured as it comes.
        assert_eq!(visitor.post_chunked("/fn/members/invite", "application/json", &json).await.0, 413);
        assert_eq!(visitor.post_chunked("/signin", kind, &form).await.0, 413);
        let long = long_json(GATEWAY_BODY);
        for answer in [
            visitor.post_whole("/v1/chat/completions", "application/json", &long).await,
            visitor.post_chunked("/v1/chat/completions", "application/json", &long).await,
        ] {
            assert_eq!(answer.0, 413, "{}", answer.1);
            assert!(answer.1.contains("\"error\""), "in the gateway's own words: {}", answer.1);
        }
        assert_eq!(visitor.post_whole("/no/such/page", "text/plain", &json).await.0, 413);
        assert_eq!(state(app, &[a.id]).await, before);
    }

    async fn a_body_that_makes_no_sense_is_refused_and_changes_nothing(app: &TestApp) {
        let visitor = Visitor::new(app).await;
        let a = app.member("anna", Role::Member).await;
        let of = things(app, &a).await;
        let before = state(app, &[a.id]).await;
        for (what, body) in bad_bodies() {
            for (name, (_, arguments)) in functions(&of) {
                // What needs no argument takes any object; it must do no more than it says.
                let needs_none = arguments.as_object().unwrap().values().all(Value::is_null);
                if name == "sessions/sign_out" {
                    continue;
                }
                for kind in ["application/json", "text/plain", "multipart/form-data; boundary=x"] {
                    let (status, text) = visitor.post_whole(&format!("/fn/{name}"), kind, &body).await;
                    let refused = (400..500).contains(&status) && status != 401;
                    assert!(refused || (needs_none && status == 200), "{what} as {kind} at {name}: {status} {text}");
                }
            }
            for path in FORMS {
                for kind in ["application/x-www-form-urlencoded", "application/json", "\u{1}"] {
                    let (status, text) = visitor.post_whole(path, kind, &body).await;
                    assert!((400..500).contains(&status), "{what} as {kind} at {path}: {status} {text}");
                    // Every one is a guess as well, as far as it can be read.
                    app.clock.advance(300_000);
                }
            }
            let (status, text) = visitor.post_whole("/v1/chat/completions", "application/json", &body).await;
            assert_eq!(status, 400, "{what} at the gateway: {text}");
            assert!(text.contains("invalid_request_error"), "{what}: {text}");
        }
        assert_eq!(state(app, &[a.id]).await, before);
    }

    async fn deep_nesting_inside_a_good_request_harms_nobody(app: &TestApp) {
        let visitor = Visitor::new(app).await;
        app.connect(domain::connections::ProviderKind::OpenAi, "openai").await;
        let deep = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
        for field in ["metadata", "tools", "messages", "tool_choice", "response_format", "stop", "unknown"] {
            let body = format!(
                r#"{{"model":"gpt-4o-mini","messages":[{{"role":"user","content":"Hi"}}],"{field}":{deep}}}"#
            );
            let (status, text) = visitor.post_whole("/v1/chat/completions", "application/json", body.as_bytes()).await;
            assert!((200..500).contains(&status), "{field}: {status} {text}");
        }
        let parameters = format!(
            r#"{{"model":"gpt-4o-mini","messages":[{{"role":"user","content":"Hi"}}],
                "tools":[{{"type":"function","function":{{"name":"f","parameters":{deep}}}}}]}}"#
        );
        let (status, text) = visitor.post_whole("/v1/chat/completions", "application/json", parameters.as_bytes()).await;
        assert!((200..500).contains(&status), "{status} {text}");
        assert_eq!(app.stranger().get("/health").await.status, 200);
    }

    async fn heads_that_make_no_sense_are_refused(app: &TestApp) {
        let visitor = Visitor::new(app).await;
        let host = format!("host: {}\r\nconnection: close\r\n", app.address);
        let head = |line: &str, more: &str| format!("{line}\r\n{host}{more}\r\n").into_bytes();
        let many: String = (0..500).fold(String::new(), |all, number| all + &format!("x-{number}: y\r\n"));
        let mut broken_cookie = head("GET / HTTP/1.1", "");
        broken_cookie.truncate(broken_cookie.len() - 2);
        broken_cookie.extend_from_slice(b"cookie: purser=\xff\xfe; purser=\x80\r\n\r\n");
        for (what, request, good) in [
            ("a long head", head("GET / HTTP/1.1", &format!("x: {}\r\n", "y".repeat(64 * 1024))), 400..500),
            ("many headers", head("GET / HTTP/1.1", &many), 400..500),
            ("a long path", head(&format!("GET /{} HTTP/1.1", "a".repeat(64 * 1024)), ""), 400..500),
            ("no HTTP", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03".repeat(20), 0..500),
            ("another version", head("GET / HTTP/9.9", ""), 400..500),
            ("a negative length", head("POST /signin HTTP/1.1", "content-length: -1\r\n"), 400..500),
            ("two lengths", head("POST /signin HTTP/1.1", "content-length: 1\r\ncontent-length: 2\r\n"), 400..500),
            ("a length and pieces", head("POST /signin HTTP/1.1", "content-length: 5\r\ntransfer-encoding: chunked\r\n"), 400..500),
            ("pieces of no size", [head("POST /signin HTTP/1.1", &format!("origin: {}\r\ntransfer-encoding: chunked\r\n", app.base())), b"zz\r\n".to_vec()].concat(), 400..500),
            ("a path out of the house", head("GET /pkg/../../../../etc/passwd HTTP/1.1", ""), 300..500),
            ("the same, escaped", head("GET /pkg/%2e%2e/%2e%2e/%2e%2e/etc/passwd HTTP/1.1", ""), 300..500),
            ("a zero in a path", head("GET /%00 HTTP/1.1", ""), 300..500),
            ("no UTF-8 in a path", head("GET /chats/%ff%fe HTTP/1.1", ""), 300..500),
            ("no UTF-8 in a query", head("GET /signin?next=%ff&lang=%fe HTTP/1.1", ""), 200..500),
            ("a query twice", head("GET /signin?next=a&next=b HTTP/1.1", ""), 200..500),
            ("a chat that is no id", head("GET /chats/nonsense HTTP/1.1", &format!("cookie: {}\r\n", visitor.cookie)), 200..500),
            ("a place to go on from that is none", head("GET /live HTTP/1.1", "last-event-id: \u{7f}:-1\r\n"), 400..500),
            ("a method nobody knows", head("BREW /signin HTTP/1.1", ""), 400..500),
            ("a cookie that is no text", broken_cookie, 300..500),
        ] {
            let (status, text) = Raw::ask(app.address, &request).await;
            assert!(good.contains(&status), "{what}: {status} {text}");
            assert!(!text.contains("root:"), "{what}: {text}");
        }
        assert_eq!(app.stranger().get("/health").await.status, 200);
    }
}
