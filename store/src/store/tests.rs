use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use tokio::sync::{Semaphore, oneshot};

use crate::{BoxFuture, Fault, Lane, Options, Stage, State, Store, StoreError, Tx};

struct Scratch(tempfile::TempDir);

impl Scratch {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self) -> PathBuf {
        self.0.path().join("sluice.db")
    }

    async fn open(&self) -> Store {
        self.open_with(Options::default()).await
    }

    async fn open_with(&self, options: Options) -> Store {
        let store = Store::open(&self.path(), options).await.unwrap();
        run(
            &store,
            Lane::House,
            "CREATE TABLE IF NOT EXISTS t (x INTEGER UNIQUE)",
        )
        .await
        .unwrap();
        store
    }
}

async fn run(store: &Store, lane: Lane, sql: &'static str) -> Result<(), StoreError> {
    store.submit(lane, |tx| execute(tx, sql)).await
}

fn execute<'t>(tx: &'t mut Tx, sql: &'static str) -> BoxFuture<'t, Result<(), StoreError>> {
    Box::pin(async move {
        sqlx::query(sql).execute(&mut **tx).await?;
        Ok(())
    })
}

async fn rows(store: &Store) -> Vec<i64> {
    sqlx::query_scalar("SELECT x FROM t ORDER BY rowid")
        .fetch_all(store.readers())
        .await
        .unwrap()
}

/// Holds the writer inside a group until it is let go, so that what follows forms one group.
struct Held(Arc<Semaphore>);

impl Held {
    async fn new(store: &Store) -> Self {
        let gate = Arc::new(Semaphore::new(0));
        let (entered, inside) = oneshot::channel();
        let (store, held) = (store.clone(), Arc::clone(&gate));
        tokio::spawn(async move {
            store
                .submit(Lane::House, |_tx| {
                    Box::pin(async move {
                        entered.send(()).unwrap();
                        held.acquire().await.unwrap().forget();
                        Ok(())
                    })
                })
                .await
        });
        inside.await.unwrap();
        Self(gate)
    }

    fn let_go(self) {
        self.0.add_permits(1);
    }
}

/// Polls once, so that the job is queued, and hands the rest back.
async fn queued<T: Send + 'static>(
    future: impl Future<Output = T> + Send + 'static,
) -> tokio::task::JoinHandle<T> {
    let mut future = Box::pin(future);
    std::future::poll_fn(|context| {
        assert!(future.as_mut().poll(context).is_pending());
        std::task::Poll::Ready(())
    })
    .await;
    tokio::spawn(future)
}

#[tokio::test]
async fn answers_come_after_the_commit() {
    let scratch = Scratch::new();
    let store = scratch.open().await;
    run(&store, Lane::Data, "INSERT INTO t VALUES (1)")
        .await
        .unwrap();
    assert_eq!(rows(&store).await, [1]);
}

#[tokio::test]
async fn rights_go_first_and_one_failure_sinks_nobody_else() {
    let scratch = Scratch::new();
    let store = scratch.open().await;
    let held = Held::new(&store).await;
    let go = |lane, sql| {
        let store = store.clone();
        queued(async move { run(&store, lane, sql).await })
    };
    let data = go(Lane::Data, "INSERT INTO t VALUES (1)").await;
    let wrong = go(Lane::Data, "INSERT INTO t VALUES (3), (3)").await;
    let house = go(Lane::House, "INSERT INTO t VALUES (2)").await;
    let rights = go(Lane::Rights, "INSERT INTO t VALUES (3)").await;
    held.let_go();
    rights.await.unwrap().unwrap();
    house.await.unwrap().unwrap();
    data.await.unwrap().unwrap();
    assert!(matches!(wrong.await.unwrap(), Err(StoreError::Sql(_))));
    assert_eq!(rows(&store).await, [3, 2, 1]);
}

#[tokio::test]
async fn only_data_is_ever_turned_away() {
    let scratch = Scratch::new();
    let store = scratch
        .open_with(Options {
            queue: 1,
            ..Options::default()
        })
        .await;
    let held = Held::new(&store).await;
    let go = |lane| {
        let store = store.clone();
        async move { store.stage(lane, || ()).await }
    };
    let waiting = queued(go(Lane::Data)).await;
    assert!(matches!(go(Lane::Data).await, Err(StoreError::Busy)));
    let mut rights = Vec::new();
    for _ in 0..100 {
        rights.push(queued(go(Lane::Rights)).await);
    }
    held.let_go();
    waiting.await.unwrap().unwrap();
    for rights in rights {
        rights.await.unwrap().unwrap();
    }
}

