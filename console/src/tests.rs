//! The whole API through its door: real store, ledger, consent and gateway, over a real socket.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;

use gateway::config::{Config, Delivery, FlowRoute, Format, Limits, Route};
use proof::note::SigningKey;
use serde_json::{Value, json};
use store::{Options, RESERVE_BYTES, Reserve};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;

use super::*;

const POLICY: &str = include_str!("../../policies/demo/shop.policy");
const CANARY: &str = "canary@mail.example";

struct Door {
    address: SocketAddr,
    serving: JoinHandle<io::Result<()>>,
    _dir: tempfile::TempDir,
}

struct Said {
    status: u16,
    head: String,
    body: String,
}

impl Said {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

impl Door {
    async fn open() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let admin = admin(dir.path()).await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let serving = tokio::spawn(serve(listener, admin, std::future::pending()));
        Self {
            address,
            serving,
            _dir: dir,
        }
    }

    async fn ask(&self, method: &str, path: &str, key: Option<&str>, body: &str) -> Said {
        let key = key
            .map(|key| format!("Authorization: Bearer {key}\r\n"))
            .unwrap_or_default();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: admin\r\n{key}Connection: close\r\n\
             Content-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Said {
            status,
            head: head.to_ascii_lowercase(),
            body: body.to_owned(),
        }
    }

    async fn ann(&self, method: &str, path: &str, body: &Value) -> Said {
        self.ask(method, path, Some("token-a"), &body.to_string())
            .await
    }

