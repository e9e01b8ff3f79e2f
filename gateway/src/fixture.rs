//! What unit tests share: a policy, and a plan made of it.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use policy::Policy;

use crate::keys::Keys;
use crate::plan::Plan;

/// Reads like a shop's policy, with one clause of each sort.
pub(crate) const POLICY: &str = r#"
policy "Tests" version 1.

category event name is user.behavior at $.event.
category event time is user.behavior at $.timestamp.
category email is user.contact.email at $.traits.email, $.properties.email.
category IP address is user.device.ip_address at $.context.ip.
category order is user.behavior.purchase_history at $.properties.order.
category prices is user.behavior.purchase_history at $.properties.items[*].price.
category health is user.health_and_medical at $.properties.condition;
  special category under GDPR Art. 9(1).
category visitor id is user.unique_id.pseudonymous at $.anonymousId.

purpose ads is marketing.advertising.third_party.targeted.
  lawful basis is consent, GDPR Art. 6(1)(a), in EEA and UK;
    ground is notice and opt-out, CCPA 1798.120, in US.
  consent is read from our records, Segment consent "advertising"; all that are present must agree.
  opt-out is read from our records, Global Privacy Control; one is enough.

source web shop is host "shop.example".
  place is read from $.context.location.country with region at $.context.location.region.
  age is read from birth date at $.traits.birthday.

recipient Ad Network is host "ads.example"; independent controller; third party under CCPA.

A1. allow web shop to send event name, event time, email, IP address, order and prices to Ad Network
      for ads if the lawful basis is met, unless known to be under 18.
  first hash email as SHA-256; shorten IP address to /24 or /48;
    round prices to 10; truncate event time to the hour.

B1. block ads in US-CA when the person opts out, under 11 CCR 7025(c).
"#;

pub(crate) fn policy() -> Arc<Policy> {
    match Policy::compile(Path::new("tests.policy"), POLICY) {
        Ok(policy) => Arc::new(policy),
        Err(report) => panic!("{report:?}"),
    }
}

pub(crate) fn plan() -> Plan {
    Plan::new(policy()).unwrap()
}

pub(crate) fn keys() -> Keys {
    Keys::new(BTreeMap::new(), &[7; 32])
}
