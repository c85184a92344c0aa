//! What must hold at the end of every scenario.

use std::collections::BTreeSet;

use domain::PortalId;
use local::fuse::Fuse;
use queue::QueueName;

use crate::World;

impl Drop for World {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        let app = self.app();
        drop(self.take_log());
        self.watching.look_at("a meter", &format!("{:?} {:?}", app.meters.take(), app.calls.snapshot()));
        self.check_store();
        assert_eq!(self.watching.leaks(), Vec::<String>::new());
        let alarms = self.pretend.hubspot.alarms();
        assert!(alarms.is_empty(), "something chargeable was written: {alarms:?}");
        let findings = self.witness.findings();
        assert!(
            self.forgiving || findings.is_empty(),
            "what no schema of the vendors allows:\n{}",
            findings.join("\n")
        );
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
            self.watching.look_at("an item", &item.to_string());
            if !self.forgiving {
                crate::in_swedish::check(&item);
            }
            let key = item["pk"]["S"].as_str().unwrap_or_default();
            let first = key.split('#').next().unwrap_or_default();
            // Nobody knows yet which portal a one-time state will be of.
            let begins = first.parse::<i64>().is_ok() || first == "oauth_state";
            assert!(begins, "the key {key:?} does not begin with a portal");
        }
        self.check_forgetting();
    }

    /// Every portal can be forgotten: whatever a story stored, none of it is left then.
    fn check_forgetting(&self) {
        let (table, database) = (&self.app().config.table_name, &self.ground.database);
        let http = local::embedded::http_client(database.clone(), Fuse::never());
        let store = store::Store::new(app::dynamodb_client(http, &self.clock), table);
        let left = || {
            let items = local::embedded::dump(database, table).unwrap_or_default();
            let key = |item: &serde_json::Value| item["pk"]["S"].as_str().unwrap_or_default().to_owned();
            let keys: BTreeSet<String> = items.iter().map(key).filter(|key| !key.starts_with("oauth_state")).collect();
            keys
        };
        let portals: BTreeSet<PortalId> = left().iter().filter_map(|key| key.split('#').next()?.parse().ok()).collect();
        for portal in portals {
            self.clock.run(store.forget_portal(portal)).expect("the store answers");
        }
        assert_eq!(left(), BTreeSet::new(), "items that forgetting a portal overlooks (shared/store/src/forget.rs)");
    }
}
