//! Peers that take their time: thousands at once, and others are answered all the same.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use futures::future::join_all;
use server::listen::Bounds;
use testkit::{Database, Person, Raw, TestApp, TestDatabase, Told};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::binary::{Server, make_owner};

/// Slow peers at once.
const SLOW: usize = 2_000;
/// A guard against waiting for ever, not a measure of speed.
const PATIENCE: Duration = Duration::from_mins(2);

/// What a slow peer says at once; the rest comes a byte at a time. Some never say anything.
const BEGINNINGS: [&[u8]; 4] = [
    b"",
    b"GE",
    b"GET / HTTP/1.1\r\nhost: 127.0.0.1\r\nx-slow: a",
    b"POST /signin HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-le",
];

/// Holds a connection with a byte now and then, until the server has had enough.
async fn hold(mut stream: TcpStream, beginning: &[u8]) {
    let mut answer = [0; 256];
    if stream.write_all(beginning).await.is_err() {
        return;
    }
    loop {
        tokio::select! {
            read = stream.read(&mut answer) => match read {
                // A reset is a way to close as well.
                Ok(0) | Err(_) => return,
                Ok(_) => {}
            },
            () = tokio::time::sleep(Duration::from_secs(1)), if !beginning.is_empty() => {
                if stream.write_all(b"a").await.is_err() {
                    return;
                }
            }
        }
    }
}

