//! Which requests there are. `openapi.json` describes the same list, and a test compares the two.

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodRouter, get, post, put};

use crate::api::{consents, decisions, facts, health, stops};
use crate::respond::Problem;
use crate::{Admin, keys, page};

/// One request that is answered.
struct Route {
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "the router knows; tests compare it")
    )]
    method: &'static str,
    path: &'static str,
    door: Door,
    handler: MethodRouter<Admin>,
}

/// Who may come in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Door {
    /// Anyone who reaches the listener.
    Open,
    /// Who has a key.
    Keyed,
}

fn routes() -> Vec<Route> {
    let open = |method, path, handler| Route {
        method,
        path,
        door: Door::Open,
        handler,
    };
    let keyed = |method, path, handler| Route {
        method,
        path,
        door: Door::Keyed,
        handler,
    };
    vec![
        open("get", "/healthz", get(health::live)),
        open("get", "/readyz", get(health::ready)),
        open("get", "/openapi.json", get(health::openapi)),
        keyed("get", "/metrics", get(health::metrics)),
        keyed("get", "/", get(page::status)),
        keyed("post", "/v1/consents", post(consents::record)),
        keyed("post", "/v1/consents/query", post(consents::query)),
        keyed("post", "/v1/withdrawals", post(consents::withdraw)),
        keyed("get", "/v1/facts", get(facts::show)),
        keyed("put", "/v1/facts", put(facts::change)),
        keyed("get", "/v1/decisions", get(decisions::recent)),
        keyed("get", "/v1/decisions/{index}", get(decisions::one)),
        keyed("get", "/v1/stops", get(stops::show)),
        keyed("post", "/v1/stops", post(stops::stop)),
        keyed("post", "/v1/resumptions", post(stops::resume)),
        keyed("post", "/v1/checkpoint", post(health::checkpoint)),
        keyed("post", "/v1/reload", post(health::reload)),
        #[cfg(feature = "controls")]
        keyed("put", "/v1/controls", put(crate::api::controls::switch)),
    ]
}

/// All of them, with keys asked for where they are needed, and problems for everything else.
pub(crate) fn router(admin: Admin) -> Router {
    let mut open = Router::new();
    let mut keyed = Router::new();
    for route in routes() {
        match route.door {
            Door::Open => open = open.route(route.path, route.handler),
            Door::Keyed => keyed = keyed.route(route.path, route.handler),
        }
    }
    let keyed = keyed.route_layer(middleware::from_fn_with_state(admin.clone(), ask_for_key));
    open.merge(keyed)
        .fallback(nothing_here)
        .method_not_allowed_fallback(wrong_method)
        .with_state(admin)
}

async fn ask_for_key(State(admin): State<Admin>, mut request: Request, next: Next) -> Response {
    match keys::owner(&admin.keys, request.headers()) {
        Some(owner) => {
            request.extensions_mut().insert(owner);
            next.run(request).await
        }
        None => Problem::no_key().into_response(),
    }
}

async fn nothing_here() -> Problem {
    Problem::not_found("`/openapi.json` says what there is")
}

async fn wrong_method() -> Problem {
    Problem::wrong_method()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_description_lists_the_routes_that_there_are() {
        let text = include_str!("openapi.json");
        let described: serde_json::Value = serde_json::from_str(text).unwrap();
        let mut listed = BTreeSet::new();
        for (path, methods) in described["paths"].as_object().unwrap() {
            for method in methods.as_object().unwrap().keys() {
                listed.insert((method.clone(), path.clone()));
            }
        }
        let there: BTreeSet<_> = routes()
            .iter()
            .filter(|route| route.path != "/v1/controls")
            .map(|route| (route.method.to_owned(), route.path.to_owned()))
            .collect();
        assert_eq!(listed, there);
    }

    #[test]
    fn only_health_and_description_need_no_key() {
        let open: Vec<_> = routes()
            .iter()
            .filter(|route| route.door == Door::Open)
            .map(|route| route.path)
            .collect();
        assert_eq!(open, ["/healthz", "/readyz", "/openapi.json"]);
    }
}
