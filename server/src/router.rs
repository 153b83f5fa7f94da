//! Which request goes where, and what it passes on the way.

use std::net::IpAddr;
use std::ops::Deref;
use std::path::PathBuf;
use std::sync::{Arc, LazyLock};

use app::App;
use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRef, Request, State};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use domain::{KeyId, MemberId};
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY};
use http::{HeaderValue, Method, StatusCode};
use ipnet::IpNet;
use leptos::config::LeptosOptions;
use leptos::prelude::*;
use leptos_axum::{AxumRouteListing, LeptosRoutes, ResponseOptions, generate_route_list};
use services::Services;
use services::gateway::BODY_MOST_BYTES;
use tower::ServiceExt;
use tower_http::services::ServeDir;

use crate::build::Build;
use crate::config::Config;
use crate::middleware::{
    Origins, attach, identify, keep_length_for_others, page_policy, refuse_foreign,
    require_sign_in, secure, shorten, shorten_own, take_in, tell_status,
};
use crate::routes::{document, forms, gateway, health, installed, live, metrics, site};
use crate::shares::Shares;

/// What every handler knows. Each layer of the router copies it for each request: copies share.
#[derive(Clone)]
pub struct Host(Arc<Known>);

impl Deref for Host {
    type Target = Known;

    fn deref(&self) -> &Known {
        &self.0
    }
}

/// See [`Host`].
pub struct Known {
    /// What the house can do.
    pub(crate) services: Services,
    /// Whether people reach it over https.
    pub(crate) secure: bool,
    pub(crate) origins: Origins,
    pub(crate) trusted_proxies: Vec<IpNet>,
    /// Live connections, by member.
    pub(crate) listeners: Shares<MemberId>,
    /// Bodies for the gateway, by key.
    pub(crate) uploads: Shares<KeyId>,
    /// Bodies of people's requests, by address.
    pub(crate) entries: Shares<IpAddr>,
    pub(crate) options: LeptosOptions,
    pub(crate) site_root: PathBuf,
    /// Which of the browser's files lie there.
    pub(crate) build: Build,
}

impl Host {
    /// A host for these services.
    pub fn new(services: Services, config: &Config) -> Self {
        let options = LeptosOptions::builder()
            .output_name("purser")
            .site_root(config.site_root.display().to_string())
            .site_pkg_dir("pkg")
            .site_addr(config.listen)
            .hash_files(config.hashes.is_some())
            .build();
        let build = Build::new(config.hashes.as_deref(), &options);
        Self(Arc::new(Known {
            services,
            secure: config.is_secure(),
            origins: Origins::new(config.public_url.as_ref()),
            trusted_proxies: config.trusted_proxies.clone(),
            // More tabs than anybody keeps open.
            listeners: Shares::new(usize::MAX, 100),
            // Four of the largest bodies for each of four keys.
            uploads: Shares::new(16 * BODY_MOST_BYTES, 4 * BODY_MOST_BYTES),
            entries: Shares::new(256 * 1024 * 1024, 64 * 1024 * 1024),
            options,
            site_root: config.site_root.clone(),
            build,
        }))
    }
}

impl FromRef<Host> for LeptosOptions {
    fn from_ref(host: &Host) -> Self {
        host.options.clone()
    }
}

/// Everything the house answers.
pub fn router(host: Host) -> Router {
    let drawn_by = host.clone();
    let pages = Router::new()
        .leptos_routes_with_context(&host, page_routes(), page_headers, move || {
            drawn_by.build.document(&drawn_by.options)
        })
        .route_layer(from_fn_with_state(host.clone(), require_sign_in));
    let for_people = pages
        .merge(forms::routes())
        .route("/live", get(live::live))
        .route("/metrics", get(metrics::metrics))
        .fallback(file_or_not_found)
        // Whole and measured by then.
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn(tell_status))
        .layer(from_fn_with_state(host.clone(), attach))
        // Before anybody is asked who they are: a body may be long on its way, and rights end meanwhile.
        .layer(from_fn_with_state(host.clone(), take_in))
        .layer(from_fn_with_state(host.clone(), refuse_foreign))
        .layer(shorten_own())
        .layer(from_fn(keep_length_for_others));
    let for_all = Router::new()
        .route("/openapi.json", get(document::document))
        .merge(site::texts_routes())
        .merge(installed::routes())
        .layer(shorten());
    Router::new()
        .route("/health", get(health::health))
        .route("/ready", get(health::ready))
        .merge(gateway::routes())
        .merge(site::package_routes(&host))
        .merge(for_all)
        .merge(for_people)
        .layer(from_fn_with_state(host.clone(), secure))
        .layer(from_fn_with_state(host.clone(), identify))
        .with_state(host)
}

/// Every page of the app, found once a process: while they are looked for, leptos keeps the resources
/// of the whole process from loading, and one that is asked for in that moment never loads
/// (leptos-rs/leptos#4773). A second house in one process, as in the tests, would stop the first.
pub fn page_routes() -> Vec<AxumRouteListing> {
    static ROUTES: LazyLock<Vec<AxumRouteListing>> = LazyLock::new(|| generate_route_list(App));
    ROUTES.clone()
}

/// Headers of a page, with the nonce its scripts carry.
fn page_headers() {
    let Some(options) = use_context::<ResponseOptions>() else {
        return;
    };
    let nonce = leptos::nonce::use_nonce();
    let policy = page_policy(nonce.as_deref(), std::option_env!("LEPTOS_WATCH").is_some());
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        options.insert_header(CONTENT_SECURITY_POLICY, policy);
    }
    options.insert_header(CACHE_CONTROL, HeaderValue::from_static("no-store"));
}

/// A file of the site, or the page that says there is nothing.
async fn file_or_not_found(State(host): State<Host>, request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return StatusCode::NOT_FOUND.into_response();
    }
    let mut asked = Request::new(axum::body::Body::empty());
    *asked.method_mut() = request.method().clone();
    *asked.uri_mut() = request.uri().clone();
    *asked.headers_mut() = request.headers().clone();
    let files = ServeDir::new(&host.site_root).append_index_html_on_directories(false);
    let Ok(file) = files.oneshot(asked).await;
    if file.status() != StatusCode::NOT_FOUND {
        let mut file = file.map(axum::body::Body::new);
        file.headers_mut()
            .insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        return file;
    }
    let draw = leptos_axum::render_app_async_with_context(page_headers, move || {
        host.build.document(&host.options)
    });
    let mut response = draw(request).await;
    *response.status_mut() = StatusCode::NOT_FOUND;
    response
}
