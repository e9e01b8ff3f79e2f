//! Everything a journey needs, in a scratch directory.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use consent::{Act, ActId, ActKind, Consent, IdentifierKind, Personal, Pseudonyms, SubjectId};
use gateway::config::{Delivery, FlowRoute, Format, KeyDigest, Limits, Route, Secret};
use gateway::{Config, Gateway, Keys, Parts};
use ledger::Ledger;
use policy::Policy;
use policy::situation::Millis;
use proof::note::SigningKey;
use store::{Clock, Options, RESERVE_BYTES, Reserve, Store};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::recipient::Recipient;

pub(crate) const POLICY: &str = r#"
policy "Tests" version 1.

category event name is user.behavior at $.event.
category email is user.contact.email at $.traits.email, $.properties.email.
category IP address is user.device.ip_address at $.context.ip.
category product is user.behavior.purchase_history at $.properties.product.
category customer number is user.unique_id at $.userId.

purpose ads is marketing.advertising.third_party.targeted.
  lawful basis is consent, GDPR Art. 6(1)(a), in EEA and UK;
    ground is notice and opt-out, CCPA 1798.120, in US.
  consent is read from our records, Segment consent "advertising"; one is enough.
  opt-out is read from our records, Global Privacy Control; one is enough.

source web shop is host "shop.example".
  place is read from $.context.location.country with region at $.context.location.region.

recipient Ad Network is host "ads.example"; independent controller; third party under CCPA.
recipient Mailer is host "mail.example"; processor.

A1. allow web shop to send event name, email and IP address to Ad Network
      for ads if the lawful basis is met.
  first hash email as SHA-256; shorten IP address to /24 or /48.
A2. allow web shop to send event name to Mailer for ads if the lawful basis is met.

B1. block ads in US-CA when the person opts out, under 11 CCR 7025(c).
B2. block ads when the person objects, under GDPR Art. 21(3).
"#;

/// 2026-06-01T00:00:00Z.
const START_MS: i64 = 1_780_272_000_000;

