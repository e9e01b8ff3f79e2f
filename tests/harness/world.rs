//! A running `sluice serve` with its recipients: real process, real sockets, real files in a folder of its own.

use std::fs::File;
use std::net::{SocketAddr, TcpListener};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::{Build, Client, Recipient, root, sluice};

/// What a world is made of, where a test wants other than the usual.
#[derive(Clone, Debug)]
pub struct WorldOptions {
    /// Which executable.
    pub build: Build,
    /// What is logged.
    pub log: &'static str,
    /// How long a recipient may take to answer.
    pub send_timeout_ms: u64,
    /// The policy; none says the demo's.
    pub policy: Option<String>,
}

impl Default for WorldOptions {
    fn default() -> Self {
        Self {
            build: Build::Shipped,
            log: "info",
            send_timeout_ms: 2000,
            policy: None,
        }
    }
}

/// A gateway, the shop it serves, two marketing tools and two people with admin keys.
#[derive(Debug)]
pub struct World {
    /// Gets what the policy lets go for personalised ads.
    pub ads: Recipient,
    /// Gets what the policy lets go for product analytics.
    pub analytics: Recipient,
    options: WorldOptions,
    folder: tempfile::TempDir,
    proxy: SocketAddr,
    admin: SocketAddr,
    process: Option<Child>,
}

/// Keys are 32 bytes in hex; what a client presents is the hex text.
const WRITE_KEY: &str = "1111111111111111111111111111111111111111111111111111111111111111";
const OFFICER_KEY: &str = "2222222222222222222222222222222222222222222222222222222222222222";
const ENGINEER_KEY: &str = "3333333333333333333333333333333333333333333333333333333333333333";

impl World {
    /// A gateway that answers, with the policy's gates open.
    ///
    /// # Panics
    /// Where it does not come up.
    #[must_use]
    pub fn new() -> Self {
        Self::with(WorldOptions::default())
    }

    /// The same with other than the usual.
    ///
    /// # Panics
    /// Where it does not come up.
    #[must_use]
    pub fn with(options: WorldOptions) -> Self {
        let mut world = Self {
            ads: Recipient::start(),
            analytics: Recipient::start(),
            options,
            folder: tempfile::tempdir().expect("a temporary folder"),
            proxy: free_address(),
            admin: free_address(),
            process: None,
        };
        world.write_files();
        world.start();
        world.open_gates();
        world
    }

    /// The folder everything stands in.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The policy file the gateway reads.
    #[must_use]
    pub fn policy_file(&self) -> PathBuf {
        self.folder().join("shop.policy")
    }

    /// Where the gateway's public listener is.
    #[must_use]
    pub fn proxy_address(&self) -> SocketAddr {
        self.proxy
    }

    /// Where the admin API is, as commands take it.
    #[must_use]
    pub fn admin_url(&self) -> String {
        format!("http://{}", self.admin)
    }

