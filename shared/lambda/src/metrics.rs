//! Metrics as log lines: CloudWatch reads the embedded metric format out of the log, so that nothing is called and nobody
//! waits. One line per set of dimensions; a portal is never a dimension.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::Write as _;

use app::{App, Readings};
use jiff::Timestamp;
use serde_json::{Map, Value, json};

/// The most values that one line may give for a metric.
const VALUES: usize = 100;

/// Remembers what was reported, and reports what is new.
#[derive(Debug)]
pub(crate) struct Reporter {
    namespace: String,
    last: RefCell<Counts>,
}

/// What is counted from the start of the process.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Counts {
    /// Requests by service: sent, refused for their pace, failed otherwise.
    requests: BTreeMap<&'static str, [u64; 3]>,
    written: u64,
}

impl Counts {
    fn of(app: &App) -> Self {
        let mut requests: BTreeMap<&'static str, [u64; 3]> = BTreeMap::new();
        for ((service, _), count) in app.calls.snapshot() {
            let sum = requests.entry(service).or_default();
            [count.sent, count.rate_limited, count.failed].iter().zip(sum).for_each(|(new, sum)| *sum += new);
        }
        Self { requests, written: app.written.count() as u64 }
    }
}

impl Reporter {
    pub(crate) fn new(namespace: String) -> Self {
        Self { namespace, last: RefCell::default() }
    }

    /// Writes what is new since the last time to standard output.
    pub(crate) fn report(&self, app: &App) {
        let now = Counts::of(app);
        let last = self.last.replace(now.clone());
        let lines = lines(&self.namespace, app.clock.now(), &last, &now, &app.meters.take());
        // A log that cannot be written is no reason to fail.
        let _ = lines.iter().try_for_each(|line| writeln!(std::io::stdout().lock(), "{line}"));
    }
}

fn lines(namespace: &str, at: Timestamp, last: &Counts, now: &Counts, readings: &Readings) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = |dimension: Option<(&str, &str)>, metrics: &[(&str, &str, Value)]| {
        lines.push(one_line(namespace, at, dimension, metrics));
    };
    for (service, counts) in &now.requests {
        let before = last.requests.get(service).copied().unwrap_or_default();
        let since = [0, 1, 2].map(|which| counts[which] - before[which]);
        // What did not happen is not told: every invocation writes this line, and pays for it. Alarms take what is missing for
        // nothing.
        let told = ["Requests", "RequestsRateLimited", "RequestsFailed"].into_iter().zip(since);
        let told: Vec<_> =
            told.filter(|(_, count)| *count > 0).map(|(name, count)| (name, "Count", json!(count))).collect();
        if since[0] > 0 {
            line(Some(("Service", service)), &told);
        }
    }
    for (object, ages) in &readings.freshness {
        for (part, ages) in ages.chunks(VALUES).enumerate() {
            let mut metrics = vec![("Freshness", "Seconds", json!(ages))];
            if part == 0 {
                let count = |counts: &BTreeMap<_, u64>| json!(counts.get(object).copied().unwrap_or_default());
                metrics.push(("StaleTurns", "Count", count(&readings.stale)));
                metrics.push(("FailingRecords", "Count", count(&readings.failing)));
            }
            line(Some(("Object", object.as_str())), &metrics);
        }
    }
    let alone = [
        ("RecordsWritten", now.written - last.written),
        ("Panics", readings.panics),
        ("TokenRefreshFailures", readings.token_refresh_failures),
        ("RequestsRejected", readings.rejected.values().sum()),
    ];
    let alone: Vec<_> =
        alone.iter().filter(|(_, n)| *n > 0).map(|(name, count)| (*name, "Count", json!(count))).collect();
    if !alone.is_empty() {
        line(None, &alone);
    }
    lines
}

