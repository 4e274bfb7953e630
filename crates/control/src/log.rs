//! Reading and exporting the audit log.

use crate::Control;
use crate::audit::Event;
use crate::authz::{AuditRead, Authorized};
use crate::error::{Error, Result};
use model::audit::{AuditAction, AuditQuery, Change, Entry, EntryDetail};
use model::page::{PAGE_SIZE, Page};
use model::{AuditId, OrgId, Timestamp};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use store::audit::Filter;

/// Entries that an export reads at once.
const BATCH: u32 = 500;

/// What an exported log looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportFormat {
    /// One JSON object per line.
    Jsonl,
    /// RFC 4180, for spreadsheets.
    Csv,
}

impl ExportFormat {
    /// As it is written in addresses and file names.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Jsonl => "jsonl",
            Self::Csv => "csv",
        }
    }

    /// Reads what an address says.
    pub fn parse(text: &str) -> Result<Self> {
        match text {
            "jsonl" => Ok(Self::Jsonl),
            "csv" => Ok(Self::Csv),
            _ => Err(Error::invalid("format", "Choose csv or jsonl.")),
        }
    }
}

/// An export under way: hands out the log piece by piece, newest entries first.
#[derive(Debug)]
pub struct Export {
    control: Control,
    org: OrgId,
    filter: Filter,
    format: ExportFormat,
    begun: bool,
    done: bool,
}

impl Control {
    /// A page of an organization's audit log, newest first.
    pub async fn audit_log(&self, auth: &Authorized<AuditRead>, query: &AuditQuery) -> Result<Page<Entry>> {
        let filter = filter(query)?;
        let mut tx = self.store().read().await?;
        let rows = store::audit::list(&mut tx, auth.scope(), &filter, PAGE_SIZE + 1).await?;
        Ok(Page::cut(rows, PAGE_SIZE, |entry| entry.id.to_string()))
    }

    /// One entry of it, with what it changed.
    pub async fn audit_entry(&self, auth: &Authorized<AuditRead>, id: AuditId) -> Result<EntryDetail> {
        let mut tx = self.store().read().await?;
        let entry = store::audit::by_id(&mut tx, auth.scope(), id).await?.ok_or_else(Error::not_found)?;
        Ok(EntryDetail { changes: changes(&entry), entry })
    }

    /// Begins an export of what `query` finds. That it happened is itself an entry, and not part of what is exported.
    pub async fn export_audit_log(
        &self,
        auth: &Authorized<AuditRead>,
        query: &AuditQuery,
        format: ExportFormat,
    ) -> Result<Export> {
        let mut filter = filter(&AuditQuery { cursor: None, ..query.clone() })?;
        let event =
            Event::of(AuditAction::AuditExported).on("organization", auth.scope().uuid(), "audit log").after(
                json!({ "format": format.as_str(), "filters": AuditQuery { cursor: None, ..query.clone() } }),
            );
        let entry = auth.audit(event);
        filter.before = Some(entry.id);
        self.store().write().await?.commit(entry).await?;
        Ok(Export { control: self.clone(), org: auth.scope(), filter, format, begun: false, done: false })
    }
}

impl Export {
    /// The next piece; `None` at the end. Between two pieces nothing is held open, so a slow reader blocks nobody.
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>> {
        if self.done {
            return Ok(None);
        }
        let mut tx = self.control.store().read().await?;
        let entries = store::audit::list(&mut tx, self.org, &self.filter, BATCH).await?;
        drop(tx);
        self.done = entries.len() < BATCH as usize;
        self.filter.before = entries.last().map(|entry| entry.id);
        let heading = !std::mem::replace(&mut self.begun, true);
        match self.format {
            ExportFormat::Jsonl => Ok(Some(jsonl(&entries).into_bytes())),
            ExportFormat::Csv => csv(&entries, heading).map(Some),
        }
    }
}

/// From what stands in an address to what the log is asked for.
fn filter(query: &AuditQuery) -> Result<Filter> {
    fn parsed<T>(
        wrong: &mut BTreeMap<&'static str, String>,
        field: &'static str,
        text: Option<&str>,
        why: &str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let text = text.map(str::trim).filter(|text| !text.is_empty())?;
        let value = parse(text);
        if value.is_none() {
            wrong.insert(field, why.to_owned());
        }
        value
    }
    const ID: &str = "Paste an id as it stands in an entry.";
    const DATE: &str = "Write a date such as 2026-11-23, or an instant such as 2026-11-23T12:00Z.";
    let uuid = |text: &str| text.parse::<AuditId>().ok().map(AuditId::uuid);
    let mut wrong = BTreeMap::new();
    let found = Filter {
        action: parsed(&mut wrong, "action", query.action.as_deref(), "This is not an action.", |text| {
            text.parse::<AuditAction>().ok().map(|action| action.as_str().to_owned())
        }),
        outcome: query.outcome,
        actor: parsed(&mut wrong, "actor", query.actor.as_deref(), ID, uuid),
        target: parsed(&mut wrong, "target", query.target.as_deref(), ID, uuid),
        from: parsed(&mut wrong, "from", query.from.as_deref(), DATE, Timestamp::parse),
        to: parsed(&mut wrong, "to", query.to.as_deref(), DATE, end_of),
        before: parsed(&mut wrong, "cursor", query.cursor.as_deref(), "This page does not exist.", |text| {
            text.parse().ok()
        }),
    };
    Error::invalid_fields(wrong)?;
    Ok(found)
}