pub(crate) struct World {
    pub(crate) gateway: Gateway,
    pub(crate) consent: Consent,
    pub(crate) ledger: Ledger,
    pub(crate) recipient: Recipient,
    pub(crate) now: Arc<AtomicI64>,
    pub(crate) store: Store,
    dir: tempfile::TempDir,
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::with(|_| {}).await
    }

    /// A world with another configuration.
    pub(crate) async fn with(change: impl FnOnce(&mut Config)) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let now = Arc::new(AtomicI64::new(START_MS));
        let recipient = Recipient::start().await;
        let mut config = config(&recipient);
        change(&mut config);
        Self::open(dir, now, recipient, config).await
    }

    async fn open(
        dir: tempfile::TempDir,
        now: Arc<AtomicI64>,
        recipient: Recipient,
        config: Config,
    ) -> Self {
        let reading = Arc::clone(&now);
        let clock = Clock::new(move || reading.load(Ordering::SeqCst));
        let store = Store::open(&dir.path().join("sluice.db"), Options::default())
            .await
            .unwrap();
        let key = SigningKey::from_seed("tests.example/ledger", &[1; 32]).unwrap();
        let ledger = Ledger::open(&store, key, clock.clone()).await.unwrap();
        let reserve = Reserve::open(&dir.path().join("reserve"), RESERVE_BYTES).unwrap();
        let options = consent::Options::default();
        let consent = Consent::open(&store, &ledger, reserve, clock.clone(), options)
            .await
            .unwrap();
        let gateway = Gateway::start(Parts {
            config,
            policy: policy(POLICY),
            consent: consent.clone(),
            ledger: ledger.clone(),
            store: store.clone(),
            pseudonyms: Arc::new(pseudonyms()),
            keys: Keys::new(BTreeMap::new(), &[4; 32]),
            clock,
        });
        let gateway = gateway.await.unwrap();
        Self {
            gateway,
            consent,
            ledger,
            recipient,
            now,
            store,
            dir,
        }
    }

    /// Stops everything and starts it again on the same files.
    pub(crate) async fn restart(self) -> Self {
        self.gateway.stop().await;
        let Self {
            gateway,
            consent,
            ledger,
            recipient,
            now,
            store,
            dir,
        } = self;
        store.close().await.unwrap();
        drop((gateway, consent, ledger, store));
        let config = config(&recipient);
        Self::open(dir, now, recipient, config).await
    }

    /// Posts a body the way a client does, with the right key.
    pub(crate) async fn post(&self, path: &str, body: impl AsRef<[u8]>) -> Answered {
        self.post_with(path, "authorization: Basic d2ViOg==\r\n", body)
            .await
    }

    pub(crate) async fn post_with(
        &self,
        path: &str,
        headers: &str,
        body: impl AsRef<[u8]>,
    ) -> Answered {
        let body = body.as_ref();
        let length = body.len();
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: shop.example\r\nconnection: close\r\n\
             content-length: {length}\r\n{headers}\r\n"
        );
        self.raw(&[head.as_bytes(), body].concat()).await
    }

    pub(crate) async fn raw(&self, bytes: &[u8]) -> Answered {
        let mut stream = TcpStream::connect(self.gateway.local_addr()).await.unwrap();
        stream.write_all(bytes).await.unwrap();
        let mut text = Vec::new();
        stream.read_to_end(&mut text).await.unwrap();
        let text = String::from_utf8(text).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Answered {
            status,
            head: head.to_owned(),
            body: body.to_owned(),
        }
    }

    pub(crate) fn later(&self, by: Duration) {
        self.now
            .fetch_add(i64::try_from(by.as_millis()).unwrap(), Ordering::SeqCst);
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answered {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

pub(crate) fn policy(text: &str) -> Arc<Policy> {
    Arc::new(Policy::compile(Path::new("tests.policy"), text).unwrap())
}

fn pseudonyms() -> Pseudonyms {
    Pseudonyms::new(&[3; 32])
}

fn user(id: &str) -> SubjectId {
    pseudonyms()
        .of(IdentifierKind::User, &Personal::new(id))
        .unwrap()
}

fn config(recipient: &Recipient) -> Config {
    let flow = FlowRoute {
        recipient: "Ad Network".to_owned(),
        purpose: "ads".to_owned(),
        upstream: "http://ads.example/v1/batch".to_owned(),
        connect: Some(recipient.address),
        write_key: Some(Secret::new("ours".to_owned())),
    };
    let route = |path: &str, format| Route {
        name: path.to_owned(),
        path: path.to_owned(),
        format,
        source: "web shop".to_owned(),
        write_keys: vec![KeyDigest::of(b"web")],
        flows: vec![flow.clone()],
    };
    Config {
        listen: "127.0.0.1:0".parse().unwrap(),
        routes: vec![route("/", Format::Segment), route("/till", Format::Json)],
        limits: Limits::default(),
        delivery: Delivery {
            pause_min: Duration::from_millis(5),
            pause_max: Duration::from_millis(20),
            send_timeout: Duration::from_millis(500),
            ..Delivery::default()
        },
    }
}

/// An event of a person in Germany, with or without consent in its stamp.
pub(crate) fn event(user: &str, consents: bool) -> String {
    format!(
        r#"{{"type":"track","event":"Paid","messageId":"m-{user}","userId":"{user}",
            "traits":{{"email":"kim@mail.example"}},"properties":{{"product":"tea","x":"y"}},
            "context":{{"ip":"203.0.113.77","location":{{"country":"DE"}},
            "consent":{{"categoryPreferences":{{"advertising":{consents}}}}}}}}}"#
    )
}

pub(crate) fn batch(events: &[String]) -> String {
    format!(
        r#"{{"batch":[{}],"sentAt":"2026-06-01T00:00:00Z"}}"#,
        events.join(",")
    )
}

/// An objection of one person, reported at the start.
pub(crate) fn objection(id: &str) -> Act {
    Act {
        id: ActId([9; 16]),
        subjects: vec![user(id)],
        purpose: "ads".to_owned(),
        recipient: None,
        kind: ActKind::Objected,
        at: Millis(START_MS),
        notice: None,
        mechanism: "tests".to_owned(),
        expires: None,
    }
}
