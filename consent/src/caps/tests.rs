use super::*;

const ADA: SubjectId = SubjectId::from_bytes([1; 16]);
const BOB: SubjectId = SubjectId::from_bytes([2; 16]);
const DAY: i64 = 24 * 60 * 60 * 1000;
/// 2026-11-23, a Monday.
const MONDAY: Millis = Millis(20_780 * DAY);

fn caps() -> Caps {
    Caps::new(Arc::default(), Vec::new())
}

fn later(days: i64) -> Millis {
    Millis(MONDAY.0 + days * DAY)
}

#[test]
fn a_cap_is_reached_and_opens_again_with_the_next_window() {
    let caps = caps();
    let take = |per, clause, now| caps.try_take(&[ADA], clause, per, 2, now).err();
    let last_of_day = Millis(MONDAY.0 + DAY - 1);
    assert_eq!(take(CapWindow::Day, "A1", MONDAY), None);
    assert_eq!(take(CapWindow::Day, "A1", last_of_day), None);
    assert_eq!(
        take(CapWindow::Day, "A1", last_of_day),
        Some(CapReached::Reached)
    );
    assert_eq!(take(CapWindow::Day, "A2", last_of_day), None);
    assert_eq!(take(CapWindow::Day, "A1", later(1)), None);

    assert_eq!(take(CapWindow::Week, "A1", MONDAY), None);
    assert_eq!(take(CapWindow::Week, "A1", later(6)), None);
    assert_eq!(
        take(CapWindow::Week, "A1", later(6)),
        Some(CapReached::Reached)
    );
    assert_eq!(take(CapWindow::Week, "A1", later(7)), None);
}

#[test]
fn each_identifier_is_counted_and_one_that_is_full_stops_all() {
    let caps = caps();
    let take = |people: &[SubjectId]| caps.try_take(people, "A1", CapWindow::Day, 1, MONDAY).err();
    assert_eq!(take(&[ADA, ADA]), None);
    assert_eq!(take(&[BOB, ADA]), Some(CapReached::Reached));
    // Nothing was counted for Bob by the event that was not sent.
    assert_eq!(take(&[BOB]), None);
    assert_eq!(take(&[BOB]), Some(CapReached::Reached));
}

#[test]
fn an_event_about_nobody_cannot_be_counted_and_a_cap_of_none_lets_none_pass() {
    let caps = caps();
    let take = |people: &[SubjectId], limit| {
        caps.try_take(people, "A1", CapWindow::Day, limit, MONDAY)
            .err()
    };
    assert_eq!(take(&[], 9), Some(CapReached::Nobody));
    assert_eq!(take(&[ADA], 0), Some(CapReached::Reached));
    assert_eq!(take(&[ADA], 1), None);
}

#[test]
fn what_the_database_kept_counts_and_windows_that_are_over_are_forgotten() {
    let row = |day| CapRow {
        subject: ADA,
        clause: "A1".into(),
        window: Window::of(CapWindow::Day, later(day)),
    };
    let caps = Caps::new(Arc::default(), vec![(row(0), 3)]);
    let take = |now| caps.try_take(&[ADA], "A1", CapWindow::Day, 3, now).err();
    assert_eq!(take(MONDAY), Some(CapReached::Reached));
    assert_eq!(take(later(20)), None);
    assert_eq!(caps.0.taken.lock().map(|taken| taken.len()).ok(), Some(1));
}

#[test]
fn no_two_threads_take_the_last_one() {
    let caps = caps();
    let taken: usize = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|_| {
                scope.spawn(|| {
                    let take = || caps.try_take(&[ADA, BOB], "A1", CapWindow::Day, 100, MONDAY);
                    (0..50).filter(|_| take().is_ok()).count()
                })
            })
            .collect();
        threads
            .into_iter()
            .filter_map(|thread| thread.join().ok())
            .sum()
    });
    assert_eq!(taken, 100);
}