/// The instant a filter ends at: of a date, its last one.
fn end_of(text: &str) -> Option<Timestamp> {
    let at = Timestamp::parse(text)?;
    Some(if text.len() == 10 { at.plus_s(24 * 3600) } else { at })
}

/// What was noted, by name.
fn changes(entry: &Entry) -> Vec<Change> {
    let mut found: BTreeMap<String, (Option<String>, Option<String>)> = BTreeMap::new();
    for (text, is_after) in [(&entry.before, false), (&entry.after, true)] {
        let value = text.as_deref().and_then(|text| serde_json::from_str::<Value>(text).ok());
        let mut flat = Vec::new();
        flatten("", &value.unwrap_or(Value::Null), &mut flat);
        for (name, text) in flat {
            let slot = found.entry(name).or_default();
            *(if is_after { &mut slot.1 } else { &mut slot.0 }) = Some(text);
        }
    }
    found.into_iter().map(|(name, (before, after))| Change { name, before, after }).collect()
}

fn flatten(name: &str, value: &Value, into: &mut Vec<(String, String)>) {
    match value {
        Value::Null => {}
        Value::Object(fields) => {
            for (key, value) in fields {
                let inner = if name.is_empty() { key.clone() } else { format!("{name}.{key}") };
                flatten(&inner, value, into);
            }
        }
        Value::String(text) => into.push((name.to_owned(), text.clone())),
        other => into.push((name.to_owned(), other.to_string())),
    }
}

fn jsonl(entries: &[Entry]) -> String {
    let as_value =
        |text: &Option<String>| text.as_deref().and_then(|text| serde_json::from_str::<Value>(text).ok());
    let mut lines = String::new();
    for entry in entries {
        let line = json!({
            "id": entry.id,
            "at": entry.at.to_rfc3339(),
            "action": entry.action,
            "outcome": entry.outcome,
            "actor": { "kind": entry.actor_kind, "id": entry.actor_id, "name": entry.actor_name },
            "target": { "kind": entry.target_kind, "id": entry.target_id, "name": entry.target_name },
            "before": as_value(&entry.before),
            "after": as_value(&entry.after),
            "ip": entry.ip,
            "user_agent": entry.user_agent,
            "request_id": entry.request_id,
        });
        lines.push_str(&line.to_string());
        lines.push('\n');
    }
    lines
}

fn csv(entries: &[Entry], heading: bool) -> Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    if heading {
        writer
            .write_record([
                "at",
                "action",
                "outcome",
                "actor_kind",
                "actor_id",
                "actor_name",
                "target_kind",
                "target_id",
                "target_name",
                "before",
                "after",
                "ip",
                "user_agent",
                "request_id",
                "id",
            ])
            .map_err(Error::internal)?;
    }
    for entry in entries {
        let (at, id) = (entry.at.to_rfc3339(), entry.id.to_string());
        let cells = [
            Some(at.as_str()),
            Some(entry.action.as_str()),
            Some(entry.outcome.as_str()),
            Some(entry.actor_kind.as_str()),
            entry.actor_id.as_deref(),
            Some(entry.actor_name.as_str()),
            entry.target_kind.as_deref(),
            entry.target_id.as_deref(),
            entry.target_name.as_deref(),
            entry.before.as_deref(),
            entry.after.as_deref(),
            entry.ip.as_deref(),
            entry.user_agent.as_deref(),
            Some(entry.request_id.as_str()),
            Some(id.as_str()),
        ];
        writer.write_record(cells.map(|cell| harmless(cell.unwrap_or("")))).map_err(Error::internal)?;
    }
    writer.into_inner().map_err(|error| Error::internal(error.to_string()))
}

/// A cell that no spreadsheet takes for a formula: names and user agents are other people's texts.
fn harmless(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_as_the_end_is_the_whole_day() {
        assert_eq!(end_of("2026-11-23"), Timestamp::parse("2026-11-24"));
        assert_eq!(end_of("2026-11-23T12:00"), Timestamp::parse("2026-11-23T12:00"));
        assert_eq!(end_of("yesterday"), None);
    }

    #[test]
    fn no_cell_begins_a_formula() {
        for cell in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"] {
            assert!(harmless(cell).starts_with('\''), "{cell:?}");
        }
        assert_eq!(harmless("Zoë = one"), "Zoë = one");
    }
}
