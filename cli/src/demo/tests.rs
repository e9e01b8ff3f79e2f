use super::*;

fn args(dir: &std::path::Path) -> DemoArgs {
    DemoArgs {
        events: 60,
        seed: 5,
        data: Some(dir.join("demo")),
        once: true,
    }
}

async fn played(dir: &std::path::Path, forbidden: Option<&str>) -> World {
    let args = args(dir);
    let policy = Policy::compile(POLICY_NAME.as_ref(), POLICY).unwrap();
    let place = Place::make(args.data.clone()).unwrap();
    let mut world = World::start(&args, policy, &place).await.unwrap();
    if let Some(text) = forbidden {
        world.forbid(text);
    }
    world.begin().await.unwrap();
    world.keep_choices().await.unwrap();
    while world.done < args.events {
        if world.done == 30 {
            assert!(world.withdraw().await.unwrap() > 0);
        }
        world.send().await.unwrap();
    }
    world.traffic.flush().await.unwrap();
    world.running.gateway.drained().await;
    world
}

#[tokio::test(flavor = "multi_thread")]
async fn a_played_demo_has_no_fault_and_tells_its_story() {
    let dir = tempfile::tempdir().unwrap();
    let world = played(dir.path(), None).await;
    assert_eq!(world.faults(), Vec::<String>::new());
    let counts = world.running.gateway.counts();
    assert_eq!((counts.events, counts.decisions), (60, 120));
    assert!(counts.refused > 0 && counts.edited > 0);
    let after = world.story().after.unwrap();
    assert_eq!(after.pointer("/context/ip").unwrap(), "203.0.113.0");
    world.running.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forbidden_value_that_arrives_is_a_fault_and_is_not_shown() {
    let dir = tempfile::tempdir().unwrap();
    let world = played(dir.path(), Some("running shoes")).await;
    let faults = world.faults();
    assert!(
        faults
            .iter()
            .any(|fault| fault.contains("Meta Ads was sent forbidden")),
        "{faults:?}"
    );
    assert!(!faults.concat().contains("running shoes"), "{faults:?}");
}

#[test]
fn a_directory_in_use_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("mine"), "x").unwrap();
    let failure = Place::make(Some(dir.path().to_owned())).unwrap_err();
    assert_eq!(failure.exit, Exit::Malformed);
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
}

#[test]
fn a_word_with_a_space_is_quoted_for_the_shell() {
    assert_eq!(quoted("target/debug/sluice"), "target/debug/sluice");
    assert_eq!(quoted("my data"), "'my data'");
    assert_eq!(quoted("it's"), r"'it'\''s'");
}

#[test]
fn the_demo_takes_its_time_and_no_longer() {
    assert_eq!(pace(2000, 0), Duration::ZERO);
    assert_eq!(pace(2000, 1000), WATCHED / 2);
    assert_eq!(pace(u64::MAX, u64::MAX), WATCHED);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invalid_policy_never_replaces_the_active_one() {
    let dir = tempfile::tempdir().unwrap();
    let args = args(dir.path());
    let policy = Policy::compile(POLICY_NAME.as_ref(), POLICY).unwrap();
    let place = Place::make(args.data.clone()).unwrap();
    let world = World::start(&args, policy, &place).await.unwrap();
    let (running, file) = (&world.running, place.dir.join("shop.policy"));
    let broken = [
        POLICY.replace("B1. block", "B1 block"),
        POLICY.replace("host \"ads.meta.example\"", "host \"elsewhere.example\""),
        POLICY.replace("expect refused because N2", "expect refused because B1"),
    ];
    for text in broken {
        assert_ne!(text, POLICY);
        std::fs::write(&file, text).unwrap();
        assert!((running.reload)().await.is_err());
        assert_eq!(running.gateway.policy().version(), 1);
    }
    std::fs::write(&file, POLICY.replace("version 1.", "version 2.")).unwrap();
    let said = (running.reload)().await.unwrap();
    assert_eq!(said, "Sample shop marketing version 2");
    assert_eq!(running.gateway.policy().version(), 2);
}