/// Writes the numbers pushed, and notes what it was told.
struct Numbers {
    pending: Arc<Mutex<Vec<i64>>>,
    heard: Arc<Mutex<Vec<String>>>,
}

impl Stage for Numbers {
    fn before_commit<'a>(&'a mut self, tx: &'a mut Tx) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let pending = self.pending.lock().unwrap().clone();
            for number in pending {
                sqlx::query("INSERT INTO t VALUES ($1)")
                    .bind(number)
                    .execute(&mut **tx)
                    .await?;
            }
            Ok(())
        })
    }

    fn after_commit(&mut self) {
        let numbers = std::mem::take(&mut *self.pending.lock().unwrap());
        self.heard.lock().unwrap().push(format!("kept {numbers:?}"));
    }

    fn after_rollback(&mut self) {
        let numbers = std::mem::take(&mut *self.pending.lock().unwrap());
        self.heard
            .lock()
            .unwrap()
            .push(format!("undone {numbers:?}"));
    }
}

async fn numbers(store: &Store) -> (Arc<Mutex<Vec<i64>>>, Arc<Mutex<Vec<String>>>) {
    let stage = Numbers {
        pending: Arc::default(),
        heard: Arc::default(),
    };
    let shared = (Arc::clone(&stage.pending), Arc::clone(&stage.heard));
    store.register(Box::new(stage)).await.unwrap();
    shared.1.lock().unwrap().clear();
    shared
}

async fn push(store: &Store, pending: &Arc<Mutex<Vec<i64>>>, n: i64) -> Result<(), StoreError> {
    let pending = Arc::clone(pending);
    let push = move || pending.lock().unwrap().push(n);
    store.stage(Lane::Data, push).await
}

#[tokio::test]
async fn a_stage_that_fails_undoes_the_group_and_only_the_group() {
    let scratch = Scratch::new();
    let store = scratch.open().await;
    let (pending, heard) = numbers(&store).await;
    push(&store, &pending, 1).await.unwrap();

    let held = Held::new(&store).await;
    let job = queued({
        let store = store.clone();
        async move { run(&store, Lane::Data, "INSERT INTO t VALUES (9)").await }
    })
    .await;
    let again = queued({
        let (store, pending) = (store.clone(), Arc::clone(&pending));
        async move { push(&store, &pending, 1).await }
    })
    .await;
    held.let_go();
    assert!(matches!(again.await.unwrap(), Err(StoreError::Sql(_))));
    assert!(matches!(job.await.unwrap(), Err(StoreError::Sql(_))));

    push(&store, &pending, 2).await.unwrap();
    assert_eq!(rows(&store).await, [1, 2]);
    let heard = heard.lock().unwrap().clone();
    assert_eq!(heard, ["kept [1]", "kept []", "undone [1]", "kept [2]"]);
}

#[tokio::test]
async fn a_full_disk_fails_groups_until_there_is_room() {
    let scratch = Scratch::new();
    let store = scratch.open().await;
    let (pending, heard) = numbers(&store).await;
    store.faults().set(Fault::DiskFull);
    assert!(matches!(
        push(&store, &pending, 1).await,
        Err(StoreError::Full)
    ));
    assert_eq!(store.state(), State::Full);
    assert!(rows(&store).await.is_empty());
    store.faults().set(Fault::None);
    push(&store, &pending, 2).await.unwrap();
    assert_eq!(store.state(), State::Ready);
    assert_eq!(rows(&store).await, [2]);
    assert_eq!(*heard.lock().unwrap(), ["undone [1]", "kept [2]"]);
}

#[tokio::test]
async fn the_file_system_itself_may_be_full() {
    let scratch = Scratch::new();
    let store = scratch.open().await;
    // As SQLite reports a disk without room: no page more than there are.
    run(&store, Lane::House, "PRAGMA max_page_count = 1")
        .await
        .unwrap();
    let fill = "CREATE TABLE big AS SELECT zeroblob(1000000) AS b";
    assert!(matches!(
        run(&store, Lane::Data, fill).await,
        Err(StoreError::Full)
    ));
    assert_eq!(store.state(), State::Full);
    run(&store, Lane::House, "PRAGMA max_page_count = 1000000")
        .await
        .unwrap();
    run(&store, Lane::Data, fill).await.unwrap();
    assert_eq!(store.state(), State::Ready);
}

