//! What must hold at the end of every scenario.

use local::pretend::{APP_TOKEN, KLEER_KEY};
use queue::QueueName;

use crate::World;

/// Texts that must never stand in a log line.
const SECRETS: [&str; 3] = [APP_TOKEN, KLEER_KEY, "demo-secret"];

impl Drop for World {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        let log = self.take_log();
        for secret in SECRETS {
            assert!(!log.contains(secret), "the log contains the secret {secret:?}");
        }
        let alarms = self.pretend.hubspot.alarms();
        assert!(alarms.is_empty(), "something chargeable was written: {alarms:?}");
        if self.forgiving {
            return;
        }
        let unexpected = self.pretend.kleer.unexpected();
        assert!(unexpected.is_empty(), "Kleer got requests that a correct client never sends: {unexpected:?}");
        let unexpected = self.pretend.hubspot.unexpected();
        assert!(unexpected.is_empty(), "HubSpot got requests that a correct client never sends: {unexpected:?}");
        for queue in QueueName::ALL {
            assert_eq!(self.app().queue.depth(queue), 0, "messages are left in the {queue:?} queue");
            assert!(self.app().queue.dead_letters(queue).is_empty(), "dead letters in the {queue:?} queue");
        }
    }
}