    /// The key clients present.
    #[must_use]
    pub fn write_key(&self) -> &'static str {
        WRITE_KEY
    }

    /// A client of the public listener, as an SDK would be.
    #[must_use]
    pub fn shop(&self) -> Client {
        use base64::Engine;
        let code = base64::engine::general_purpose::STANDARD.encode(format!("{WRITE_KEY}:"));
        Client::new(self.proxy).with_header("authorization", &format!("Basic {code}"))
    }

    /// The data protection officer at the admin listener.
    #[must_use]
    pub fn officer(&self) -> Client {
        bearer(self.admin, OFFICER_KEY)
    }

    /// The engineer at the admin listener.
    #[must_use]
    pub fn engineer(&self) -> Client {
        bearer(self.admin, ENGINEER_KEY)
    }

    /// Somebody at the admin listener without a key.
    #[must_use]
    pub fn stranger(&self) -> Client {
        Client::new(self.admin)
    }

    /// Starts the process and waits until it says it is ready.
    ///
    /// # Panics
    /// Where it does not within 30 seconds.
    pub fn start(&mut self) {
        assert!(self.try_start(), "sluice did not come up:\n{}", self.log());
    }

    /// Starts the process; says whether it became ready (it may also refuse to start).
    ///
    /// # Panics
    /// Where it neither comes up nor ends within 30 seconds.
    #[must_use]
    pub fn try_start(&mut self) -> bool {
        let log = File::options()
            .create(true)
            .append(true)
            .open(self.folder().join("log"))
            .expect("a log file");
        let child = Command::new(sluice(self.options.build))
            .current_dir(self.folder())
            .args(["serve", "--config", "sluice.toml"])
            .env("SLUICE_LOG", self.options.log)
            .stdin(Stdio::null())
            .stdout(log.try_clone().expect("a second handle"))
            .stderr(log)
            .spawn()
            .expect("sluice runs");
        self.process = Some(child);
        let start = Instant::now();
        loop {
            if let Some(child) = &mut self.process
                && child.try_wait().expect("a child can be asked").is_some()
            {
                self.process = None;
                return false;
            }
            let ready = self.stranger().send("GET", "/readyz", &[], b"");
            if ready.is_ok_and(|answer| answer.status == 200) {
                return true;
            }
            assert!(
                start.elapsed() < Duration::from_secs(30),
                "not ready:\n{}",
                self.log()
            );
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// `kill -9`.
    ///
    /// # Panics
    /// Where there is no process.
    pub fn kill(&mut self) {
        let mut child = self.process.take().expect("a running process");
        child.kill().expect("it can be killed");
        child.wait().expect("it can be waited for");
    }

    /// Waits until the process has ended by itself (a crash point, a refusal to go on).
    ///
    /// # Panics
    /// Where it does not within 20 seconds.
    pub fn wait_for_end(&mut self) {
        let mut child = self.process.take().expect("a running process");
        let start = Instant::now();
        while child.try_wait().expect("a child can be asked").is_none() {
            if start.elapsed() > Duration::from_secs(20) {
                child.kill().expect("it can be killed");
                panic!("the process did not end:\n{}", self.log());
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Asks the process to stop, and waits.
    ///
    /// # Panics
    /// Where it does not.
    pub fn stop(&mut self) {
        if let Some(child) = &self.process {
            let sent = Command::new("kill")
                .args(["-TERM", &child.id().to_string()])
                .status();
            assert!(sent.is_ok_and(|status| status.success()), "kill runs");
            self.wait_for_end();
        }
    }

    /// Runs the executable on this world's folder.
    ///
    /// # Panics
    /// Where it does not run.
    #[must_use]
    pub fn run(&self, arguments: &[&str]) -> Output {
        Command::new(sluice(self.options.build))
            .current_dir(self.folder())
            .args(arguments)
            .output()
            .expect("sluice runs")
    }

    /// Stops the gateway, exports the ledger, verifies the pack offline and returns the verifier's JSON.
    ///
    /// # Panics
    /// Where any of it fails.
    pub fn stop_and_verify(&mut self) -> Value {
        self.stop();
        let out = self.run(&[
            "ledger",
            "export",
            "--config",
            "sluice.toml",
            "--out",
            "world.pack",
        ]);
        assert!(
            out.status.success(),
            "export: {}",
            String::from_utf8_lossy(&out.stderr)
        );
        let out = self.run(&["ledger", "verify", "world.pack", "--format", "json"]);
        let text = String::from_utf8_lossy(&out.stdout);
        assert!(
            out.status.success(),
            "verify: {text}{}",
            String::from_utf8_lossy(&out.stderr)
        );
        std::fs::remove_file(self.folder().join("world.pack")).expect("the pack can be removed");
        serde_json::from_str(text.trim()).expect("verify prints JSON")
    }

    /// Everything the process has logged.
    #[must_use]
    pub fn log(&self) -> String {
        let bytes = std::fs::read(self.folder().join("log")).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// Turns a planted bug on or off (build `Controls` only).
    ///
    /// # Panics
    /// Where there is no such switch.
    pub fn plant(&self, switch: &str, on: bool) {
        let answer = self
            .officer()
            .put("/v1/controls", &json!({"switch": switch, "on": on}));
        assert!(answer.status < 300, "{switch}: {}", answer.text());
    }

    /// Makes the store behave as if the disk were full or the database gone (build `Controls` only).
    ///
    /// # Panics
    /// Where there is no such fault.
    pub fn inject(&self, fault: &str) {
        let answer = self.officer().put("/v1/controls", &json!({"fault": fault}));
        assert!(answer.status < 300, "{fault}: {}", answer.text());
    }

    fn open_gates(&self) {
        let answer = self.officer().put(
            "/v1/facts",
            &json!({"gates": {"DPIA-2026-014": "2036-01-01T00:00:00Z"}}),
        );
        assert!(answer.status < 300, "facts: {}", answer.text());
    }

    fn write_files(&self) {
        let demo = root().join("policies/demo/shop.policy");
        let policy = self
            .options
            .policy
            .clone()
            .unwrap_or_else(|| std::fs::read_to_string(demo).expect("the demo's policy"));
        std::fs::write(self.policy_file(), policy).expect("a policy file");
        std::fs::create_dir(self.folder().join("keys")).expect("a folder");
        let keys = [
            ("ledger", "4".repeat(64)),
            ("pseudonyms", "5".repeat(64)),
            ("message-ids", "6".repeat(64)),
            ("edits", "7".repeat(64)),
            ("web-shop", WRITE_KEY.to_owned()),
            ("officer", OFFICER_KEY.to_owned()),
            ("engineer", ENGINEER_KEY.to_owned()),
        ];
        for (name, key) in keys {
            let mut file = File::options()
                .create_new(true)
                .write(true)
                .mode(0o600)
                .open(self.folder().join(format!("keys/{name}.key")))
                .expect("a key file");
            std::io::Write::write_all(&mut file, format!("{key}\n").as_bytes()).expect("a key");
        }
        std::fs::write(self.folder().join("sluice.toml"), self.configuration()).expect("a file");
    }

    fn configuration(&self) -> String {
        let (proxy, admin) = (self.proxy, self.admin);
        let (ads, analytics) = (self.ads.address(), self.analytics.address());
        let timeout = self.options.send_timeout_ms;
        format!(
            r#"
[policy]
file = "shop.policy"
[data]
dir = "data"
[ledger]
origin = "test.example/sluice"
[keys]
ledger = "keys/ledger.key"
pseudonyms = "keys/pseudonyms.key"
message_ids = "keys/message-ids.key"
[keys.edits]
"analytics-2026" = "keys/edits.key"
[proxy]
listen = "{proxy}"
[admin]
listen = "{admin}"
[[admin.keys]]
owner = "officer"
file = "keys/officer.key"
[[admin.keys]]
owner = "engineer"
file = "keys/engineer.key"
[delivery]
send_timeout_ms = {timeout}
pause_max_ms = 400
[[routes]]
name = "web"
path = "/"
format = "segment"
source = "web shop"
write_keys = ["keys/web-shop.key"]
[[routes.flows]]
recipient = "Meta Ads"
purpose = "personalised ads"
upstream = "http://ads.meta.example/v1/batch"
connect = "{ads}"
[[routes.flows]]
recipient = "Shop Analytics"
purpose = "product analytics"
upstream = "http://analytics.shop.example/v1/batch"
connect = "{analytics}"
"#
        )
    }
}

impl Default for World {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for World {
    fn drop(&mut self) {
        if let Some(mut child) = self.process.take() {
            // The test is over, well or badly; nothing is left to say if the process has ended already.
            drop(child.kill());
            drop(child.wait());
        }
    }
}

fn bearer(address: SocketAddr, key: &str) -> Client {
    Client::new(address).with_header("authorization", &format!("Bearer {key}"))
}

/// A free address of the loopback. Another process could take it before `sluice` does; then the test says so.
fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .expect("a free port")
}
