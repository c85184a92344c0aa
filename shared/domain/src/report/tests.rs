use super::{Counts, Tally};

#[test]
fn counts_add_up_field_by_field() {
    let ones = |n| Counts {
        source: n,
        created: 2 * n,
        updated: 3 * n,
        unchanged: 4 * n,
        waiting: 5 * n,
        failed: 6 * n,
        excluded: 7 * n,
    };
    let mut counts = ones(1);
    counts.add(&ones(10));
    assert_eq!(counts, ones(11));
    counts.add(&Counts::default());
    assert_eq!(counts, ones(11));
}

#[test]
fn rows_are_counted_apart_from_records() {
    let of = |records, line_items| Tally {
        records: Counts { source: records, ..Counts::default() },
        line_items: Counts { source: line_items, ..Counts::default() },
    };
    let mut tally = of(1, 20);
    tally.add(&of(3, 400));
    assert_eq!(tally, of(4, 420));
}
