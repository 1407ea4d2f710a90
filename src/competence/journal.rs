//! Changing documents and the audit as one: written down first, then carried out, and carried out again after a crash.
//!
//! The order: what is to happen goes into the database, whole; the document is made; the line is added to the audit; the document that
//! it replaces is removed; the database gets the new head and forgets what was to happen. A crash between any two of these leaves what is
//! needed to go on from there, and each step does nothing when it is done already.

use super::chain::{Head, Misfit, hex};
use super::node::Node;
use super::ports::{Document, Held, Intent, Ledger, Library, Made, Persist};
use super::walk::{Beyond, beyond, broken};
use crate::error::{Error, Kind, Result};

/// What a change is carried out with.
pub struct Tools<'a> {
    /// The files.
    pub library: &'a dyn Library,
    /// The database.
    pub ledger: &'a dyn Ledger,
    /// Told the name of each step after it is done.
    pub pass: &'a dyn Fn(&str),
}

/// The documents and the audit, held, and whole: what was begun is ended, what others added is taken in.
pub struct Journal<'a> {
    tools: &'a Tools<'a>,
    head: Head,
    /// Whether lines of ours may be there that the database does not know.
    ours: bool,
    _held: Box<dyn Held>,
}

impl<'a> Journal<'a> {
    /// Waits for its turn, ends what was begun, and takes in what the source's module added.
    ///
    /// # Errors
    /// `audit_cut` when the audit is shorter than it was, `audit_broken` when it is not what was written.
    pub fn open(tools: &'a Tools<'a>) -> Result<Self> {
        Self::opened(tools, false)
    }

