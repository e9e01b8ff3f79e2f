//! A policy made ready for the data path: its paths parsed once, its sources by name.

use std::collections::BTreeMap;
use std::sync::Arc;

use consent::IdentifierKind;
use policy::Policy;
use policy::ast::{Origin, SignalName};

use crate::config::KeyDigest;
use crate::error::GatewayError;
use crate::json::Path;

/// The active policy. Immutable: a decision is made by exactly one (I7).
#[derive(Debug)]
pub struct Plan {
    policy: Arc<Policy>,
    pub(crate) categories: Vec<Category>,
    /// Identifiers that the policy's own categories are, by their fideslang key.
    pub(crate) identifiers: Vec<(IdentifierKind, Path)>,
    /// Whether some clause listens to a signal that can be noticed and not yet read.
    pub(crate) listens_unread: bool,
    sources: BTreeMap<Arc<str>, Origins>,
    /// Digest of all categories' names and paths: two policies with the same one see the same
    /// categories in a body.
    pub(crate) layout: [u8; 32],
}

/// A category, with its paths ready to be followed.
#[derive(Debug)]
pub(crate) struct Category {
    pub(crate) name: Arc<str>,
    pub(crate) paths: Vec<Path>,
}

/// Where a source's place and age come from, in the policy's order.
#[derive(Debug, Default)]
pub(crate) struct Origins {
    pub(crate) place: Vec<PlaceOrigin>,
    pub(crate) age: Vec<AgeOrigin>,
}

#[derive(Debug)]
pub(crate) enum PlaceOrigin {
    OurRecords,
    At { country: Path, region: Option<Path> },
}

#[derive(Debug)]
pub(crate) enum AgeOrigin {
    OurRecords,
    YearsAt(Path),
    BirthDateAt(Path),
    DirectedToChildren,
}

impl Plan {
    /// Makes a policy ready.
    ///
    /// # Errors
    /// [`GatewayError::Path`] where the policy names a place that cannot be looked up.
    pub fn new(policy: Arc<Policy>) -> Result<Self, GatewayError> {
        let mut categories = Vec::new();
        let mut identifiers = Vec::new();
        let mut layout = Vec::new();
        for category in policy.categories() {
            let paths = category.paths.iter().map(|text| path(text));
            let paths = paths.collect::<Result<Vec<_>, _>>()?;
            for kind in identifier_kinds(&category.word) {
                identifiers.extend(paths.iter().map(|path| (*kind, path.clone())));
            }
            layout.extend_from_slice(
                format!("{:?} {:?}\n", category.name, category.paths).as_bytes(),
            );
            categories.push(Category {
                name: Arc::clone(&category.name),
                paths,
            });
        }
        let mut sources = BTreeMap::new();
        for source in policy.sources() {
            sources.insert(
                Arc::clone(&source.name),
                Origins::new(&source.place, &source.age)?,
            );
        }
        let listens_unread = policy.signals().iter().any(is_unread);
        let layout = *KeyDigest::of(&layout).as_bytes();
        Ok(Self {
            policy,
            categories,
            identifiers,
            listens_unread,
            sources,
            layout,
        })
    }

    pub(crate) fn policy(&self) -> &Policy {
        &self.policy
    }

    pub(crate) fn shared_policy(&self) -> Arc<Policy> {
        Arc::clone(&self.policy)
    }

    pub(crate) fn origins(&self, source: &str) -> Option<&Origins> {
        self.sources.get(source)
    }
}

impl Origins {
    fn new(place: &[Origin], age: &[Origin]) -> Result<Self, GatewayError> {
        let mut origins = Self::default();
        for origin in place {
            match origin {
                Origin::OurRecords => origins.place.push(PlaceOrigin::OurRecords),
                Origin::PlaceAt { country, region } => origins.place.push(PlaceOrigin::At {
                    country: path(country)?,
                    region: region.as_deref().map(path).transpose()?,
                }),
                Origin::AgeAt(_) | Origin::BirthDateAt(_) | Origin::DirectedToChildren => {}
            }
        }
        for origin in age {
            match origin {
                Origin::OurRecords => origins.age.push(AgeOrigin::OurRecords),
                Origin::AgeAt(at) => origins.age.push(AgeOrigin::YearsAt(path(at)?)),
                Origin::BirthDateAt(at) => origins.age.push(AgeOrigin::BirthDateAt(path(at)?)),
                Origin::DirectedToChildren => origins.age.push(AgeOrigin::DirectedToChildren),
                Origin::PlaceAt { .. } => {}
            }
        }
        Ok(origins)
    }
}

fn path(text: &str) -> Result<Path, GatewayError> {
    Path::parse(text).map_err(|error| GatewayError::Path(text.to_owned(), error))
}

fn is_unread(signal: &SignalName) -> bool {
    match signal {
        SignalName::Tcf(_) | SignalName::Gpp(_) | SignalName::ConsentMode(_) => true,
        SignalName::OurRecords | SignalName::GlobalPrivacyControl | SignalName::Segment(_) => false,
    }
}

/// Which identifiers a fideslang data category is.
fn identifier_kinds(word: &str) -> &'static [IdentifierKind] {
    use IdentifierKind::{Anonymous, Device, Email, Phone, User};
    match word {
        "user.contact.email" => &[Email],
        "user.contact.phone_number" => &[Phone],
        "user.device.cookie_id" => &[Anonymous],
        "user.device.device_id" => &[Device],
        "user.unique_id" => &[User],
        // Whose pseudonym it is, only the sender knows.
        "user.unique_id.pseudonymous" => &[Anonymous, User],
        _ => &[],
    }
}
