//! The rate budgets (contract §8): rolling windows per portal and caller, on the simulator's time.

use std::collections::{BTreeMap, VecDeque};

use jiff::Timestamp;
use serde_json::json;

use super::error::ApiError;
use crate::options::{Limit, Limits};

/// Which budget a route draws on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Bucket {
    /// Everything but the two below: 110 in 10 seconds.
    Standard,
    /// CRM search: 5 in a second, no headers.
    Search,
    /// Association batch and label endpoints: 100 in 10 seconds.
    Associations,
    /// OAuth: not counted.
    Free,
}

/// When requests were let through, by portal, caller (app or user id) and budget.
#[derive(Default)]
pub(crate) struct Meters(BTreeMap<(u64, u64, Bucket), VecDeque<Timestamp>>);

/// What the headers of an answer say.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reading {
    pub(crate) limit: Limit,
    pub(crate) remaining: u32,
}

impl Bucket {
    pub(crate) fn limit(self, limits: &Limits) -> Option<Limit> {
        match self {
            Bucket::Standard => Some(limits.standard),
            Bucket::Search => Some(limits.search),
            Bucket::Associations => Some(limits.associations),
            Bucket::Free => None,
        }
    }
}

impl Meters {
    /// Counts a request; `Err` when the window is full. Refused requests are not counted.
    pub(crate) fn take(
        &mut self,
        caller: (u64, u64),
        bucket: Bucket,
        limit: Limit,
        now: Timestamp,
    ) -> Result<Reading, Reading> {
        let times = self.0.entry((caller.0, caller.1, bucket)).or_default();
        let interval = i64::try_from(limit.interval_ms).unwrap_or(i64::MAX);
        while times.front().is_some_and(|at| now.as_millisecond() - at.as_millisecond() >= interval) {
            times.pop_front();
        }
        let used = u32::try_from(times.len()).unwrap_or(u32::MAX);
        if used >= limit.requests {
            return Err(Reading { limit, remaining: 0 });
        }
        times.push_back(now);
        Ok(Reading { limit, remaining: limit.requests - used - 1 })
    }
}

/// The 429 of a budget.
pub(crate) fn exhausted(bucket: Bucket, app_id: u64, portal: u64) -> ApiError {
    let (name, policy, group) = match bucket {
        Bucket::Search => ("secondly", "SECONDLY", format!("publicapi:crm:search:oauth:{app_id}:{portal}")),
        Bucket::Associations => (
            "ten_secondly_rolling",
            "TEN_SECONDLY_ROLLING",
            format!("publicapi:crm:associations:oauth:{app_id}:{portal}"),
        ),
        Bucket::Standard | Bucket::Free => {
            ("ten_secondly_rolling", "TEN_SECONDLY_ROLLING", format!("publicapi:app:oauth:{app_id}:{portal}"))
        }
    };
    ApiError::bare(429, format!("You have reached your {name} limit."))
        .extra("errorType", json!("RATE_LIMIT"))
        .extra("policyName", json!(policy))
        .extra("groupName", json!(group))
}