    /// As [`open`](Self::open), and takes lines of ours in that the database does not know: it was restored from an older backup. Gives how
    /// many lines there are more than were known.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn adopt(tools: &'a Tools<'a>) -> Result<u64> {
        let known = tools.ledger.head()?.unwrap_or_default().lines;
        Self::opened(tools, true).map(|journal| journal.head.lines.saturating_sub(known))
    }

    fn opened(tools: &'a Tools<'a>, adopting: bool) -> Result<Self> {
        let held = tools.library.hold()?;
        let known = tools.ledger.head()?;
        // Where the database knows nothing at all it is a new one, and the audit was there before.
        let ours = adopting || known.is_none();
        let mut journal = Self { tools, head: known.unwrap_or_default(), ours, _held: held };
        if let Some(intent) = tools.ledger.pending()? {
            tools.library.sweep()?;
            journal.carry_on(intent)?;
        }
        journal.take_in()?;
        Ok(journal)
    }

    /// The head of the audit.
    pub fn head(&self) -> Head {
        self.head
    }

    /// Carries out a change: makes a document, perhaps in place of another, and adds a line that says `fields`.
    ///
    /// # Errors
    /// `slug_taken` when somebody made a document of that name meanwhile; when the disk or the database fails. The document is then not
    /// made, or the change is carried out by the next one who comes.
    pub fn carry_out(&mut self, makes: Document, removes: Option<Document>, fields: Node, persisted: Option<Persist>) -> Result<u64> {
        let intent = self.intent(makes, removes, fields, persisted);
        self.tools.ledger.begin(&intent)?;
        (self.tools.pass)("persist.begun");
        match self.make(&intent) {
            Ok(Made::Whole) => {}
            Ok(Made::Taken) => {
                self.tools.ledger.cancel()?;
                return Err(taken(&intent));
            }
            Err(error) => {
                // Made after all, it is carried on with by the next one who comes.
                let made = self.tools.library.read(intent.makes.state, &intent.makes.slug).ok().flatten();
                if made.as_deref() != Some(&intent.makes.text) {
                    self.tools.ledger.cancel()?;
                }
                return Err(error);
            }
        }
        (self.tools.pass)("persist.made");
        if let Err(error) = self.tools.library.append(self.head.bytes, &intent.line) {
            self.take_back(&intent)?;
            return Err(error);
        }
        (self.tools.pass)("persist.audited");
        self.end(&intent)
    }

    /// Undoes a change whose line could not be added, if nothing of the line is there; else it is carried on with later.
    fn take_back(&self, intent: &Intent) -> Result<()> {
        let Document { state, slug, text } = &intent.makes;
        if self.tools.library.audit_length()? == self.head.bytes && self.tools.library.remove(*state, slug, text)? {
            self.tools.ledger.cancel()?;
        }
        Ok(())
    }

    /// What is to happen, with the line that follows here.
    fn intent(&self, makes: Document, removes: Option<Document>, fields: Node, persisted: Option<Persist>) -> Intent {
        let line = self.head.seal(&fields);
        let persisted = persisted.map(|persist| Persist { entry: self.head.next_entry(), offset: self.head.bytes, ..persist });
        Intent { makes, removes, fields, line, before: self.head, persisted }
    }

    fn make(&self, intent: &Intent) -> Result<Made> {
        self.tools.library.make(intent.makes.state, &intent.makes.slug, &intent.makes.text)
    }

    /// Goes on with what somebody began: no step is done twice, none is left out.
    fn carry_on(&mut self, intent: Intent) -> Result<()> {
        let library = self.tools.library;
        if library.audit_length()? < self.head.bytes {
            return Err(cut(&self.head));
        }
        let mut tail = Vec::new();
        let reader = library.audit(self.head.bytes)?;
        let read = std::io::Read::read_to_end(&mut std::io::Read::take(reader, intent.line.len() as u64), &mut tail);
        read.map_err(|cause| Error::new(Kind::Storage, "audit_unreadable", "the audit could not be read").caused_by(cause))?;
        if tail == intent.line.as_bytes() {
            tracing::warn!(slug = intent.makes.slug, "a change that was cut short after its line in the audit is ended");
            return self.end(&intent).map(drop);
        }
        if self.make(&intent)? == Made::Taken {
            tracing::error!(slug = intent.makes.slug, "a change that was cut short is given up: another document of that name came first");
            return self.tools.ledger.cancel();
        }
        tracing::warn!(slug = intent.makes.slug, "a change that was cut short is carried out");
        if intent.line.as_bytes().starts_with(&tail) && !tail.is_empty() {
            // The beginning of the very line.
            library.cut(self.head.bytes, true)?;
        }
        self.take_in()?;
        let again = self.intent(intent.makes, intent.removes, intent.fields, intent.persisted);
        if again.before != intent.before {
            self.tools.ledger.begin(&again)?;
        }
        library.append(self.head.bytes, &again.line)?;
        self.end(&again).map(drop)
    }

    /// The last steps, after the line is there.
    fn end(&mut self, intent: &Intent) -> Result<u64> {
        if let Some(old) = &intent.removes
            && !self.tools.library.remove(old.state, &old.slug, &old.text)?
        {
            tracing::error!(
                slug = old.slug,
                state = old.state.word(),
                "the document was changed while it was moved, and stays in both places"
            );
        }
        let head = intent.before.after(intent.line.trim_end().as_bytes(), None);
        self.tools.ledger.finish(&head, intent.persisted.as_slice())?;
        (self.tools.pass)("persist.ended");
        self.head = head;
        Ok(head.entry)
    }

    /// Whether the last line that is known still ends as it did; the lines before it are for `verify`.
    fn check_seal(&self) -> Result<()> {
        let seal = format!("{}\"}}\n", hex(&self.head.hash));
        let mut found = vec![0; seal.len()];
        let mut reader = self.tools.library.audit(self.head.bytes.saturating_sub(seal.len() as u64))?;
        let read = std::io::Read::read_exact(&mut reader, &mut found);
        if read.is_ok() && found == seal.as_bytes() { Ok(()) } else { Err(broken(self.head.lines, Misfit::Changed)) }
    }

    /// Takes in lines that were added since, and sets aside what is torn.
    fn take_in(&mut self) -> Result<()> {
        let library = self.tools.library;
        let length = library.audit_length()?;
        if length < self.head.bytes {
            return Err(cut(&self.head));
        }
        if self.head.sealed {
            self.check_seal()?;
        }
        if length == self.head.bytes {
            return Ok(());
        }
        let Beyond { head, persisted, torn } = beyond(&mut *library.audit(self.head.bytes)?, self.head, self.ours)?;
        if torn {
            let name = library.cut(head.bytes, false)?;
            tracing::warn!(file = name, line = head.lines + 1, "the end of the audit was torn or no text, and is set aside");
        }
        if head != self.head {
            self.tools.ledger.finish_taking_in(&head, &persisted)?;
            self.head = head;
        }
        Ok(())
    }
}

/// That a document of that name is there already.
fn taken(intent: &Intent) -> Error {
    slug_taken(&intent.makes.slug, intent.makes.state)
}

/// That a slug is taken in a state.
pub(super) fn slug_taken(slug: &str, state: super::state::State) -> Error {
    Error::new(Kind::Conflict, "slug_taken", format!("there is a competence {slug} already, in state {state}"))
        .detail("slug", slug)
        .detail("state", state.word())
        .hint("give it another name, or look at that one with `lea competence show`")
}

/// That the audit lost lines.
fn cut(head: &Head) -> Error {
    Error::new(
        Kind::Integrity,
        "audit_cut",
        format!("the audit is shorter than it was: {} lines and {} bytes are known", head.lines, head.bytes),
    )
    .hint("nothing is added to it until it is mended: restore the file from a backup")
}