fn one_line(
    namespace: &str,
    at: Timestamp,
    dimension: Option<(&str, &str)>,
    metrics: &[(&str, &str, Value)],
) -> String {
    // What is told by object type is told of all types together as well: an alarm cannot add up.
    let dimensions = match dimension {
        Some((name @ "Object", _)) => json!([[name], []]),
        Some((name, _)) => json!([[name]]),
        None => json!([[]]),
    };
    let declared: Vec<Value> = metrics.iter().map(|(name, unit, _)| json!({ "Name": name, "Unit": unit })).collect();
    let directive = json!({ "Namespace": namespace, "Dimensions": dimensions, "Metrics": declared });
    let mut line = Map::new();
    line.insert("_aws".to_owned(), json!({ "Timestamp": at.as_millisecond(), "CloudWatchMetrics": [directive] }));
    line.extend(dimension.map(|(name, value)| (name.to_owned(), json!(value))));
    line.extend(metrics.iter().map(|(name, _, value)| ((*name).to_owned(), value.clone())));
    Value::Object(line).to_string()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use app::Meters;
    use domain::ObjectType;

    use super::*;

    fn check(last: &Counts, now: &Counts, meters: &Meters) -> String {
        let at = Timestamp::from_second(1_800_000_000).unwrap();
        lines("Kleer/dev", at, last, now, &meters.take()).join("\n")
    }

    #[test]
    fn what_is_new_is_told_once() {
        let meters = Meters::default();
        let minutes = |n: u64| Duration::from_secs(n * 60);
        meters.turn(ObjectType::Client, minutes(15), minutes(15), 2);
        meters.turn(ObjectType::Client, minutes(46), minutes(15), 0);
        meters.note(|readings| readings.panics += 1);
        meters.note(|readings| *readings.rejected.entry("wrong").or_default() += 3);
        let last = Counts { requests: [("kleer", [5, 1, 0]), ("search", [1, 0, 0])].into(), written: 7 };
        let requests = [("hubspot", [3, 1, 1]), ("kleer", [55, 1, 0]), ("search", [1, 0, 0])].into();
        let now = Counts { requests, written: 9 };
        insta::assert_snapshot!(check(&last, &now, &meters), @r#"
        {"_aws":{"Timestamp":1800000000000,"CloudWatchMetrics":[{"Namespace":"Kleer/dev","Dimensions":[["Service"]],"Metrics":[{"Name":"Requests","Unit":"Count"},{"Name":"RequestsRateLimited","Unit":"Count"},{"Name":"RequestsFailed","Unit":"Count"}]}]},"Service":"hubspot","Requests":3,"RequestsRateLimited":1,"RequestsFailed":1}
        {"_aws":{"Timestamp":1800000000000,"CloudWatchMetrics":[{"Namespace":"Kleer/dev","Dimensions":[["Service"]],"Metrics":[{"Name":"Requests","Unit":"Count"}]}]},"Service":"kleer","Requests":50}
        {"_aws":{"Timestamp":1800000000000,"CloudWatchMetrics":[{"Namespace":"Kleer/dev","Dimensions":[["Object"],[]],"Metrics":[{"Name":"Freshness","Unit":"Seconds"},{"Name":"StaleTurns","Unit":"Count"},{"Name":"FailingRecords","Unit":"Count"}]}]},"Object":"client","Freshness":[900,2760],"StaleTurns":1,"FailingRecords":2}
        {"_aws":{"Timestamp":1800000000000,"CloudWatchMetrics":[{"Namespace":"Kleer/dev","Dimensions":[[]],"Metrics":[{"Name":"RecordsWritten","Unit":"Count"},{"Name":"Panics","Unit":"Count"},{"Name":"RequestsRejected","Unit":"Count"}]}]},"RecordsWritten":2,"Panics":1,"RequestsRejected":3}
        "#);
        assert_eq!(check(&now, &now, &meters), "");
    }

    #[test]
    fn a_line_has_at_most_a_hundred_values() {
        let meters = Meters::default();
        (0..250).for_each(|age| meters.turn(ObjectType::Client, Duration::from_secs(age), Duration::from_secs(900), 1));
        let text = check(&Counts::default(), &Counts::default(), &meters);
        let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let lengths: Vec<usize> = lines.iter().map(|line| line["Freshness"].as_array().unwrap().len()).collect();
        assert_eq!(lengths, [100, 100, 50]);
        assert_eq!(lines.iter().filter_map(|line| line["FailingRecords"].as_u64()).sum::<u64>(), 250);
    }
}
