//! What clients are told.

use gateway::json::Limits;

use crate::world::{World, batch, event};

#[tokio::test]
async fn sent_and_refused_are_told_the_same_bytes() {
    let world = World::new().await;
    let without_date = |head: &str| {
        let lines = head.lines().filter(|line| !line.starts_with("date:"));
        lines.map(str::to_owned).collect::<Vec<_>>()
    };
    let sent = world.post("/v1/batch", batch(&[event("u-1", true)])).await;
    for body in [
        batch(&[event("u-1", false)]),
        batch(&["{}".to_owned()]),
        batch(&[]),
    ] {
        let refused = world.post("/v1/batch", body).await;
        assert_eq!(without_date(&refused.head), without_date(&sent.head));
        assert_eq!(refused.body, sent.body);
    }
}

#[tokio::test]
async fn a_body_that_is_not_of_the_format_is_400_and_forwards_nothing() {
    let world = World::new().await;
    for body in [
        "",
        "kim@mail.example",
        "[]",
        "{\"batch\":[}",
        "{\"batch\":{}}",
        "\"x\"",
        "\x1f\u{8b}",
    ] {
        let answered = world.post("/v1/batch", body).await;
        assert_eq!(answered.status, 400, "{body:?}");
        assert!(!answered.body.contains("kim"), "{answered:?}");
    }
    assert!(world.recipient.got().is_empty());
    assert_eq!(world.gateway.counts().events, 0);
}

#[tokio::test]
async fn keys_paths_methods_and_sizes_are_checked() {
    let world = World::new().await;
    let body = batch(&[event("u-1", true)]);
    assert_eq!(world.post_with("/v1/batch", "", &body).await.status, 401);
    let wrong = "authorization: Bearer other\r\n";
    assert_eq!(world.post_with("/v1/batch", wrong, &body).await.status, 401);
    let keyed = body.replacen('{', r#"{"writeKey":"web","#, 1);
    assert_eq!(world.post_with("/v1/batch", "", keyed).await.status, 200);
    assert_eq!(world.post("/v2/batch", &body).await.status, 404);
    let get = b"GET /v1/batch HTTP/1.1\r\nhost: shop.example\r\nconnection: close\r\n\r\n";
    assert_eq!(world.raw(get).await.status, 405);
    let large = format!("{}{}", batch(&[]), " ".repeat(501 << 10));
    assert_eq!(world.post("/v1/batch", large).await.status, 413);
    let two_hosts = b"POST /v1/batch HTTP/1.1\r\nhost: a\r\nhost: b\r\ncontent-length: 2\r\n\r\n{}";
    assert_eq!(world.raw(two_hosts).await.status, 400);
}

#[tokio::test]
async fn one_event_past_a_limit_does_not_sink_the_others() {
    let world = World::new().await;
    let large = format!(r#"{{"type":"track","x":"{}"}}"#, "x".repeat(33 << 10));
    let depth = Limits::default().depth as usize;
    let deep = format!(r#"{{"a":{}1{}}}"#, "[".repeat(depth), "]".repeat(depth));
    let twice = r#"{"userId":"a","userid":"b"}"#.to_owned();
    let late = r#"{"type":"track","timestamp":"soon"}"#.to_owned();
    let answered = world
        .post(
            "/v1/batch",
            batch(&[large, deep, twice, late, event("u", true)]),
        )
        .await;
    assert_eq!(answered.status, 200);
    world.gateway.drained().await;
    let reasons: Vec<_> = world
        .gateway
        .recent()
        .iter()
        .map(|one| one.reason)
        .collect();
    let unreadable = Some("unreadable");
    assert_eq!(
        reasons,
        [Some("too-large"), unreadable, unreadable, unreadable, None]
    );
    assert_eq!(world.recipient.taken().len(), 1);
}

#[tokio::test]
async fn a_client_that_leaves_early_loses_nothing_of_what_it_sent() {
    use tokio::io::AsyncWriteExt;
    let world = World::new().await;
    let body = batch(&[event("u-1", true)]);
    let mut stream = tokio::net::TcpStream::connect(world.gateway.local_addr())
        .await
        .unwrap();
    let head = format!(
        "POST /v1/batch HTTP/1.1\r\nhost: a\r\nauthorization: Bearer web\r\n\
         content-length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(body.as_bytes()).await.unwrap();
    drop(stream);
    assert_eq!(world.recipient.requests(1).await.len(), 1);
}

#[tokio::test]
async fn metrics_name_policies_and_no_person() {
    let world = World::new().await;
    world
        .post(
            "/v1/batch",
            batch(&[event("u-1", true), event("u-2", false)]),
        )
        .await;
    world.gateway.drained().await;
    let metrics = world.gateway.metrics();
    assert!(
        metrics.contains("sluice_verdicts{recipient=\"Ad Network\",verdict=\"edited\"} 1"),
        "{metrics}"
    );
    assert!(metrics.contains("sluice_delivered_total 1"), "{metrics}");
    assert!(
        !metrics.contains("kim") && !metrics.contains("u-1"),
        "{metrics}"
    );
}

#[tokio::test]
async fn a_request_that_hyper_would_mend_is_refused_and_forwards_nothing() {
    let world = World::new().await;
    let body = batch(&[event("u-1", true)]);
    let (length, size) = (body.len(), format!("{:x}", body.len()));
    let head = "POST /v1/batch HTTP/1.1\r\nhost: a\r\nauthorization: Bearer web\r\n";
    let chunks = format!("\r\n\r\n{size}\r\n{body}\r\n0\r\n\r\n");
    let chunked = format!("{head}transfer-encoding: chunked{chunks}");
    let sized = format!("{head}content-length: {length}\r\nconnection: close\r\n\r\n{body}");
    for odd in [
        chunked.replace("host", "content-length: 5\r\nhost"),
        chunked.replace(&chunks, &format!("\r\nContent-Length: 5{chunks}")),
        sized.replace("host: a\r\n", "host: a\n"),
        sized.replace("/v1/batch", "/v1/batch#x"),
    ] {
        let answered = world.raw(odd.as_bytes()).await;
        assert_eq!(answered.status, 400, "{odd:?}");
    }
    assert_eq!(world.gateway.counts().events, 0);
    for good in [chunked, sized] {
        let answered = world.raw(good.as_bytes()).await;
        assert_eq!(answered.status, 200, "{good:?}");
        assert!(answered.head.contains("connection: close"));
    }
}
