#[test]
fn sentences_and_phrases_are_nodes() {
    let text = "-- c\ncategory IP address is user.device.ip_address at $.ip.\n x y.";
    let tree = crate::parse::syntax(text).tree;
    assert_eq!(tree.text(), text);
    let expected = r#"File "-- c\ncategory IP address is user.device.ip_address at $.ip.\n x y."
  Category "category IP address is user.device.ip_address at $.ip."
    Name "IP address"
    Word "user.device.ip_address"
    Path "$.ip"
  Broken "x y."
"#;
    assert_eq!(tree.outline(), expected);
}