#[tokio::test]
async fn a_database_that_is_down_refuses_at_once_and_comes_back() {
    let scratch = Scratch::new();
    let store = scratch.open().await;
    store.faults().set(Fault::Down);
    let refused = run(&store, Lane::Rights, "INSERT INTO t VALUES (1)").await;
    assert!(matches!(refused, Err(StoreError::Down)));
    assert_eq!(store.state(), State::Full);
    store.faults().set(Fault::None);
    run(&store, Lane::Rights, "INSERT INTO t VALUES (2)")
        .await
        .unwrap();
    assert_eq!(rows(&store).await, [2]);
}

#[tokio::test]
async fn a_failed_store_answers_nobody_ever_again() {
    let scratch = Scratch::new();
    let store = scratch.open().await;
    store.fail();
    store.failed().await;
    assert_eq!(store.state(), State::Failed);
    let refused = run(&store, Lane::Rights, "INSERT INTO t VALUES (1)").await;
    assert!(matches!(refused, Err(StoreError::Failed)));
    assert!(matches!(store.close().await, Err(StoreError::Failed)));
}

#[tokio::test]
async fn a_panic_on_the_writer_fails_the_store() {
    let scratch = Scratch::new();
    let store = scratch.open().await;
    let refused = store.stage(Lane::Data, || panic!("planted")).await;
    assert!(matches!(refused, Err(StoreError::Failed)));
    assert_eq!(store.state(), State::Failed);
}

#[tokio::test]
async fn the_planted_bug_answers_what_is_not_durable() {
    let scratch = Scratch::new();
    let store = scratch.open().await;
    store.faults().ack_before_commit(true);
    store.faults().set(Fault::DiskFull);
    run(&store, Lane::Data, "INSERT INTO t VALUES (1)")
        .await
        .unwrap();
    assert!(rows(&store).await.is_empty());
}

#[tokio::test]
async fn one_process_at_a_time() {
    let scratch = Scratch::new();
    let store = scratch.open().await;
    let second = Store::open(&scratch.path(), Options::default()).await;
    assert!(matches!(second, Err(StoreError::Locked(_))));
    store.close().await.unwrap();
    scratch.open().await;
}

#[tokio::test]
async fn closing_serves_what_waits_and_leaves_one_file() {
    let scratch = Scratch::new();
    let store = scratch.open().await;
    let held = Held::new(&store).await;
    let waiting = queued({
        let store = store.clone();
        async move { run(&store, Lane::Data, "INSERT INTO t VALUES (1)").await }
    })
    .await;
    let closing = queued({
        let store = store.clone();
        async move { store.close().await }
    })
    .await;
    assert!(matches!(
        run(&store, Lane::Rights, "INSERT INTO t VALUES (2)").await,
        Err(StoreError::Closed)
    ));
    held.let_go();
    waiting.await.unwrap().unwrap();
    closing.await.unwrap().unwrap();
    assert!(!scratch.0.path().join("sluice.db-wal").exists());
    assert_eq!(rows(&scratch.open().await).await, [1]);
}

#[tokio::test]
async fn the_wal_does_not_grow_for_ever() {
    let scratch = Scratch::new();
    let store = scratch.open().await;
    for _ in 0..60 {
        run(&store, Lane::Data, "CREATE TABLE IF NOT EXISTS b (b BLOB)")
            .await
            .unwrap();
        run(
            &store,
            Lane::Data,
            "INSERT INTO b VALUES (zeroblob(1000000))",
        )
        .await
        .unwrap();
    }
    let wal = std::fs::metadata(scratch.0.path().join("sluice.db-wal")).unwrap();
    assert!(wal.len() < 12_000_000, "{} bytes", wal.len());
}

#[tokio::test]
async fn readers_cannot_write() {
    let scratch = Scratch::new();
    let store = scratch.open().await;
    let written = sqlx::query("INSERT INTO t VALUES (1)")
        .execute(store.readers())
        .await;
    assert!(written.is_err());
}

#[tokio::test]
async fn what_is_no_database_is_named() {
    let scratch = Scratch::new();
    std::fs::write(scratch.path(), [b'x'; 8192]).unwrap();
    let error = Store::open(&scratch.path(), Options::default())
        .await
        .unwrap_err();
    assert!(matches!(error, StoreError::NotADatabase(_)), "{error}");
    assert!(error.to_string().contains("sluice.db"));
}

#[tokio::test]
async fn a_database_of_a_newer_program_is_refused() {
    let scratch = Scratch::new();
    let store = scratch.open().await;
    run(
        &store,
        Lane::House,
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         VALUES (9999, 'tomorrow', 1, x'00', 0)",
    )
    .await
    .unwrap();
    store.close().await.unwrap();
    let error = Store::open(&scratch.path(), Options::default())
        .await
        .unwrap_err();
    assert!(matches!(error, StoreError::Migration { .. }), "{error}");
}
