//! Names of purposes, recipients and lists, each kept once.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

/// A name's number in this process. It never goes to disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Name(u32);

/// All names met so far. There are few: only operators make them.
#[derive(Debug, Default)]
pub(crate) struct Names(RwLock<Table>);

#[derive(Debug, Default)]
struct Table {
    texts: Vec<Arc<str>>,
    numbers: HashMap<Arc<str>, Name>,
}

impl Names {
    pub(crate) fn find(&self, text: &str) -> Option<Name> {
        self.0
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .numbers
            .get(text)
            .copied()
    }

    pub(crate) fn intern(&self, text: &str) -> Name {
        if let Some(name) = self.find(text) {
            return name;
        }
        let mut table = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(name) = table.numbers.get(text) {
            return *name;
        }
        let name = Name(u32::try_from(table.texts.len()).unwrap_or(u32::MAX));
        let text: Arc<str> = text.into();
        table.texts.push(Arc::clone(&text));
        table.numbers.insert(text, name);
        name
    }

    /// The text of a name that was interned here.
    pub(crate) fn text(&self, name: Name) -> String {
        let table = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let place = usize::try_from(name.0).unwrap_or(usize::MAX);
        table
            .texts
            .get(place)
            .map_or_else(String::new, |text| text.as_ref().to_owned())
    }
}
