//! One operation, described: who may, what goes in, what comes out, what goes wrong.

use super::needs::{Held, Needs, Where, held, right};
use control::authz::Right;
use model::ErrorCode;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use std::collections::BTreeSet;

/// Makes a schema when the document is put together, which collects what it refers to.
pub type SchemaOf = fn(&mut SchemaGenerator) -> Schema;

/// The schema of a type.
pub fn of<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<T>()
}

/// How failures are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failures {
    /// With a code and by field: server functions and what is for browsers.
    Coded,
    /// As ZenML reads them, `{"detail": "…"}`.
    Detail,
    /// As RFC 6749 §5.2 has them, or with a code where the request did not get that far.
    OAuth,
}

/// A value in the address or in a header.
#[derive(Clone, Debug)]
pub struct Parameter {
    pub(super) place: &'static str,
    pub(super) name: &'static str,
    pub(super) says: &'static str,
    pub(super) schema: SchemaOf,
    pub(super) required: bool,
}

/// A body.
#[derive(Clone, Debug)]
pub struct Body {
    pub(super) kind: &'static str,
    pub(super) schema: SchemaOf,
    pub(super) required: bool,
}

/// What comes back when it went well.
#[derive(Clone, Debug)]
pub struct Answer {
    pub(super) status: u16,
    pub(super) says: &'static str,
    pub(super) content: Vec<(&'static str, SchemaOf)>,
    pub(super) header: Option<(&'static str, &'static str)>,
}

/// An operation.
#[derive(Clone, Debug)]
pub struct Operation {
    pub(super) method: &'static str,
    pub(super) path: &'static str,
    pub(super) text: String,
    pub(super) id: Option<String>,
    pub(super) noun: &'static str,
    pub(super) needs: Needs,
    pub(super) parameters: Vec<Parameter>,
    pub(super) body: Option<Body>,
    pub(super) answers: Vec<Answer>,
    pub(super) refusals: BTreeSet<u16>,
    pub(super) failures: Failures,
}

const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";

impl Operation {
    /// An operation that anyone may call until it is said who may.
    pub fn new(method: &'static str, path: &'static str, noun: &'static str, text: &str) -> Self {
        let operation = Self {
            method,
            path,
            text: text.to_owned(),
            id: None,
            noun,
            needs: Needs::Anyone(""),
            parameters: Vec::new(),
            body: None,
            answers: Vec::new(),
            refusals: BTreeSet::new(),
            failures: Failures::Detail,
        };
        operation.refuses(&[ErrorCode::Internal, ErrorCode::Unavailable])
    }

    /// Open to anyone, and why.
    #[must_use]
    pub fn open(mut self, why: &'static str) -> Self {
        self.needs = Needs::Anyone(why);
        self
    }

    /// For whoever holds a right.
    #[must_use]
    pub fn needs<R: Right<Scope: Where>>(self) -> Self {
        self.by(right::<R>())
    }

    /// For whoever holds this right too, in a place of another kind.
    #[must_use]
    pub fn or<R: Right<Scope: Where>>(mut self) -> Self {
        let mut rights: Vec<Held> = self.needs.rights().to_vec();
        rights.push(held::<R>());
        self.needs = Needs::Rights(rights);
        self
    }

    /// For those.
    #[must_use]
    pub fn by(mut self, needs: Needs) -> Self {
        self.needs = needs;
        let in_a_place = self.needs.in_a_place();
        let known = self.refuses(&[ErrorCode::Unauthenticated, ErrorCode::Forbidden]);
        if in_a_place { known.refuses(&[ErrorCode::NotFound]) } else { known }
    }

    /// Fails like this as well.
    #[must_use]
    pub fn refuses(mut self, codes: &[ErrorCode]) -> Self {
        self.refusals.extend(codes.iter().map(|code| code.status()));
        self
    }

    /// Fails with this status, of which there is no code.
    #[must_use]
    pub fn refuses_with(mut self, status: u16) -> Self {
        self.refusals.insert(status);
        self
    }

    /// A value in the query, which can be left out.
    #[must_use]
    pub fn may_say<T: JsonSchema>(self, name: &'static str, says: &'static str) -> Self {
        self.parameter("query", name, says, of::<T>, false)
    }

    /// A value in the query that has to be there.
    #[must_use]
    pub fn must_say<T: JsonSchema>(self, name: &'static str, says: &'static str) -> Self {
        self.parameter("query", name, says, of::<T>, true)
    }

    /// A header that can be left out.
    #[must_use]
    pub fn header(self, name: &'static str, says: &'static str) -> Self {
        self.parameter("header", name, says, of::<String>, false)
    }

    fn parameter(
        mut self,
        place: &'static str,
        name: &'static str,
        says: &'static str,
        schema: SchemaOf,
        required: bool,
    ) -> Self {
        self.parameters.push(Parameter { place, name, says, schema, required });
        self.refuses(&[ErrorCode::Invalid])
    }

    /// Takes JSON.
    #[must_use]
    pub fn takes<T: JsonSchema>(self) -> Self {
        self.takes_as(JSON, of::<T>, true)
    }

    /// Takes JSON, or no body at all.
    #[must_use]
    pub fn may_take<T: JsonSchema>(self) -> Self {
        self.takes_as(JSON, of::<T>, false)
    }

    /// Takes a form.
    #[must_use]
    pub fn takes_form<T: JsonSchema>(self) -> Self {
        self.takes_as(FORM, of::<T>, true).refuses_with(415)
    }

    /// Takes a body of a kind.
    #[must_use]
    pub fn takes_as(mut self, kind: &'static str, schema: SchemaOf, required: bool) -> Self {
        self.body = Some(Body { kind, schema, required });
        self.refuses(&[ErrorCode::Invalid, ErrorCode::TooLarge])
    }

    /// Answers `200` with JSON.
    #[must_use]
    pub fn gives<T: JsonSchema>(self, says: &'static str) -> Self {
        self.answers(200, says, vec![(JSON, of::<T>)])
    }

    /// Answers with a status and one of these.
    #[must_use]
    pub fn answers(
        mut self,
        status: u16,
        says: &'static str,
        content: Vec<(&'static str, SchemaOf)>,
    ) -> Self {
        let header = matches!(status, 302 | 303).then_some(("location", "Where to go on."));
        self.answers.push(Answer { status, says, content, header });
        self
    }

    /// Comes in pages.
    #[must_use]
    pub fn in_pages(mut self) -> Self {
        for answer in &mut self.answers {
            answer.header =
                Some(("x-next-cursor", "There while there are more rows: ask again with it as `cursor`."));
        }
        self.parameter(
            "query",
            "limit",
            "How many rows; 50 unless it is said.",
            of::<super::params::Limit>,
            false,
        )
        .may_say::<String>("cursor", "Where the page begins.")
    }

    /// Writes failures with a code.
    #[must_use]
    pub fn coded(mut self) -> Self {
        self.failures = Failures::Coded;
        self
    }

    /// Writes failures in the words of OAuth. What cannot be read is `400` there.
    #[must_use]
    pub fn oauth(mut self) -> Self {
        self.failures = Failures::OAuth;
        if self.refusals.remove(&ErrorCode::Invalid.status()) {
            self.refusals.insert(400);
        }
        self
    }
}
