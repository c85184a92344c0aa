//! The processor of an invocation: a part of one, as large as the function's memory. While it works on an answer of Kleer's,
//! other requests are on their way, so that its work takes time of its own only where nothing is left to wait for.

use std::time::Duration;

use jiff::Timestamp;

/// Time of a whole processor for each byte that Kleer answers, planning included, in nanoseconds (`cargo local bench no-change`:
/// 30), and for each invocation in microseconds.
const BYTE_NS: u64 = 40;
const INVOCATION_US: u64 = 3_000;
/// So many MB of memory come with a whole processor.
const WHOLE_MB: u64 = 1_769;

/// What it has to do, and until when.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Processor {
    /// In MB.
    memory: u64,
    /// It is busy until then with what came so far.
    busy_until: Option<Timestamp>,
    /// How long it goes on after the last answer came.
    behind: Duration,
    /// What it has worked.
    worked: Duration,
}

impl Processor {
    pub(super) fn of(memory: u64) -> Self {
        Self { memory, ..Self::default() }
    }

    /// An answer of so many bytes came.
    pub(super) fn works(&mut self, now: Timestamp, bytes: u64) {
        let takes = self.time(bytes * BYTE_NS / 1_000);
        let queued = self.busy_until.map_or(Duration::ZERO, |until| span(now, until));
        self.behind = queued + takes;
        self.busy_until = Some(domain::schedule::later(now, self.behind));
        self.worked += takes;
    }

    /// How long the invocation took, and how much of that was work; both in milliseconds.
    pub(super) fn ended(&self, began: Timestamp, now: Timestamp) -> (u64, u64) {
        let invocation = self.time(INVOCATION_US);
        // After the last answer nothing is waited for that would not wait for the plan.
        let took = span(began, now) + self.behind + invocation;
        let millis = |span: Duration| u64::try_from(span.as_millis()).unwrap_or(u64::MAX);
        (millis(took), millis(self.worked + invocation).min(millis(took)))
    }

    /// How long a part of a processor takes for what takes a whole one so many microseconds.
    fn time(&self, microseconds: u64) -> Duration {
        Duration::from_micros(microseconds * WHOLE_MB / self.memory.clamp(1, WHOLE_MB))
    }
}

fn span(from: Timestamp, to: Timestamp) -> Duration {
    Duration::try_from(to.duration_since(from)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_takes_time_of_its_own_only_after_the_last_answer() {
        let at = |millis| Timestamp::from_millisecond(millis).unwrap();
        // A function of this memory has a tenth of a processor: 10,000 bytes take 4 ms, an invocation 30 ms.
        let mut one = Processor::of(WHOLE_MB / 10);
        one.works(at(500), 100_000);
        assert_eq!(one.ended(at(0), at(520)), (590, 70), "an answer, and 20 ms behind it");
        let mut two = Processor::of(WHOLE_MB / 10);
        two.works(at(500), 100_000);
        two.works(at(600), 100_000);
        assert_eq!(two.ended(at(0), at(600)), (670, 110), "the first was worked on while the second was waited for");
        let mut slow = Processor::of(WHOLE_MB / 10);
        slow.works(at(500), 1_000_000);
        slow.works(at(600), 100_000);
        assert_eq!(slow.ended(at(0), at(600)), (972, 472), "the second has to wait for the first");
    }
}
