//! What the detail of a binding says of a record's rows and associations: texts of one line each.
//!
//! Rows: the first line is their HubSpot object, every other one `key|line item|base`. Associations: `object|record`.

use std::collections::{BTreeMap, BTreeSet};

use domain::{Association, Base, BoundRow, BoundRows, HubspotId};

/// The text of rows; none if there are none.
pub(crate) fn write_rows(rows: &BoundRows) -> Option<String> {
    let line = |(key, row): (&String, &BoundRow)| format!("\n{key}|{}|{}", row.hubspot_id, row.base.to_text());
    let lines: String = rows.rows.iter().map(line).collect();
    (!lines.is_empty()).then(|| format!("{}{lines}", rows.hubspot_object))
}

/// From [`write_rows`]. A line that is anything else is passed over: its row is written again under the same id.
pub(crate) fn read_rows(text: &str) -> BoundRows {
    let mut lines = text.lines();
    let hubspot_object = lines.next().unwrap_or_default().to_owned();
    let row = |line: &str| {
        let (key, rest) = line.split_once('|')?;
        let (id, base) = rest.split_once('|')?;
        let row = BoundRow { hubspot_id: HubspotId(id.to_owned()), base: Base::from_text(base) };
        Some((key.to_owned(), row))
    };
    let rows: BTreeMap<String, BoundRow> = lines.filter_map(row).collect();
    BoundRows { hubspot_object, rows }
}

/// The text of associations; none if there are none.
pub(crate) fn write_associations(associations: &BTreeSet<Association>) -> Option<String> {
    let lines = associations.iter().map(|one| format!("{}|{}", one.hubspot_object, one.hubspot_id));
    Some(lines.collect::<Vec<_>>().join("\n")).filter(|text| !text.is_empty())
}

/// From [`write_associations`].
pub(crate) fn read_associations(text: &str) -> BTreeSet<Association> {
    let one = |line: &str| {
        let (object, id) = line.split_once('|')?;
        Some(Association { hubspot_object: object.to_owned(), hubspot_id: HubspotId(id.to_owned()) })
    };
    text.lines().filter_map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(id: &str, base: &str) -> BoundRow {
        BoundRow { hubspot_id: HubspotId(id.to_owned()), base: Base::from_text(base) }
    }

    #[test]
    fn rows_written_and_read() {
        let rows = [("row-0", row("901", "name=aaaaaaaa;price=bbbbbbbb")), ("row-1", row("902", ""))];
        let rows = rows.map(|(key, row)| (key.to_owned(), row)).into_iter().collect();
        let rows = BoundRows { hubspot_object: "line_items".to_owned(), rows };
        let text = write_rows(&rows).unwrap();
        assert_eq!(text, "line_items\nrow-0|901|name=aaaaaaaa;price=bbbbbbbb\nrow-1|902|");
        assert_eq!(read_rows(&text), rows);
        assert_eq!(write_rows(&BoundRows::default()), None);
        assert_eq!(read_rows("line_items\nnonsense").rows.len(), 0);
    }

    #[test]
    fn associations_written_and_read() {
        let one = |object: &str, id: &str| Association {
            hubspot_object: object.to_owned(),
            hubspot_id: HubspotId(id.to_owned()),
        };
        let all = BTreeSet::from([one("companies", "17"), one("subscriptions", "4")]);
        let text = write_associations(&all).unwrap();
        assert_eq!(text, "companies|17\nsubscriptions|4");
        assert_eq!(read_associations(&text), all);
        assert_eq!(write_associations(&BTreeSet::new()), None);
    }
}
