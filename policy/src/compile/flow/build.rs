//! Builds one flow's table out of the tree.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::{AllowRule, Atom, FlowTable, Forbid, Rule};
use crate::ast::{
    Allow, Block, Category, Condition, Day, Edit, File, Gate, Name, Never, NeverWhat, PlaceWord,
    Purpose, Recipient, Sensitivity, Source, Uses,
};
use crate::calendar;
use crate::compile::{Mask, Stops, merge};
use crate::policy::{CategoryInfo, FlowInfo};
use crate::situation::Millis;
use crate::text::Spanned;
use crate::verdict::Label;
use crate::vocabulary::is_below;

/// Builds tables of one file's flows.
pub(crate) struct Builder<'file> {
    /// The tree.
    pub(crate) file: &'file File,
    /// Its categories, by number.
    pub(crate) categories: &'file [CategoryInfo],
}

impl Builder<'_> {
    /// The table of the flow from `source` to `recipient` for the purpose of this number.
    pub(crate) fn flow(
        &self,
        source: &Source,
        recipient: &Recipient,
        (number, purpose): (usize, &Purpose),
        info: FlowInfo,
    ) -> FlowTable {
        let speaks_of = |uses: &Spanned<Uses>, recipients: &[Name]| {
            covers_purpose(&uses.node, purpose)
                && (recipients.is_empty() || lists(recipients, &recipient.name.node))
        };
        let mut atoms = Atoms::default();
        let gates = self.gates(purpose, recipient, &mut atoms);
        let allows: Vec<_> = self
            .file
            .allows
            .iter()
            .filter(|allow| {
                lists(&allow.sources, &source.name.node)
                    && lists(&allow.recipients, &recipient.name.node)
                    && allow.purpose.node == purpose.name.node
            })
            .map(|allow| self.allow(allow, &mut atoms))
            .collect();
        let mut nevers = Vec::new();
        let mut forbids = Vec::new();
        for never in &self.file.nevers {
            if speaks_of(&never.uses, &never.recipients) {
                self.never(never, &allows, &mut atoms, &mut nevers, &mut forbids);
            }
        }
        let blocks = self
            .file
            .blocks
            .iter()
            .filter(|block| speaks_of(&block.uses, &block.recipients))
            .map(|block| block_rule(block, &mut atoms))
            .collect();
        let atoms = atoms.list;
        FlowTable {
            info,
            purpose: number,
            gates,
            nevers: Stops::new(nevers, &atoms),
            forbids: forbids.into(),
            blocks: Stops::new(blocks, &atoms),
            allows: allows.into(),
            atoms: atoms.into(),
        }
    }

    fn gates(&self, purpose: &Purpose, recipient: &Recipient, atoms: &mut Atoms) -> Mask {
        let mut gates = Vec::new();
        if let Some(header) = &self.file.header {
            let from = header
                .from
                .as_ref()
                .map(|day| calendar::start_of(day.node).unwrap_or(LAST));
            let until = header.until.as_ref().map(|day| end_of(day.node));
            gates.push(atoms.number(Atom::InForce(from, until)));
        }
        for gate in &purpose.gates {
            gates.push(atoms.number(match &gate.node {
                Gate::Dpia(id) => Atom::DpiaOnFile(id.clone()),
                Gate::BiasAudit(every) => Atom::AuditFresh(*every),
            }));
        }
        let until = recipient
            .transfer
            .as_ref()
            .and_then(|transfer| transfer.node.until);
        if let Some(until) = until {
            gates.push(atoms.number(Atom::TransferUntil(end_of(until))));
        }
        Mask::of(gates)
    }

    fn allow(&self, allow: &Allow, atoms: &mut Atoms) -> AllowRule {
        let form = |(number, category): (usize, &CategoryInfo)| {
            lists(&allow.categories, &category.name).then(|| {
                let edits = allow
                    .edits
                    .iter()
                    .filter(|edit| *edit.category.node == *category.name);
                (
                    number,
                    edits
                        .map(|edit| edit.edit.node.clone())
                        .reduce(Edit::strictest),
                )
            })
        };
        let mut rule = AllowRule {
            rule: Rule {
                label: label(&allow.label),
                needs: atoms.mask(&allow.conditions),
                open: Mask::default(),
                some: None,
                lifted_by: Box::default(),
            },
            forms: self
                .categories
                .iter()
                .enumerate()
                .filter_map(form)
                .collect(),
            caps: allow.caps.iter().map(|cap| cap.node).collect(),
            alone: Arc::default(),
        };
        rule.alone = Arc::new(merge::program(self.categories, &[&rule], &BTreeSet::new()));
        rule
    }

    fn never(
        &self,
        never: &Never,
        allows: &[AllowRule],
        atoms: &mut Atoms,
        nevers: &mut Vec<Rule>,
        forbids: &mut Vec<Forbid>,
    ) {
        let place = atoms.place(&never.places);
        let rule = |needs, open, some| Rule {
            label: label(&never.label),
            needs,
            open,
            some,
            lifted_by: Box::default(),
        };
        let about_person = match &never.what.node {
            NeverWhat::PersonMayBeUnder(years) => Some(Condition::MayBeUnder(*years)),
            NeverWhat::PersonOnList(list) => Some(Condition::OnList(list.clone())),
            NeverWhat::Categories(_) | NeverWhat::SpecialCategories | NeverWhat::SensitiveData => {
                None
            }
        };
        if let Some(condition) = about_person {
            let person = atoms.number(Atom::Person(condition));
            nevers.push(rule(
                Mask::default(),
                Mask::of(place.into_iter().chain([person])),
                None,
            ));
            return;
        }
        let categories = self.forbidden(&never.what.node);
        for allow in allows {
            let leaving: Vec<_> = allow
                .forms
                .iter()
                .filter(|(category, _)| categories.contains(category))
                .map(|(category, _)| atoms.number(Atom::Present(*category)))
                .collect();
            if !leaving.is_empty() {
                let needs = allow.rule.needs.clone();
                nevers.push(rule(needs, Mask::of(place), Some(Mask::of(leaving))));
            }
        }
        forbids.push(Forbid {
            open: Mask::of(place),
            categories,
        });
    }

    /// Categories a `never` is about, by number. An edited category keeps its origin's status: the
    /// edit is not asked for.
    fn forbidden(&self, what: &NeverWhat) -> BTreeSet<usize> {
        let is_meant = |category: &Category| match what {
            NeverWhat::Categories(names) => lists(names, &category.name.node),
            NeverWhat::SpecialCategories => category.is_special(),
            NeverWhat::SensitiveData => category
                .sensitivity
                .iter()
                .any(|mark| matches!(mark.node, Sensitivity::Sensitive(_))),
            NeverWhat::PersonMayBeUnder(_) | NeverWhat::PersonOnList(_) => false,
        };
        let numbered = self.file.categories.iter().enumerate();
        numbered
            .filter(|(_, category)| is_meant(category))
            .map(|(number, _)| number)
            .collect()
    }
}