    async fn bob(&self, method: &str, path: &str, body: &Value) -> Said {
        self.ask(method, path, Some("token-b"), &body.to_string())
            .await
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn admin(dir: &Path) -> Admin {
    let clock = Clock::fixed(1_795_000_000_000);
    let store = Store::open(&dir.join("sluice.db"), Options::default())
        .await
        .unwrap();
    let key = SigningKey::from_seed("shop.example/test", &[1; 32]).unwrap();
    let ledger = Ledger::open(&store, key, clock.clone()).await.unwrap();
    let reserve = Reserve::open(&dir.join("reserve"), RESERVE_BYTES).unwrap();
    let options = consent::Options::default();
    let consent = Consent::open(&store, &ledger, reserve, clock.clone(), options)
        .await
        .unwrap();
    let pseudonyms = Arc::new(Pseudonyms::new(&[2; 32]));
    let policy = Arc::new(policy::Policy::compile(Path::new("shop.policy"), POLICY).unwrap());
    let edits = BTreeMap::from([("analytics-2026".to_owned(), vec![3; 32])]);
    let parts = gateway::Parts {
        config: wires(),
        policy,
        consent: consent.clone(),
        ledger: ledger.clone(),
        store: store.clone(),
        pseudonyms: Arc::clone(&pseudonyms),
        keys: gateway::Keys::new(edits, &[4; 32]),
        clock: clock.clone(),
    };
    let gateway = Arc::new(Gateway::start(parts).await.unwrap());
    let keys: Arc<[AdminKey]> = Arc::new([
        AdminKey::new("ann", "token-a"),
        AdminKey::new("bob", "token-b"),
    ]);
    let reload: Reload = Arc::new(|| Box::pin(async { Err("it is invalid".to_owned()) }));
    Admin {
        gateway,
        consent,
        ledger,
        store,
        pseudonyms,
        keys,
        clock,
        reload,
    }
}

fn wires() -> Config {
    let flow = FlowRoute {
        recipient: "Meta Ads".into(),
        purpose: "personalised ads".into(),
        upstream: "http://ads.meta.example/".into(),
        connect: Some(([127, 0, 0, 1], 9).into()),
        write_key: None,
    };
    let route = Route {
        name: "shop".into(),
        path: "/".into(),
        format: Format::Segment,
        source: "web shop".into(),
        write_keys: Vec::new(),
        flows: vec![flow],
    };
    Config {
        listen: ([127, 0, 0, 1], 0).into(),
        routes: vec![route],
        limits: Limits::default(),
        delivery: Delivery::default(),
    }
}

fn choice(purpose: &str, choice: &str) -> Value {
    json!({
        "identifiers": [{ "kind": "email", "value": CANARY }],
        "purpose": purpose, "choice": choice, "mechanism": "banner",
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_key_only_health_and_description_answer() {
    let door = Door::open().await;
    for open in ["/healthz", "/readyz", "/openapi.json"] {
        assert_eq!(door.ask("GET", open, None, "").await.status, 200, "{open}");
    }
    for keyed in ["/", "/metrics", "/v1/facts", "/v1/decisions/0"] {
        for key in [None, Some("token-c"), Some("")] {
            let said = door.ask("GET", keyed, key, "").await;
            assert_eq!(said.status, 401, "{keyed}");
            assert!(
                said.head.contains("application/problem+json"),
                "{}",
                said.head
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_choice_is_kept_withdrawn_and_shown_without_being_repeated() {
    let door = Door::open().await;
    let kept = door
        .ann("POST", "/v1/consents", &choice("personalised ads", "given"))
        .await;
    assert_eq!(kept.status, 201, "{}", kept.body);
    let entry = kept.json()["entry"].as_u64().unwrap();
    let withdrawal = json!({
        "identifiers": [{ "kind": "email", "value": CANARY }],
        "purpose": "personalised ads", "mechanism": "call center",
    });
    assert_eq!(
        door.ann("POST", "/v1/withdrawals", &withdrawal)
            .await
            .status,
        201
    );
    let query = json!({ "identifiers": [{ "kind": "email", "value": " CANARY@mail.example" }] });
    let shown = door.ann("POST", "/v1/consents/query", &query).await;
    let states: Vec<&str> = Vec::new();
    let shown_json = shown.json();
    let states = shown_json["records"]
        .as_array()
        .unwrap()
        .iter()
        .fold(states, |mut all, one| {
            all.push(one["state"].as_str().unwrap());
            all
        });
    assert_eq!(states, ["given", "withdrawn"]);
    let decision = door
        .ann("GET", &format!("/v1/decisions/{entry}"), &Value::Null)
        .await;
    assert_eq!(decision.json()["body"]["act"], "given");
    for said in [kept, shown, decision] {
        assert!(
            !said.body.to_lowercase().contains("canary"),
            "{}",
            said.body
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_malformed_is_told_without_being_repeated() {
    let door = Door::open().await;
    let unknown_purpose = choice(CANARY, "given");
    let unknown_choice = choice("personalised ads", CANARY);
    let mut unknown_kind = choice("personalised ads", "given");
    unknown_kind["identifiers"][0]["kind"] = CANARY.into();
    let mut unknown_field = choice("personalised ads", "given");
    unknown_field[CANARY] = 1.into();
    let mut bad_instant = choice("personalised ads", "given");
    bad_instant["at"] = CANARY.into();
    for body in [
        unknown_purpose,
        unknown_choice,
        unknown_kind,
        unknown_field,
        bad_instant,
    ] {
        let said = door.ann("POST", "/v1/consents", &body).await;
        assert_eq!(said.status, 400, "{}", said.body);
        assert!(!said.body.contains("canary"), "{}", said.body);
        assert_eq!(said.json()["status"], 400);
    }
    let long = json!({ "x": "y".repeat(300_000) });
    assert_eq!(door.ann("POST", "/v1/consents", &long).await.status, 413);
}

#[tokio::test(flavor = "multi_thread")]
async fn resuming_takes_another_person() {
    let door = Door::open().await;
    let ads = json!({ "what": "recipient", "name": "Meta Ads", "because": "contract ended" });
    assert_eq!(door.ann("POST", "/v1/resumptions", &ads).await.status, 409);
    assert_eq!(door.ann("POST", "/v1/stops", &ads).await.status, 200);
    let listed = door.ann("GET", "/v1/stops", &Value::Null).await.json();
    assert_eq!(listed["stops"][0]["name"], "Meta Ads");
    for _ in 0..2 {
        let said = door.ann("POST", "/v1/resumptions", &ads).await.json();
        assert_eq!(said["state"], "waits for another person");
    }
    assert_eq!(
        door.bob("POST", "/v1/resumptions", &ads).await.json()["state"],
        "resumed"
    );
    let unknown = json!({ "what": "recipient", "name": "Nobody", "because": "x" });
    assert_eq!(door.ann("POST", "/v1/stops", &unknown).await.status, 404);
    let silent = json!({ "what": "recipient", "name": "Meta Ads", "because": " " });
    assert_eq!(door.ann("POST", "/v1/stops", &silent).await.status, 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn facts_are_kept_and_shown_by_name_and_number() {
    let door = Door::open().await;
    let change = json!({
        "gates": { "DPIA-2026-014": "2027-12-31" },
        "lists": [{ "list": "bereavement", "identifiers": [{ "kind": "user", "value": CANARY }] }],
    });
    assert_eq!(door.ann("PUT", "/v1/facts", &change).await.status, 200);
    let facts = door.ann("GET", "/v1/facts", &Value::Null).await;
    assert_eq!(
        facts.json()["gates"]["DPIA-2026-014"],
        "2027-12-31T00:00:00Z"
    );
    assert_eq!(facts.json()["lists"]["bereavement"]["pseudonyms"], 1);
    assert!(!facts.body.contains("canary"));
    let nothing = json!({ "gates": { "DPIA-2026-014": null } });
    door.ann("PUT", "/v1/facts", &nothing).await;
    assert_eq!(
        door.ann("GET", "/v1/facts", &Value::Null).await.json()["gates"],
        json!({})
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_the_metrics_and_unknown_paths_answer_as_they_should() {
    let door = Door::open().await;
    let page = door.ask("GET", "/", Some("token-a"), "").await;
    assert!(
        page.head
            .contains("content-security-policy: default-src 'none'"),
        "{}",
        page.head
    );
    assert!(page.body.contains("Sample shop marketing"));
    let metrics = door.ask("GET", "/metrics", Some("token-a"), "").await;
    assert!(
        metrics.body.contains("\nsluice_store_ready 1\n"),
        "{}",
        metrics.body
    );
    assert_eq!(
        door.ask("GET", "/v1/nothing", Some("token-a"), "")
            .await
            .status,
        404
    );
    assert_eq!(
        door.ask("DELETE", "/v1/stops", Some("token-a"), "")
            .await
            .status,
        405
    );
    assert_eq!(
        door.ask("POST", "/v1/reload", Some("token-a"), "")
            .await
            .status,
        409
    );
    assert_eq!(
        door.ask("GET", "/v1/decisions/99", Some("token-a"), "")
            .await
            .status,
        404
    );
    assert_eq!(
        door.ask("GET", "/v1/decisions/x", Some("token-a"), "")
            .await
            .status,
        400
    );
}
