//! P0306: a purpose without a ground. P0307, P0308: a choice that is read from nowhere. P0317: two
//! grounds for one place. P0410: an opt-out that needs several signals. P0411: consent that never
//! ends. P0413: legitimate interest for ads.

use super::Checked;
use crate::ast::{Basis, Ground, Join, Purpose};
use crate::diagnostic::{Diagnostic, registry};
use crate::places::overlap;
use crate::text::Spanned;
use crate::vocabulary::is_below;

pub(super) fn check(policy: &Checked<'_>, found: &mut Vec<Diagnostic>) {
    for purpose in &policy.file.purposes {
        if !policy.is_broken(&purpose.name.node) {
            missing(purpose, found);
            weak(purpose, found);
            twice(policy, purpose, found);
        }
    }
}

fn missing(purpose: &Purpose, found: &mut Vec<Diagnostic>) {
    let name = &purpose.name.node;
    if purpose.bases.is_empty() {
        let message = format!("the purpose `{name}` has no ground");
        found.push(
            Diagnostic::new(registry::NO_BASIS, purpose.name.span, message)
                .help("add `lawful basis is ...` or `ground is notice and opt-out, ...` after it"),
        );
    }
    if let Some(basis) = resting_on(purpose, Ground::Consent)
        && purpose.consent.is_none()
    {
        let message = format!("`{name}` rests on consent, but none is read");
        found.push(
            Diagnostic::new(registry::NO_CONSENT_SOURCE, basis.span, message)
                .help("add `consent is read from our records.`"),
        );
    }
    if let Some(basis) = resting_on(purpose, Ground::NoticeAndOptOut)
        && purpose.opt_out.is_none()
    {
        let message = format!("`{name}` rests on opt-out, but none is read");
        found.push(
            Diagnostic::new(registry::NO_OPT_OUT_SOURCE, basis.span, message).help(
                "add `opt-out is read from our records, Global Privacy Control; one is enough.`",
            ),
        );
    }
}

fn weak(purpose: &Purpose, found: &mut Vec<Diagnostic>) {
    if let Some(opt_out) = &purpose.opt_out
        && opt_out.join == Join::AllPresent
        && opt_out.sources.len() > 1
        && let Some(first) = opt_out.sources.first()
    {
        let message = "an opt-out here needs every signal that is present";
        found.push(
            Diagnostic::new(registry::OPT_OUT_NEEDS_ALL, first.span, message)
                .help("say `one is enough`"),
        );
    }
    if let Some(consent) = &purpose.consent
        && consent.lasts.is_none()
        && resting_on(purpose, Ground::Consent).is_some()
        && let Some(first) = consent.sources.first()
    {
        let message = format!("consent to `{}` never ends", purpose.name.node);
        found.push(
            Diagnostic::new(registry::CONSENT_WITHOUT_END, first.span, message)
                .help("add `consent lasts 13 months.`"),
        );
    }
    if let Some(basis) = resting_on(purpose, Ground::LegitimateInterest)
        && is_below(&purpose.word.node, "marketing.advertising")
    {
        let message = format!("`{}` rests on legitimate interest", purpose.name.node);
        found.push(
            Diagnostic::new(registry::INTEREST_FOR_ADS, basis.span, message)
                .help("ask for consent: `lawful basis is consent, GDPR Art. 6(1)(a)`"),
        );
    }
}

fn twice(policy: &Checked<'_>, purpose: &Purpose, found: &mut Vec<Diagnostic>) {
    let day = policy.day();
    let meet = |left: &Basis, right: &Basis| {
        let places = |basis: &Basis| basis.places.clone();
        let (left, right) = (places(left), places(right));
        // A ground without places holds wherever no other does, but only once.
        left.is_empty() && right.is_empty()
            || left.iter().any(|one| {
                right
                    .iter()
                    .any(|other| overlap(&one.node, &other.node, day))
            })
    };
    for (at, basis) in purpose.bases.iter().enumerate() {
        let before = purpose.bases.iter().take(at);
        if before
            .into_iter()
            .any(|other| meet(&other.node, &basis.node))
        {
            found.push(
                Diagnostic::new(
                    registry::BASIS_TWICE,
                    basis.span,
                    "there is a ground for this place already",
                )
                .help("leave one of the two out, or say where each holds"),
            );
        }
    }
}

fn resting_on(purpose: &Purpose, ground: Ground) -> Option<&Spanned<Basis>> {
    purpose
        .bases
        .iter()
        .find(|basis| basis.node.ground == ground)
}
