//! A compiled policy: what the gateway asks.

use std::path::Path;
use std::sync::Arc;

use crate::ast::{File, Origin, SignalName};
use crate::compile::Compiled;
use crate::diagnostic::{Diagnostic, Report};
use crate::evaluate;
use crate::facts::{self, Facts};
use crate::situation::Situation;
use crate::verdict::{Answer, EventId, FlowId, Permit, Verdict};

/// A checked and compiled policy. Immutable; share it in an `Arc`.
#[derive(Clone, Debug)]
pub struct Policy {
    pub(crate) compiled: Arc<Compiled>,
}

/// What a flow is, in the policy's own names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlowInfo {
    /// Source name.
    pub source: Arc<str>,
    /// Recipient name.
    pub recipient: Arc<str>,
    /// Purpose name.
    pub purpose: Arc<str>,
}

/// A category as the gateway needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CategoryInfo {
    /// Its name.
    pub name: Arc<str>,
    /// fideslang key.
    pub word: Arc<str>,
    /// JSON paths.
    pub paths: Arc<[String]>,
}

/// A source as the gateway needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceInfo {
    /// Its name.
    pub name: Arc<str>,
    /// Where place comes from, in order.
    pub place: Vec<Origin>,
    /// Where age comes from, in order.
    pub age: Vec<Origin>,
}

/// A recipient as the gateway needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecipientInfo {
    /// Its name.
    pub name: Arc<str>,
    /// The only host its data may go to.
    pub host: Arc<str>,
}

impl Policy {
    /// Compiles a policy text. `name` is what diagnostics call it (a file name).
    ///
    /// # Errors
    /// Every diagnostic of the run, sorted by place; a policy with an error never becomes a
    /// [`Policy`] (I7).
    pub fn compile(name: &Path, text: &str) -> Result<Self, Report> {
        let (file, mut diagnostics) = crate::parse::parse(text);
        diagnostics.extend(crate::check::check(&file, text));
        let report = Report::new(name.to_owned(), text.to_owned(), diagnostics);
        if report.has_errors() {
            return Err(report);
        }
        Ok(Self::from_checked(file, text, report.diagnostics))
    }

    /// Compiles a tree that was checked, or one made by hand in a test.
    pub(crate) fn from_checked(file: File, text: &str, lints: Vec<Diagnostic>) -> Self {
        Self {
            compiled: Arc::new(Compiled::new(file, text, lints)),
        }
    }

    /// What the checker found that does not stop the policy: somebody should look.
    #[must_use]
    pub fn lints(&self) -> &[Diagnostic] {
        &self.compiled.lints
    }

    /// The tree it was compiled from.
    #[must_use]
    pub fn tree(&self) -> &File {
        &self.compiled.file
    }

    /// The policy's name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.compiled
            .file
            .header
            .as_ref()
            .map_or("", |header| &header.name.node)
    }

    /// Its version.
    #[must_use]
    pub fn version(&self) -> u32 {
        self.compiled
            .file
            .header
            .as_ref()
            .map_or(0, |header| header.version.node)
    }

    /// SHA-256 of the text it was compiled from.
    #[must_use]
    pub fn hash(&self) -> &[u8; 32] {
        &self.compiled.hash
    }

    /// The flow of a source to a recipient for a purpose, where all three names exist in the
    /// policy. (It need not be allowed by any clause: then everything on it is refused.)
    #[must_use]
    pub fn flow(&self, source: &str, recipient: &str, purpose: &str) -> Option<FlowId> {
        self.compiled.flow_id(source, recipient, purpose)
    }

    /// What a flow is.
    #[must_use]
    pub fn flow_info(&self, flow: FlowId) -> Option<&FlowInfo> {
        self.compiled.flow(flow).map(|table| &table.info)
    }

    /// All flows that some clause allows.
    pub fn flows(&self) -> impl Iterator<Item = (FlowId, &FlowInfo)> {
        let allowed = self
            .compiled
            .flows()
            .filter(|(_, table)| !table.allows.is_empty());
        allowed.map(|(flow, table)| (flow, &table.info))
    }

    /// All categories.
    #[must_use]
    pub fn categories(&self) -> &[CategoryInfo] {
        &self.compiled.categories
    }

    /// All sources.
    #[must_use]
    pub fn sources(&self) -> &[SourceInfo] {
        &self.compiled.sources
    }

    /// All recipients.
    #[must_use]
    pub fn recipients(&self) -> &[RecipientInfo] {
        &self.compiled.recipients
    }

    /// Names of all purposes.
    #[must_use]
    pub fn purposes(&self) -> &[Arc<str>] {
        &self.compiled.purposes
    }

    /// Signals some clause listens to.
    #[must_use]
    pub fn signals(&self) -> &[SignalName] {
        &self.compiled.signals
    }

    /// Names of keys that edits need (`hash email with key "meta-2026"`).
    #[must_use]
    pub fn keys(&self) -> &[Arc<str>] {
        &self.compiled.keys
    }

    /// Resolves what a situation says about a flow; [`Facts::decide`] then decides. For
    /// measurements and replay: who wants to send asks [`Policy::evaluate`]. None for a flow of
    /// another policy.
    #[must_use]
    pub fn facts(&self, flow: FlowId, situation: &Situation) -> Option<Facts<'_>> {
        facts::resolve(&self.compiled, flow, situation)
    }

    /// What [`Policy::evaluate`] would say, without leave to send: for `why`, in-file tests and
    /// replay.
    #[must_use]
    pub fn answer(&self, flow: FlowId, happened: &Situation, now: &Situation) -> Answer {
        evaluate::answer(&self.compiled, flow, happened, now)
    }

    /// Decides whether an event may go: permitted only if both instants permit (when it happened,
    /// and now).
    ///
    /// If `now` refuses, its refusal is given; what leaves is what both instants let leave, in the
    /// stricter form.
    pub fn evaluate(
        &self,
        flow: FlowId,
        event: EventId,
        happened: &Situation,
        now: &Situation,
    ) -> Verdict {
        match self.answer(flow, happened, now) {
            Answer::Refused(refusal) => Verdict::Refused(refusal),
            Answer::Permitted { clauses, program } => Verdict::Permit(Permit {
                event,
                flow,
                policy: *self.hash(),
                clauses,
                program,
            }),
        }
    }
}
