use super::*;

const ADA: SubjectId = SubjectId::from_bytes([1; 16]);
const BOB: SubjectId = SubjectId::from_bytes([2; 16]);
/// Of another person, but in the same shard as Ada.
const EVE: SubjectId = SubjectId::from_bytes([1, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9]);

const SOON: Duration = Duration::from_millis(20);
const LATE: Duration = Duration::from_secs(60);

#[tokio::test]
async fn a_guard_is_waited_for_until_it_is_dropped() {
    let guards = Guards::new();
    let guard = guards.take(&[BOB, ADA, ADA]);
    let held = guards.held(&[ADA]);
    assert_eq!(guards.dropped(&held, SOON).await, 1);

    let waiter = {
        let guards = Arc::clone(&guards);
        tokio::spawn(async move { guards.dropped(&held, LATE).await })
    };
    tokio::task::yield_now().await;
    assert!(!waiter.is_finished());
    drop(guard);
    assert_eq!(waiter.await.ok(), Some(0));
    assert!(guards.held_by_all().guards.is_empty());
}

#[tokio::test]
async fn nobody_waits_for_other_people_or_for_later_guards() {
    let guards = Guards::new();
    let of_eve = guards.take(&[EVE, BOB]);
    let held = guards.held(&[ADA]);
    let later = guards.take(&[ADA]);
    assert_eq!(guards.dropped(&held, LATE).await, 0);
    assert_eq!(guards.held_by_all().guards.len(), 3);
    drop((of_eve, later));
}

#[tokio::test]
async fn what_is_held_by_everybody_is_waited_for() {
    let guards = Guards::new();
    let (one, other) = (guards.take(&[ADA]), guards.take(&[BOB]));
    let held = guards.held_by_all();
    drop(one);
    assert_eq!(guards.dropped(&held, SOON).await, 1);
    drop(other);
    assert_eq!(guards.dropped(&held, LATE).await, 0);
}
