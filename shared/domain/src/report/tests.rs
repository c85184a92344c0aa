use super::Counts;

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
