//! The memory of the functions, from `template.yaml`.

use queue::QueueName;

use super::CostError;

const TEMPLATE: &str = include_str!("../../../../template.yaml");

/// In MB.
#[derive(Debug, Clone, Copy)]
pub(super) struct Memory {
    poll: u64,
    sync: u64,
}

impl Memory {
    /// What the template says.
    ///
    /// # Errors
    /// If it says nothing.
    pub(super) fn of_template() -> Result<Self, CostError> {
        let of = |function: &str| {
            let (_, behind) = TEMPLATE.split_once(&format!("\n  {function}:\n"))?;
            let (_, behind) = behind.split_once("MemorySize: ")?;
            behind.lines().next()?.trim().parse().ok()
        };
        let both = of("PollFunction").zip(of("SyncFunction"));
        let (poll, sync) = both.ok_or("template.yaml gives a function no MemorySize")?;
        Ok(Self { poll, sync })
    }

    /// Of the function that a queue wakes.
    pub(super) const fn of(self, queue: QueueName) -> u64 {
        match queue {
            QueueName::Poll => self.poll,
            QueueName::Sync => self.sync,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_template_says_it() {
        let memory = Memory::of_template().unwrap();
        assert!((128..1_769).contains(&memory.poll) && (128..1_769).contains(&memory.sync), "{memory:?}");
    }
}
