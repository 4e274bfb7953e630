//! Lists, page by page.

use crate::connection::Form;
use crate::screen::{Progress, note, print, print_json};
use crate::stop::{Done, Stop};
use crate::table::Table;
use clap::Args;
use model::ApiError;
use model::page::Page;
use serde::Serialize;

#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct Most {
    /// How many to list at most; as many pages are asked for as that takes.
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) limit: u32,
}

/// What was listed, and whether there is more.
pub(crate) struct Rows<T> {
    pub(crate) items: Vec<T>,
    more: bool,
}

impl Most {
    /// No limit, for what is shown whole.
    pub(crate) const ALL: Self = Self { limit: u32::MAX };

    /// Follows the pages that `ask` brings, until the last one or until there are enough.
    pub(crate) async fn follow<T>(
        self,
        mut ask: impl AsyncFnMut(Option<String>) -> Result<Page<T>, ApiError>,
    ) -> Result<Rows<T>, Stop> {
        let limit = self.limit as usize;
        let mut progress = Progress::new();
        let mut rows = Rows { items: Vec::new(), more: false };
        let mut cursor = None;
        loop {
            let page = ask(cursor).await?;
            let empty = page.items.is_empty();
            rows.items.extend(page.items);
            rows.more = rows.items.len() > limit || page.next.is_some();
            // An empty page with another one behind it is no server of ours: it would never end.
            if rows.items.len() >= limit || page.next.is_none() || empty {
                break;
            }
            cursor = page.next;
            progress.say(&format!("{} so far…", rows.items.len()));
        }
        rows.items.truncate(limit);
        Ok(rows)
    }
}

impl<T: Serialize> Rows<T> {
    /// Everything, of a list that comes whole.
    pub(crate) fn all(items: Vec<T>) -> Self {
        Self { items, more: false }
    }

    /// One JSON array of the rows as the server gave them, or a table.
    pub(crate) fn print(&self, form: Form, what: &str, table: impl FnOnce(&[T]) -> Table) -> Done {
        if form.json {
            print_json(&self.items)?;
        } else if self.items.is_empty() {
            note(&format!("No {what}."));
        } else {
            print(&table(&self.items).text())?;
        }
        if self.more {
            note(&format!("There are more than these {}: see --limit.", self.items.len()));
        }
        Ok(())
    }
}
