//! Tables for people: columns as wide as what is in them, in any script.

use crate::screen::{colours, harmless};
use unicode_width::UnicodeWidthStr as _;

/// What stands where there is nothing.
const NOTHING: &str = "-";

/// Rows under a head, or facts beside their names.
pub(crate) struct Table {
    head: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    pub(crate) fn new<const N: usize>(head: [&str; N]) -> Self {
        Self { head: head.map(str::to_uppercase).to_vec(), rows: Vec::new() }
    }

    /// Without a head.
    pub(crate) fn facts() -> Self {
        Self { head: Vec::new(), rows: Vec::new() }
    }

    /// Adds a row. Texts of others are made harmless here, once for all tables.
    pub(crate) fn row<const N: usize>(&mut self, cells: [String; N]) {
        let cell = |text: String| if text.is_empty() { NOTHING.to_owned() } else { harmless(&text) };
        self.rows.push(cells.map(cell).to_vec());
    }

    pub(crate) fn fact(&mut self, name: &str, value: impl Into<String>) {
        self.row([name.to_owned(), value.into()]);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Its lines, without a line break at the end.
    pub(crate) fn text(&self) -> String {
        self.lines(colours()).join("\n")
    }

    fn lines(&self, bold: bool) -> Vec<String> {
        let head = (!self.head.is_empty()).then_some(&self.head);
        let columns = self.rows.first().map_or(self.head.len(), Vec::len);
        let width = |column: usize| {
            let cells = head.into_iter().chain(&self.rows).filter_map(|row| row.get(column));
            cells.map(|cell| cell.width()).max().unwrap_or_default()
        };
        let widths: Vec<usize> = (0..columns).map(width).collect();
        let line = |row: &Vec<String>| {
            let mut line = String::new();
            for (cell, width) in row.iter().zip(&widths) {
                line.push_str(cell);
                line.push_str(&" ".repeat(width.saturating_sub(cell.width()) + 2));
            }
            // Blanks at the end of a line are nobody's.
            line.trim_end().to_owned()
        };
        let head = head.map(|head| if bold { format!("\x1b[1m{}\x1b[0m", line(head)) } else { line(head) });
        head.into_iter().chain(self.rows.iter().map(line)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned_by_what_a_terminal_shows() {
        let mut table = Table::new(["Name", "Role"]);
        table.row(["Zoë".to_owned(), "admin".to_owned()]);
        table.row(["株式会社".to_owned(), String::new()]);
        table.row(["\x1b[2J".to_owned(), "member".to_owned()]);
        assert_eq!(
            table.lines(false),
            ["NAME       ROLE", "Zoë        admin", "株式会社   -", "\\u{1b}[2J  member"]
        );
        assert_eq!(table.lines(true)[0], "\x1b[1mNAME       ROLE\x1b[0m");
    }

    #[test]
    fn facts_have_no_head() {
        let mut facts = Table::facts();
        facts.fact("Name", "dev");
        facts.fact("Description", "");
        assert_eq!(facts.lines(true), ["Name         dev", "Description  -"]);
    }
}
