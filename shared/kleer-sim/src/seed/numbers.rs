//! Numbers that belong to nobody, in the forms that Swedish numbers have.

use super::Random;

/// Organisation numbers that are the demo company's own, without their check digit.
const TAKEN: u64 = 556_677_889;

/// Different organisation numbers, `556677-8899`.
pub(super) struct OrganisationNumbers {
    next: u64,
}

impl OrganisationNumbers {
    /// Starts somewhere.
    pub(super) fn new(random: &mut Random) -> OrganisationNumbers {
        OrganisationNumbers { next: u64::from(random.below(1_000_000)) }
    }

    /// The next one: strides through the million of the 556-series, so none comes twice before a million have come.
    pub(super) fn next(&mut self) -> String {
        self.next = (self.next + 7_919) % 1_000_000;
        let number = 556_000_000 + self.next;
        // The third and fourth digits of a company's number are at least 20, which 6000 to 6999 are.
        if number == TAKEN { self.next() } else { with_check_digit(number) }
    }
}

/// Different personal numbers of the kind that Skatteverket keeps for tests: the serial is 980 to 999.
pub(super) struct PersonalNumbers {
    next: u64,
}

impl PersonalNumbers {
    /// Starts with the first.
    pub(super) fn new() -> PersonalNumbers {
        PersonalNumbers { next: 0 }
    }

    /// The next one. There are 268,800; then they begin again.
    pub(super) fn next(&mut self) -> String {
        // Days 1 to 28, months, years 1950 to 1989, serials, in an order that looks mixed.
        let at = self.next * 104_729 % 268_800;
        self.next += 1;
        let (day, rest) = (at % 28 + 1, at / 28);
        let (month, rest) = (rest % 12 + 1, rest / 12);
        let (year, serial) = (rest % 40 + 50, rest / 40 % 20 + 980);
        with_check_digit(((year * 100 + month) * 100 + day) * 1000 + serial)
    }
}

/// `NNNNNN-NNNC` with the Luhn check digit C.
fn with_check_digit(number: u64) -> String {
    let (mut rest, mut sum, mut doubled) = (number, 0, true);
    while rest > 0 {
        let digit = rest % 10 * if doubled { 2 } else { 1 };
        sum += digit / 10 + digit % 10;
        (rest, doubled) = (rest / 10, !doubled);
    }
    let check = (10 - sum % 10) % 10;
    format!("{:06}-{:03}{check}", number / 1000, number % 1000)
}

/// A telephone number from the series that PTS keeps for books and films.
pub(super) fn phone(random: &mut Random) -> String {
    let last = random.below(100);
    match random.below(5) {
        0 => format!("08-465 004 {last:02}"),
        1 => format!("031-390 06 {last:02}"),
        2 => format!("040-628 04 {last:02}"),
        3 => format!("0980-319 2{last:02}"),
        _ => format!("070-174 06 {last:02}"),
    }
}
