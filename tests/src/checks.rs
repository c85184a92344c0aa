//! What must hold at the end of every scenario.

use local::pretend::{APP_TOKEN, KLEER_KEY, NEXT_APP_TOKEN};
use queue::QueueName;

use crate::World;

/// Texts that must never stand in a log line.
const SECRETS: [&str; 4] = [APP_TOKEN, NEXT_APP_TOKEN, KLEER_KEY, "demo-secret"];

impl Drop for World {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        let log = self.take_log();
        for secret in SECRETS {
            assert!(!log.contains(secret), "the log contains the secret {secret:?}");
        }
        self.check_store();
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

impl World {
    /// No secret is stored in the clear, and every key begins with a portal.
    fn check_store(&self) {
        for item in local::embedded::dump(&self.ground.database, &self.app().config.table_name).unwrap_or_default() {
            let text = item.to_string();
            for secret in SECRETS {
                assert!(!text.contains(secret), "the store contains the secret {secret:?}: {text}");
            }
            let key = item["pk"]["S"].as_str().unwrap_or_default();
            let portal = key.split('#').next().unwrap_or_default();
            assert!(portal.parse::<i64>().is_ok(), "the key {key:?} does not begin with a portal");
        }
    }
}
