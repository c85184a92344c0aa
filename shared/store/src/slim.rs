//! The slim half of a binding: one text of the form
//! `version|hubspot id|fingerprint|state|failed fingerprint|retry at|open since|number`. Empty parts at the end are left out,
//! so that a record in sync costs some forty bytes.

use domain::{Binding, BindingSummary, Fingerprint, HubspotId, RecordState};
use jiff::Timestamp;

const SEPARATOR: char = '|';
const PARTS: usize = 8;

/// What the text of a binding at this version begins with; conditions are on it.
pub(crate) fn version_prefix(version: u64) -> String {
    format!("{version}{SEPARATOR}")
}

/// The text of a binding.
pub(crate) fn write(binding: &Binding) -> String {
    let state = Some(binding.state).filter(|state| *state != RecordState::InSync);
    let parts = [
        binding.hubspot_id.as_ref().map(|id| id.as_str().to_owned()),
        binding.fingerprint.map(Fingerprint::to_text),
        state.map(|state| state.as_str().to_owned()),
        binding.failed_fingerprint.map(Fingerprint::to_text),
        binding.retry_at.map(|at| at.as_millisecond().to_string()),
        binding.open_since.map(|date| date.to_string()),
    ];
    let rest = parts.map(Option::unwrap_or_default).join("|");
    let version = version_prefix(binding.version);
    match &binding.number {
        // Last, because people type it: it may hold a separator.
        Some(number) => format!("{version}{rest}{SEPARATOR}{number}"),
        None => format!("{version}{}", rest.trim_end_matches(SEPARATOR)),
    }
}

/// From [`write`]; none if the text is anything else.
pub(crate) fn read(text: &str) -> Option<BindingSummary> {
    let mut parts = text.splitn(PARTS, SEPARATOR);
    let version = parts.next()?.parse().ok()?;
    let mut part = || parts.next().filter(|part| !part.is_empty());
    let hubspot_id = part().map(|id| HubspotId(id.to_owned()));
    let fingerprint = part().and_then(Fingerprint::from_text);
    let state = part().map_or(Some(RecordState::InSync), RecordState::from_text)?;
    let failed_fingerprint = part().and_then(Fingerprint::from_text);
    let retry_at = part().map(|at| at.parse().map(Timestamp::from_millisecond)).transpose().ok()?.transpose().ok()?;
    let open_since = part().map(str::parse).transpose().ok()?;
    let number = part().map(str::to_owned);
    Some(BindingSummary { version, hubspot_id, fingerprint, state, failed_fingerprint, retry_at, open_since, number })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(binding: Binding, expected: &str) {
        let text = write(&binding);
        assert_eq!(text, expected);
        let summary = read(&text).unwrap();
        let Binding { version, hubspot_id, fingerprint, state, failed_fingerprint, retry_at, .. } = binding;
        let Binding { open_since, number, .. } = binding;
        let expected = BindingSummary {
            version,
            hubspot_id,
            fingerprint,
            state,
            failed_fingerprint,
            retry_at,
            open_since,
            number,
        };
        assert_eq!(summary, expected);
    }

    #[test]
    fn written_and_read() {
        let fingerprint = Fingerprint::from_text("AAAAAAAAAAAAAAAAAAAAAA");
        let hubspot_id = Some(HubspotId("9001".into()));
        let bare = Binding { version: 1, ..Binding::default() };
        check(bare.clone(), "1|");
        check(Binding { version: 12, hubspot_id, fingerprint, ..bare.clone() }, "12|9001|AAAAAAAAAAAAAAAAAAAAAA");
        let retry_at = Some(Timestamp::from_millisecond(1_700_000_000_000).unwrap());
        let failing =
            Binding { state: RecordState::Failing, failed_fingerprint: fingerprint, retry_at, ..bare.clone() };
        let number = |text: &str| Some(text.to_owned());
        check(Binding { number: number("A|17|"), ..bare.clone() }, "1|||||||A|17|");
        let open_since = Some("2026-11-01".parse().unwrap());
        check(Binding { open_since, number: number("7"), ..bare.clone() }, "1||||||2026-11-01|7");
        check(Binding { open_since, ..bare }, "1||||||2026-11-01");
        check(failing, "1|||failing|AAAAAAAAAAAAAAAAAAAAAA|1700000000000");
        for broken in ["", "x", "1|||unknown", "1|||||x", "1||||||x"] {
            assert_eq!(read(broken), None, "{broken}");
        }
    }
}