/// How many files this process may open.
fn descriptors() -> usize {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap();
    let line = limits
        .lines()
        .find(|line| line.starts_with("Max open files"))
        .unwrap();
    let soft = line.split_whitespace().nth(3).unwrap();
    soft.parse().unwrap_or(usize::MAX)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_thousand_slow_peers_are_sent_away_and_nobody_waits_for_them() {
    assert!(
        descriptors() >= 5_000,
        "this test needs 5,000 open files, and the limit is {}: raise it with `ulimit -n`",
        descriptors()
    );
    // The real binary with its own bounds, in a process of its own.
    let database = TestDatabase::new(Database::Sqlite).await;
    make_owner(&database);
    let server = Server::start(&database).await;
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, server.port));
    let held = Arc::new(AtomicUsize::new(SLOW));
    let mut streams = Vec::with_capacity(SLOW);
    for _ in 0..SLOW {
        streams.push(TcpStream::connect(address).await.unwrap());
    }
    let mut slow = JoinSet::new();
    for (number, stream) in streams.into_iter().enumerate() {
        let held = held.clone();
        slow.spawn(async move {
            hold(stream, BEGINNINGS[number % BEGINNINGS.len()]).await;
            held.fetch_sub(1, Ordering::SeqCst);
        });
    }
    for _ in 0..20 {
        // Each on a connection of its own.
        let visitor = Person::in_front_of(&server.base);
        assert_eq!(visitor.get("/health").await.status, 200);
        assert_eq!(visitor.get("/signin").await.status, 200);
    }
    assert!(
        held.load(Ordering::SeqCst) > 0,
        "the slow ones were still there"
    );
    let gone = tokio::time::timeout(PATIENCE, slow.join_all()).await;
    assert!(
        gone.is_ok(),
        "{} slow peers are still held",
        held.load(Ordering::SeqCst)
    );
    assert_eq!(
        Person::in_front_of(&server.base)
            .get("/health")
            .await
            .status,
        200
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_more_than_the_house_has_room_for_waits_until_somebody_is_sent_away() {
    let header_within = Duration::from_secs(3);
    let told = Told {
        bounds: Bounds {
            connections: 20,
            header_within,
            ..Bounds::default()
        },
        ..Told::default()
    };
    let app = TestApp::start_told(Database::Sqlite, &told).await;
    let full_since = Instant::now();
    let mut slow = JoinSet::new();
    for _ in 0..20 {
        let stream = TcpStream::connect(app.address).await.unwrap();
        slow.spawn(hold(stream, BEGINNINGS[2]));
    }
    let visitor = app.stranger();
    let answered = tokio::time::timeout(PATIENCE, visitor.get("/health")).await;
    assert_eq!(answered.expect("a place becomes free").status, 200);
    // Nobody is sent away sooner, so nobody came in sooner. Asking the slow ones themselves would
    // race with the visitor: they learn of it when their own turn comes.
    assert!(
        full_since.elapsed() >= header_within,
        "the visitor came in without a free place"
    );
    slow.join_all().await;
    // The next ones are answered at once: every place was given back.
    let visitors: Vec<_> = (0..15).map(|_| app.stranger()).collect();
    let answers = join_all(visitors.iter().map(|visitor| visitor.get("/health"))).await;
    assert!(answers.iter().all(|answer| answer.status == 200));
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_that_trickles_is_cut_off_at_every_door() {
    let told = Told {
        bounds: Bounds {
            body_within: Duration::from_secs(2),
            ..Bounds::default()
        },
        ..Told::default()
    };
    let app = TestApp::start_told(Database::Sqlite, &told).await;
    app.connect(domain::connections::ProviderKind::Demo, "demo")
        .await;
    let olga = app.owner().await;
    let key = olga.key("laptop", None).await;
    let signed_in = app
        .stranger()
        .sign_in("olga@example.org", "correct horse battery")
        .await;
    let cookie = signed_in
        .header("set-cookie")
        .split(';')
        .next()
        .unwrap()
        .to_owned();
    let before = app
        .services
        .store()
        .audit_list(None, 100)
        .await
        .unwrap()
        .len();
    let doors = [
        "/signin",
        "/welcome",
        "/fn/keys/list",
        "/fn/sessions/sign_out",
        "/v1/chat/completions",
    ];
    let trickles = doors.map(|path| {
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: {address}\r\norigin: http://{address}\r\ncookie: {cookie}\r\n\
             authorization: Bearer {}\r\ncontent-type: application/json\r\ncontent-length: 100000\r\n\r\n{{",
            key.secret,
            address = app.address,
        );
        let address = app.address;
        async move {
            let mut peer = Raw::connect(address).await;
            assert!(peer.write(head.as_bytes()).await);
            for _ in 0..600 {
                if peer.closed_within(Duration::from_millis(100)).await || !peer.write(b" ").await {
                    return;
                }
            }
            panic!("a minute later {path} still listens");
        }
    });
    join_all(trickles).await;
    assert_eq!(olga.get("/health").await.status, 200);
    assert_eq!(
        app.services
            .store()
            .audit_list(None, 100)
            .await
            .unwrap()
            .len(),
        before,
        "nothing was done"
    );
    let sessions = app.services.store().session_list(olga.id).await.unwrap();
    assert_eq!(sessions.len(), 2, "nobody was signed out");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_address_has_its_share_and_leaves_the_rest_to_others() {
    let told = Told {
        bounds: Bounds {
            connections_of_one: 5,
            // Not even this machine's own addresses are excepted here.
            shared: Vec::new(),
            ..Bounds::default()
        },
        ..Told::default()
    };
    let app = TestApp::start_told(Database::Sqlite, &told).await;
    let mut held = Vec::new();
    for _ in 0..5 {
        let mut connection = Raw::connect(app.address).await;
        assert!(connection.write(b"GET /health HTTP/1.1\r\n").await);
        held.push(connection);
    }
    let mut sixth = Raw::connect(app.address).await;
    assert!(
        sixth.closed_within(PATIENCE).await,
        "a sixth of one address is closed without a word"
    );
    let neighbour = app.stranger_at([127, 0, 0, 2]);
    assert_eq!(neighbour.get("/health").await.status, 200);
    drop(held);
    // Given back as soon as the server notices.
    testkit::eventually(60, "places are free again", || async {
        let mut connection = Raw::connect(app.address).await;
        let stays = !connection.closed_within(Duration::from_millis(200)).await;
        stays.then_some(())
    })
    .await;
    app.finish().await;
}
