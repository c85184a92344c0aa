//! Tables in Markdown.

/// A table. Cells are Markdown; a bar in them is written so that it ends no cell.
pub(super) fn table<const N: usize>(head: [&str; N], rows: impl IntoIterator<Item = [String; N]>) -> String {
    let line = |cells: [String; N]| format!("| {} |\n", cells.map(|cell| cell.replace('|', "\\|")).join(" | "));
    let rule = format!("|{}\n", "---|".repeat(N));
    let rows: String = rows.into_iter().map(line).collect();
    line(head.map(str::to_owned)) + &rule + &rows
}

/// A name of the machine's.
pub(super) fn code(name: &str) -> String {
    format!("`{name}`")
}

/// Sentences or words behind each other; a dash for none.
pub(super) fn joined(parts: &[String], between: &str) -> String {
    if parts.is_empty() { "–".to_owned() } else { parts.join(between) }
}
