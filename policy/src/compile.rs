//! From tree to tables: a dense table of flows, each with its clauses as masks over the facts they
//! need.
//!
//! Compiling cannot fail: what is wrong with a tree has been said by the checker. It reads nothing
//! and decides nothing.

mod flow;
mod mask;
pub(crate) mod merge;
mod stops;

use std::collections::BTreeSet;
use std::sync::Arc;

use ring::digest;

use crate::ast::{Edit, File, SignalName};
use crate::diagnostic::Diagnostic;
use crate::policy::{CategoryInfo, FlowInfo, RecipientInfo, SourceInfo};
use crate::verdict::FlowId;

pub(crate) use flow::{AllowRule, Atom, Builder, FlowTable, Rule};
pub(crate) use mask::{Bits, Mask};
pub(crate) use stops::Stops;

/// Tables of a compiled policy.
#[derive(Debug)]
pub(crate) struct Compiled {
    /// SHA-256 of the text.
    pub(crate) hash: [u8; 32],
    /// The text, for quoting clauses.
    pub(crate) text: String,
    /// The tree: readings of purposes, in-file tests, spans.
    pub(crate) file: File,
    /// What the checker found that does not stop the policy.
    pub(crate) lints: Vec<Diagnostic>,
    /// By number.
    pub(crate) categories: Vec<CategoryInfo>,
    /// By number.
    pub(crate) sources: Vec<SourceInfo>,
    /// By number.
    pub(crate) recipients: Vec<RecipientInfo>,
    /// By number.
    pub(crate) purposes: Vec<Arc<str>>,
    /// What is listened to.
    pub(crate) signals: Vec<SignalName>,
    /// What edits need.
    pub(crate) keys: Vec<Arc<str>>,
    /// Source-major, then recipient, then purpose.
    flows: Vec<FlowTable>,
}

impl Compiled {
    /// Tables of a checked tree.
    pub(crate) fn new(file: File, text: &str, lints: Vec<Diagnostic>) -> Self {
        let mut hash = [0; 32];
        hash.copy_from_slice(digest::digest(&digest::SHA256, text.as_bytes()).as_ref());
        let mut compiled = Self {
            hash,
            text: text.to_owned(),
            lints,
            categories: categories(&file),
            sources: sources(&file),
            recipients: recipients(&file),
            purposes: file
                .purposes
                .iter()
                .map(|purpose| purpose.name.node.as_str().into())
                .collect(),
            signals: signals(&file),
            keys: keys(&file),
            flows: Vec::new(),
            file,
        };
        compiled.flows = flows(&compiled);
        compiled
    }

    /// The number of a flow whose three names exist.
    pub(crate) fn flow_id(&self, source: &str, recipient: &str, purpose: &str) -> Option<FlowId> {
        let source = self
            .sources
            .iter()
            .position(|known| *known.name == *source)?;
        let recipient = self
            .recipients
            .iter()
            .position(|known| *known.name == *recipient)?;
        let purpose = self.purposes.iter().position(|known| **known == *purpose)?;
        let number = (source * self.recipients.len() + recipient) * self.purposes.len() + purpose;
        Some(FlowId(u32::try_from(number).ok()?))
    }

    /// A flow's table.
    pub(crate) fn flow(&self, flow: FlowId) -> Option<&FlowTable> {
        self.flows.get(usize::try_from(flow.0).ok()?)
    }

    /// All flows.
    pub(crate) fn flows(&self) -> impl Iterator<Item = (FlowId, &FlowTable)> {
        (0..).map(FlowId).zip(&self.flows)
    }
}

fn flows(compiled: &Compiled) -> Vec<FlowTable> {
    let file = &compiled.file;
    let builder = Builder {
        file,
        categories: &compiled.categories,
    };
    let mut flows = Vec::new();
    for (source, source_info) in file.sources.iter().zip(&compiled.sources) {
        for (recipient, recipient_info) in file.recipients.iter().zip(&compiled.recipients) {
            for (number, purpose) in file.purposes.iter().enumerate() {
                let info = FlowInfo {
                    source: source_info.name.clone(),
                    recipient: recipient_info.name.clone(),
                    purpose: purpose.name.node.as_str().into(),
                };
                flows.push(builder.flow(source, recipient, (number, purpose), info));
            }
        }
    }
    flows
}

fn categories(file: &File) -> Vec<CategoryInfo> {
    let info = |category: &crate::ast::Category| CategoryInfo {
        name: category.name.node.as_str().into(),
        word: category.word.node.as_str().into(),
        paths: category
            .paths
            .iter()
            .map(|path| path.node.clone())
            .collect(),
    };
    file.categories.iter().map(info).collect()
}

fn sources(file: &File) -> Vec<SourceInfo> {
    let info = |source: &crate::ast::Source| SourceInfo {
        name: source.name.node.as_str().into(),
        place: source
            .place
            .iter()
            .map(|origin| origin.node.clone())
            .collect(),
        age: source
            .age
            .iter()
            .map(|origin| origin.node.clone())
            .collect(),
    };
    file.sources.iter().map(info).collect()
}

fn recipients(file: &File) -> Vec<RecipientInfo> {
    let info = |recipient: &crate::ast::Recipient| RecipientInfo {
        name: recipient.name.node.as_str().into(),
        host: recipient.host.node.as_str().into(),
    };
    file.recipients.iter().map(info).collect()
}

fn signals(file: &File) -> Vec<SignalName> {
    let readings = file
        .purposes
        .iter()
        .flat_map(|purpose| [&purpose.consent, &purpose.opt_out]);
    let sources = readings.flatten().flat_map(|reading| &reading.sources);
    let heard = sources
        .map(|source| &source.node)
        .filter(|name| **name != SignalName::OurRecords);
    heard
        .cloned()
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect()
}

fn keys(file: &File) -> Vec<Arc<str>> {
    let edits = file
        .allows
        .iter()
        .flat_map(|allow| &allow.edits)
        .map(|edit| &edit.edit.node);
    let thens = file
        .keeps
        .iter()
        .filter_map(|keep| keep.then.as_ref())
        .map(|then| &then.node);
    let key = |edit: &Edit| match edit {
        Edit::KeyedHash(key) => Some(Arc::from(key.as_str())),
        Edit::Sha256
        | Edit::Band(_)
        | Edit::ShortenIp { .. }
        | Edit::OnlyPath
        | Edit::Round(_)
        | Edit::TruncateTime(_) => None,
    };
    edits
        .chain(thens)
        .filter_map(key)
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect()
}
