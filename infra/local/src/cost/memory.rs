//! The memory of the functions, from `template.yaml`, and what else it says about costs.

use queue::QueueName;
use rust_decimal::Decimal;

use super::CostError;

const TEMPLATE: &str = include_str!("../../../../template.yaml");

/// How often a line stands in the template.
pub(super) fn count(line: &str) -> Decimal {
    TEMPLATE.lines().filter(|one| one.trim() == line).count().into()
}

/// In MB.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Memory {
    poll: u64,
    sync: u64,
    tick: u64,
}

impl Memory {
    /// What the template says.
    ///
    /// # Errors
    /// If it says nothing.
    pub(crate) fn of_template() -> Result<Self, CostError> {
        let behind = |name: &str, key: &str| {
            let (_, behind) = TEMPLATE.split_once(&format!("\n  {name}:\n"))?;
            let (_, behind) = behind.split_once(key)?;
            behind.lines().next().map(str::trim)
        };
        let of = |function: &str| {
            let size = behind(function, "MemorySize: ")?;
            let size = size.strip_prefix("!Ref ").map_or(Some(size), |parameter| behind(parameter, "Default: "));
            size?.parse().ok()
        };
        let lacking = "template.yaml gives a function no MemorySize";
        Ok(Self {
            poll: of("PollFunction").ok_or(lacking)?,
            sync: of("SyncFunction").ok_or(lacking)?,
            tick: of("TickFunction").ok_or(lacking)?,
        })
    }

    /// Of the function that a queue wakes.
    pub(crate) const fn of(self, queue: QueueName) -> u64 {
        match queue {
            QueueName::Poll => self.poll,
            QueueName::Sync | QueueName::Change => self.sync,
        }
    }

    /// Of the function that ticks.
    pub(crate) const fn of_tick(self) -> u64 {
        self.tick
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_template_says_it() {
        let memory = Memory::of_template().unwrap();
        let Memory { poll, sync, tick } = memory;
        assert!(count("Type: SQS") >= Decimal::TWO && count("Type: AWS::CloudWatch::Alarm") >= Decimal::TEN);
        assert!([poll, sync, tick].iter().all(|size| (128..1_769).contains(size)), "{memory:?}");
    }
}