/// Whether a clause's purposes include this one.
pub(crate) fn covers_purpose(uses: &Uses, purpose: &Purpose) -> bool {
    match uses {
        Uses::All => true,
        Uses::Named(name) => *name == purpose.name.node,
        Uses::Word(word) => is_below(&purpose.word.node, word),
    }
}

fn block_rule(block: &Block, atoms: &mut Atoms) -> Rule {
    let place = atoms.place(&block.places);
    let when = block
        .when
        .iter()
        .map(|when| atoms.number(Atom::Person(when.node.clone())));
    let open = Mask::of(when.collect::<Vec<_>>().into_iter().chain(place));
    Rule {
        label: label(&block.label),
        needs: Mask::default(),
        open,
        some: None,
        lifted_by: block
            .except
            .iter()
            .map(|conditions| atoms.mask(conditions))
            .collect(),
    }
}

/// The instant after the last day on which something holds; a day that no calendar holds was long
/// ago.
fn end_of(day: Day) -> Millis {
    calendar::end_of(day).unwrap_or(FIRST)
}

const FIRST: Millis = Millis(i64::MIN);
const LAST: Millis = Millis(i64::MAX);

fn lists(names: &[Name], name: &str) -> bool {
    names.iter().any(|listed| listed.node == name)
}

fn label(name: &Name) -> Label {
    Label(name.node.as_str().into())
}

/// Numbers each distinct fact of one flow.
#[derive(Default)]
struct Atoms {
    list: Vec<Atom>,
    numbers: HashMap<Atom, usize>,
}

impl Atoms {
    fn number(&mut self, atom: Atom) -> usize {
        let next = self.list.len();
        *self.numbers.entry(atom).or_insert_with_key(|atom| {
            self.list.push(atom.clone());
            next
        })
    }

    fn mask(&mut self, conditions: &[Spanned<Condition>]) -> Mask {
        let numbers = conditions
            .iter()
            .map(|known| self.number(Atom::Person(known.node.clone())));
        Mask::of(numbers.collect::<Vec<_>>())
    }

    /// The fact that the person is in one of these places; none where a clause holds everywhere.
    fn place(&mut self, places: &[Spanned<PlaceWord>]) -> Option<usize> {
        let words: BTreeSet<_> = places.iter().map(|place| place.node.clone()).collect();
        (!words.is_empty())
            .then(|| self.number(Atom::Person(Condition::In(words.into_iter().collect()))))
    }
}
