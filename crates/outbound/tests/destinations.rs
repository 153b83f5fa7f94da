//! Where requests may go, and where they may not.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::response::Redirect;
use axum::routing::get;
use outbound::{Destination, Outbound, OutboundError, Policy, Request, parse_url};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

const SOON: Duration = Duration::from_secs(5);

/// A server that counts its visitors; it stops when dropped.
struct House {
    address: SocketAddr,
    visits: Arc<AtomicUsize>,
    _tasks: JoinSet<()>,
}

impl House {
    async fn open(redirect_to: Option<String>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let visits = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&visits);
        let answer = move || {
            counted.fetch_add(1, Ordering::SeqCst);
            let redirect_to = redirect_to.clone();
            async move {
                redirect_to
                    .map(|to| Redirect::temporary(&to))
                    .ok_or("hello")
            }
        };
        let router = Router::new().fallback(get(answer));
        let mut tasks = JoinSet::new();
        tasks.spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self {
            address,
            visits,
            _tasks: tasks,
        }
    }

    fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    fn visits(&self) -> usize {
        self.visits.load(Ordering::SeqCst)
    }
}

fn outbound() -> Outbound {
    Outbound::new(Policy::default()).unwrap()
}

async fn get_status(outbound: &Outbound, url: &str) -> Result<u16, OutboundError> {
    let request = Request::get(parse_url(url).unwrap());
    outbound
        .send(request, SOON)
        .await
        .map(|answer| answer.status())
}

#[tokio::test]
async fn an_allow_listed_port_opens_and_its_neighbour_stays_shut() {
    let (open, shut) = (House::open(None).await, House::open(None).await);
    let outbound = outbound();
    assert!(matches!(
        get_status(&outbound, &open.url()).await,
        Err(OutboundError::Refused { .. })
    ));
    outbound.allow("127.0.0.1", open.address.port()).unwrap();
    assert_eq!(get_status(&outbound, &open.url()).await, Ok(200));
    let refused = get_status(&outbound, &shut.url()).await;
    let port = shut.address.port();
    assert_eq!(
        refused,
        Err(OutboundError::Refused {
            host: "127.0.0.1".into(),
            port
        })
    );
    outbound.set_allowed([]);
    assert!(matches!(
        get_status(&outbound, &open.url()).await,
        Err(OutboundError::Refused { .. })
    ));
    assert_eq!((open.visits(), shut.visits()), (1, 0));
}

#[tokio::test]
async fn an_allow_listed_name_does_not_open_its_address() {
    let house = House::open(None).await;
    let outbound = outbound();
    outbound.allow("localhost", house.address.port()).unwrap();
    assert_eq!(
        get_status(
            &outbound,
            &format!("http://localhost:{}/", house.address.port())
        )
        .await,
        Ok(200)
    );
    assert!(matches!(
        get_status(&outbound, &house.url()).await,
        Err(OutboundError::Refused { .. })
    ));
}

#[tokio::test]
async fn a_redirect_to_a_private_place_is_an_answer_and_not_followed() {
    let inside = House::open(None).await;
    let outside = House::open(Some(inside.url())).await;
    let outbound = outbound();
    outbound.allow("127.0.0.1", outside.address.port()).unwrap();
    // Not even to another allowed place: it would carry the key along.
    outbound.allow("127.0.0.1", inside.address.port()).unwrap();
    assert_eq!(get_status(&outbound, &outside.url()).await, Ok(307));
    assert_eq!((outside.visits(), inside.visits()), (1, 0));
}

#[tokio::test]
async fn private_addresses_are_refused_in_every_notation() {
    let house = House::open(None).await;
    let port = house.address.port();
    let outbound = outbound();
    for host in [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0x7f.0.0.1",
        "0177.0.0.1",
        "017700000001",
        "127.0.0.1.",
        "０x7f.1",
        "127。0。0。1",
        "%31%32%37.0.0.1",
        "0",
        "0.0.0.0",
        "10.0.0.1",
        "169.254.169.254",
        "0xa9fea9fe",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "[fd00:ec2::254]",
        "[fe80::1]",
        "100.100.100.200",
        "168.63.129.16",
        "224.0.0.1",
    ] {
        for scheme in ["http", "https"] {
            let url = format!("{scheme}://{host}:{port}/");
            let refused = get_status(&outbound, &url).await;
            assert!(
                matches!(refused, Err(OutboundError::Refused { .. })),
                "{url}: {refused:?}"
            );
        }
    }
    assert_eq!(house.visits(), 0);
}

#[tokio::test]
async fn no_allow_list_opens_where_a_cloud_answers() {
    let outbound = outbound();
    for host in [
        "169.254.169.254",
        "0xa9fea9fe",
        "2852039166",
        "169.254.43518",
        "[::ffff:169.254.169.254]",
        "[fd00:ec2::254]",
        "[fe80::1]",
        "100.100.100.200",
        "168.63.129.16",
    ] {
        outbound.allow(host, 80).unwrap();
        let refused = get_status(&outbound, &format!("http://{host}/latest/meta-data/")).await;
        assert!(
            matches!(refused, Err(OutboundError::Refused { .. })),
            "{host}: {refused:?}"
        );
    }
}

#[tokio::test]
async fn a_name_that_leads_inside_is_refused() {
    let house = House::open(None).await;
    let port = house.address.port();
    for host in ["localhost", "LOCALHOST"] {
        let refused = get_status(&outbound(), &format!("https://{host}:{port}/")).await;
        assert!(
            matches!(refused, Err(OutboundError::Refused { .. })),
            "{host}: {refused:?}"
        );
    }
    assert_eq!(house.visits(), 0);
}

#[tokio::test]
async fn plain_http_is_for_allow_listed_hosts() {
    let refused = get_status(&outbound(), "http://example.com/").await;
    assert_eq!(
        refused,
        Err(OutboundError::PlainHttp {
            host: "example.com".into()
        })
    );
    let url = parse_url("https://example.com/").unwrap();
    assert_eq!(outbound().check(&url), Ok(()));
}

#[tokio::test]
async fn an_unknown_name_is_a_failed_connection() {
    let failed = get_status(&outbound(), "https://no-such-host.invalid/").await;
    let reason = "its name cannot be resolved".to_owned();
    assert_eq!(
        failed,
        Err(OutboundError::Connect {
            host: "no-such-host.invalid".into(),
            reason
        })
    );
}

#[tokio::test]
async fn a_server_without_tls_is_a_tls_failure() {
    let house = House::open(None).await;
    let outbound = outbound();
    outbound.set_allowed([Destination::new("127.0.0.1", house.address.port()).unwrap()]);
    let failed = get_status(&outbound, &format!("https://{}/", house.address)).await;
    assert!(
        matches!(failed, Err(OutboundError::Tls { .. })),
        "{failed:?}"
    );
}
