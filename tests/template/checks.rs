//! The checks.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use domain::ObjectType;
use futures::FutureExt as _;
use queue::{BATCH_LIMIT, MAX_RECEIVES, QueueName};
use rest::{Clock, Transport};
use serde_json::Value;

use crate::routes;

/// A rule about a parsed template.
pub(crate) struct Check {
    pub(crate) rule: &'static str,
    /// Complaints.
    pub(crate) look: fn(&Value) -> Vec<String>,
    /// Ways to break the rule: a place and what stands there instead, `json:` before anything but a text.
    pub(crate) spoil: &'static [(&'static str, &'static str)],
}

pub(crate) const CHECKS: &[Check] = &[
    Check {
        rule: "every reference names a parameter or a resource",
        look: references,
        spoil: &[
            ("/Resources/Table/Properties/SSESpecification/KMSMasterKeyId/Fn::GetAtt/0", "Gone"),
            ("/Globals/Function/Environment/Variables/LOG/Ref", "Logs"),
            ("/Resources/Dashboard/Properties/DashboardBody/Fn::Sub", "${Gone.QueueName}"),
            ("/Resources/AlarmSubscription/Condition", "Gone"),
        ],
    },
    Check {
        rule: "queues and the functions they wake fit each other and the code",
        look: event_sources,
        spoil: &[
            ("/Resources/PollQueue/Properties/VisibilityTimeout", "json:300"),
            ("/Resources/SyncFunction/Properties/Timeout", "json:121"),
            (
                "/Resources/SyncFunction/Properties/Events/Queue/Properties/FunctionResponseTypes",
                "ReportBatchItemFailures",
            ),
            ("/Resources/SyncFunction/Properties/Events/Queue/Properties/BatchSize", "json:100"),
        ],
    },
    Check {
        rule: "every queue is FIFO and has a dead-letter queue, which rings",
        look: queues,
        spoil: &[
            ("/Resources/SyncQueue/Properties/FifoQueue", "json:false"),
            ("/Resources/SyncQueue/Properties/RedrivePolicy", "json:{}"),
            ("/Resources/SyncQueue/Properties/RedrivePolicy/maxReceiveCount", "json:3"),
            ("/Resources/SyncDeadLettersAlarm", "json:{}"),
        ],
    },
    Check {
        rule: "no role reaches everything",
        look: wildcards,
        spoil: &[
            ("/Resources/PollRole/Properties/Policies/0/PolicyDocument/Statement/0/Resource", "*"),
            ("/Resources/SyncRole/Properties/Policies/0/PolicyDocument/Statement/3/Action", "secretsmanager:*"),
            ("/Resources/SyncFunction/Properties/Role", "json:null"),
        ],
    },
    Check {
        rule: "every function has logs with an end, alarms, and the common build",
        look: functions,
        spoil: &[
            ("/Resources/PollLogs/Properties", "json:{}"),
            ("/Resources/PollErrorsAlarm", "json:{}"),
            ("/Resources/TickErrorsAlarm/Properties/Dimensions/0/Value/Ref", "PollFunction"),
            ("/Resources/PollFunction/Properties/MemorySize", "json:null"),
            ("/Resources/SyncThrottlesAlarm/Properties/AlarmActions", "json:[]"),
            ("/Resources/SyncFunction/Metadata/BuildMethod", "makefile"),
        ],
    },
    Check {
        rule: "the table is the one that the store makes, and is kept",
        look: table,
        spoil: &[
            ("/Resources/Table/Properties/GlobalSecondaryIndexes/0/IndexName", "other"),
            ("/Resources/Table/Properties/AttributeDefinitions/3/AttributeType", "S"),
            ("/Resources/Table/DeletionPolicy", "Delete"),
            ("/Resources/Table/Properties/PointInTimeRecoverySpecification/PointInTimeRecoveryEnabled", "json:false"),
        ],
    },
    Check {
        rule: "the functions' environment is a configuration, and nothing in it is for nobody",
        look: environment,
        spoil: &[
            ("/Globals/Function/Environment/Variables/APP_SECRET_ID", "json:null"),
            ("/Globals/Function/Environment/Variables", r#"json:{"OTHER":"x"}"#),
        ],
    },
    Check {
        rule: "every address leads to its function, and no other does",
        look: routes::wrong,
        spoil: &[
            ("/Resources/DocsRoute/Properties/RouteKey", "GET /doc"),
            ("/Resources/DocsPageHeadRoute/Properties/RouteKey", "POST /docs/{proxy+}"),
            ("/Resources/DocsPageRoute/Properties/Target/Fn::Sub", "integrations/${ActionsIntegration}"),
            ("/Resources/SettingsIntegration/Properties/IntegrationUri/Fn::GetAtt/0", "InstallFunction"),
        ],
    },
    Check {
        rule: "what must ring rings, and what must be seen is on the dashboard",
        look: watched,
        spoil: &[
            ("/Resources/StalePortalsAlarm/Properties/MetricName", "Other"),
            ("/Resources/KleerErrorRateAlarm/Properties/Metrics/0/Expression", "0"),
            ("/Resources/PollAgeAlarm/Properties/AlarmActions", "json:[]"),
            ("/Resources/Dashboard/Properties/DashboardBody/Fn::Sub", "{}"),
        ],
    },
];

/// Names that are always there.
const PSEUDO: [&str; 5] = ["AWS::AccountId", "AWS::NoValue", "AWS::Partition", "AWS::Region", "AWS::StackName"];

pub(crate) fn resources<'a>(template: &'a Value, kind: &'a str) -> impl Iterator<Item = (&'a str, &'a Value)> {
    let all = template["Resources"].as_object().into_iter().flatten();
    all.filter(move |(_, resource)| resource["Type"] == kind).map(|(name, resource)| (name.as_str(), resource))
}

/// The resource that a `Ref` or `GetAtt` names.
pub(crate) fn named(value: &Value) -> &str {
    value["Ref"].as_str().or_else(|| value["Fn::GetAtt"][0].as_str()).unwrap_or_default()
}

fn references(template: &Value) -> Vec<String> {
    let names = |section: &str| template[section].as_object().into_iter().flatten().map(|(name, _)| name.as_str());
    let known: BTreeSet<&str> = names("Parameters").chain(names("Resources")).chain(PSEUDO).collect();
    let conditions: BTreeSet<&str> = names("Conditions").collect();
    let mut wrong = Vec::new();
    walk(template, &mut |value| {
        let mut check = |name: &str| {
            if !known.contains(name) {
                wrong.push(format!("{name} is named, but is no parameter and no resource"));
            }
        };
        value["Ref"].as_str().into_iter().for_each(&mut check);
        value["Fn::GetAtt"][0].as_str().into_iter().for_each(&mut check);
        let places = value["Fn::Sub"].as_str().unwrap_or_default().split("${").skip(1);
        places.filter_map(|rest| rest.split(['.', '}']).next()).for_each(&mut check);
        if let Some(name) = value["Condition"].as_str().filter(|name| !conditions.contains(name)) {
            wrong.push(format!("{name} is no condition"));
        }
    });
    wrong
}

fn walk(value: &Value, look: &mut impl FnMut(&Value)) {
    look(value);
    match value {
        Value::Array(items) => items.iter().for_each(|item| walk(item, look)),
        Value::Object(map) => map.values().for_each(|item| walk(item, look)),
        _ => {}
    }
}

fn event_sources(template: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut complain = |holds: bool, what: String| wrong.extend((!holds).then_some(what));
    let mut woken = BTreeSet::new();
    for (function, resource) in resources(template, "AWS::Serverless::Function") {
        let events = resource["Properties"]["Events"].as_object().into_iter().flatten();
        for (_, event) in events.filter(|(_, event)| event["Type"] == "SQS") {
            let source = &event["Properties"];
            let queue = named(&source["Queue"]);
            let visibility = template["Resources"][queue]["Properties"]["VisibilityTimeout"].as_u64().unwrap_or(0);
            let timeout = resource["Properties"]["Timeout"].as_u64().unwrap_or(u64::MAX / 6);
            complain(
                visibility >= 6 * timeout,
                format!("{queue}: {visibility} s are less than 6 times {function}'s time limit"),
            );
            let partial = serde_json::json!(["ReportBatchItemFailures"]);
            complain(source["FunctionResponseTypes"] == partial, format!("{function} must answer with item failures"));
            let batch = source["BatchSize"].as_u64().unwrap_or(u64::MAX);
            complain(
                batch <= BATCH_LIMIT as u64,
                format!("{function}: a FIFO batch has at most {BATCH_LIMIT} messages"),
            );
            let code =
                QueueName::ALL.into_iter().find(|name| queue.to_lowercase() == format!("{}queue", name.as_str()));
            let counted_on = code.map(|name| name.visibility().as_secs());
            complain(
                counted_on == Some(visibility),
                format!("{queue}: the code counts on {counted_on:?} s of visibility"),
            );
            woken.insert(queue.to_owned());
        }
    }
    complain(woken.len() == QueueName::ALL.len(), format!("these queues wake a function: {woken:?}"));
    wrong
}

fn queues(template: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut complain = |holds: bool, what: String| wrong.extend((!holds).then_some(what));
    let queues: Vec<_> = resources(template, "AWS::SQS::Queue").collect();
    let redrive = |queue: &Value| named(&queue["Properties"]["RedrivePolicy"]["deadLetterTargetArn"]).to_owned();
    let dead: BTreeSet<String> = queues.iter().map(|(_, queue)| redrive(queue)).collect();
    for (name, queue) in &queues {
        complain(queue["Properties"]["FifoQueue"] == true, format!("{name} is no FIFO queue"));
        if dead.contains(*name) {
            let watched = alarms(template).any(|alarm| dimension(alarm) == Some(*name));
            complain(watched, format!("nobody is told about messages in {name}"));
            continue;
        }
        let target = redrive(queue);
        complain(queues.iter().any(|(other, _)| *other == target), format!("{name} has no dead-letter queue"));
        let count = &queue["Properties"]["RedrivePolicy"]["maxReceiveCount"];
        complain(*count == MAX_RECEIVES, format!("{name}: the code counts on {MAX_RECEIVES} receives, not {count}"));
    }
    wrong
}

/// Alarms that tell somebody.
fn alarms(template: &Value) -> impl Iterator<Item = &Value> {
    let all = resources(template, "AWS::CloudWatch::Alarm").map(|(_, alarm)| &alarm["Properties"]);
    all.filter(|alarm| named(&alarm["AlarmActions"][0]) == "AlarmTopic")
}

/// The resource that an alarm's first dimension names.
fn dimension(alarm: &Value) -> Option<&str> {
    Some(named(&alarm["Dimensions"][0]["Value"])).filter(|name| !name.is_empty())
}

fn wildcards(template: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    for (name, role) in resources(template, "AWS::IAM::Role") {
        let managed = !role["Properties"]["ManagedPolicyArns"].is_null();
        wrong.extend(managed.then(|| format!("{name} takes a policy that others write")));
        walk(&role["Properties"]["Policies"], &mut |statement| {
            let texts = |field: &str| match &statement[field] {
                Value::String(text) => vec![text.clone()],
                Value::Array(all) => all.iter().filter_map(|one| Some(one.as_str()?.to_owned())).collect(),
                _ => Vec::new(),
            };
            let all = texts("Resource").into_iter().filter(|text| text == "*");
            let all = all.chain(texts("Action").into_iter().filter(|text| text.ends_with('*')));
            wrong.extend(all.map(|text| format!("{name} allows {text}")));
        });
    }
    let roles: BTreeSet<&str> = resources(template, "AWS::IAM::Role").map(|(name, _)| name).collect();
    for (name, function) in resources(template, "AWS::Serverless::Function") {
        let role = named(&function["Properties"]["Role"]);
        wrong.extend(
            (!roles.contains(role))
                .then(|| format!("{name} has no role of its own: SAM would add one that reaches more")),
        );
    }
    wrong
}

fn functions(template: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    for (name, function) in resources(template, "AWS::Serverless::Function") {
        let logs = &template["Resources"][named(&function["Properties"]["LoggingConfig"]["LogGroup"])];
        let watched = |metric: &str| {
            alarms(template).any(|alarm| alarm["MetricName"] == metric && dimension(alarm) == Some(name))
        };
        let checks = [
            (!logs["Properties"]["RetentionInDays"].is_null(), "logs that end"),
            (watched("Errors"), "an alarm of its errors"),
            (watched("Throttles"), "an alarm of its throttles"),
            (function["Metadata"]["BuildMethod"] == "rust-cargolambda", "the common build"),
            (function["Metadata"]["BuildProperties"]["Binary"].is_string(), "a binary"),
            (
                function["Properties"]["MemorySize"].is_u64()
                    || !named(&function["Properties"]["MemorySize"]).is_empty(),
                "a size",
            ),
        ];
        wrong.extend(checks.into_iter().filter(|(holds, _)| !holds).map(|(_, what)| format!("{name} lacks {what}")));
    }
    let globals = &template["Globals"]["Function"];
    wrong.extend((globals["Runtime"] != "provided.al2023").then(|| "the runtime is not provided.al2023".to_owned()));
    wrong.extend(
        (named(&globals["Architectures"][0]) != "Architecture").then(|| "the processor is no parameter".to_owned()),
    );
    wrong
}

fn table(template: &Value) -> Vec<String> {
    let resource = &template["Resources"]["Table"];
    let properties = &resource["Properties"];
    let made = made_by_the_store();
    let mut wrong = Vec::new();
    for part in ["AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode"] {
        wrong.extend((properties[part] != made[part]).then(|| format!("{part}: the store makes {}", made[part])));
    }
    let checks = [
        (
            properties["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] == true,
            "recovery to a point in time",
        ),
        (properties["TimeToLiveSpecification"]["Enabled"] == true, "a time to live"),
        (named(&properties["SSESpecification"]["KMSMasterKeyId"]) == "Key", "encryption with the key of the stack"),
        (named(&properties["DeletionProtectionEnabled"]) == "DeletionProtection", "protection from deletion"),
        (resource["DeletionPolicy"] == "Retain", "a life beyond the stack"),
    ];
    wrong.extend(checks.into_iter().filter(|(holds, _)| !holds).map(|(_, what)| format!("Table lacks {what}")));
    wrong
}

/// The request by which the store makes its table on one machine.
fn made_by_the_store() -> Value {
    let seen: Arc<Mutex<Value>> = Arc::default();
    let keep = seen.clone();
    let transport = Transport::in_process(Arc::new(move |request: http::Request<bytes::Bytes>| {
        let body: Value = serde_json::from_slice(request.body()).unwrap();
        let listing = body.as_object().is_some_and(|body| body.is_empty());
        if !listing {
            *keep.lock().unwrap() = body;
        }
        let answer = if listing { r#"{"TableNames":[]}"# } else { "{}" };
        async move { Ok(http::Response::new(bytes::Bytes::from(answer))) }.boxed()
    }));
    let clock = Clock::manual("2026-11-20T08:00:00Z".parse().unwrap());
    let client = app::dynamodb_client(app::aws_http_client(transport), &clock);
    clock.run(store::Store::new(client, "table").create_table_if_missing()).unwrap();
    let made = seen.lock().unwrap();
    made.clone()
}

fn environment(template: &Value) -> Vec<String> {
    let variables = &template["Globals"]["Function"]["Environment"]["Variables"];
    let asked = RefCell::new(BTreeSet::new());
    let read = app::CloudConfig::read(|name| {
        asked.borrow_mut().insert(name.to_owned());
        let given = !variables[name].is_null() || name.starts_with("AWS_");
        // Each value must be good for what it is: most are addresses.
        let value = match name {
            "LOG" => "info",
            "HUBSPOT_APP_ID" => "1",
            _ => "https://example.invalid",
        };
        given.then(|| value.to_owned())
    });
    let mut wrong: Vec<String> = read.err().map_or_else(Vec::new, |faults| faults.0);
    let asked = asked.borrow();
    let unread = variables.as_object().into_iter().flatten().filter(|(name, _)| !asked.contains(*name));
    wrong.extend(unread.map(|(name, _)| format!("{name} is set, and nobody reads it")));
    wrong
}

fn watched(template: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    for metric in ["ApproximateNumberOfMessagesVisible", "ApproximateAgeOfOldestMessage", "Errors", "Throttles"] {
        let count = alarms(template).filter(|alarm| alarm["MetricName"] == metric).count();
        wrong.extend((count < QueueName::ALL.len()).then(|| format!("{metric} rings for {count} only")));
    }
    for metric in ["TokenRefreshFailures", "StaleTurns", "Panics", "Invocations"] {
        let rings = alarms(template).any(|alarm| alarm["MetricName"] == metric);
        wrong.extend((!rings).then(|| format!("{metric} does not ring")));
    }
    for service in ["kleer", "hubspot"] {
        let of_service = |alarm: &Value| {
            let metrics = alarm["Metrics"].as_array().map(Vec::as_slice).unwrap_or_default();
            let expression =
                metrics.iter().any(|one| one["Expression"].as_str().is_some_and(|text| text.contains('/')));
            let about = |one: &Value| one["MetricStat"]["Metric"]["Dimensions"][0]["Value"] == service;
            expression && metrics.iter().any(about) && alarm["Threshold"] == 5
        };
        wrong.extend((!alarms(template).any(of_service)).then(|| format!("the error rate of {service} does not ring")));
    }
    let body =
        template["Resources"]["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"].as_str().unwrap_or_default();
    // Rows travel with their record and have no turn of their own.
    let objects = ObjectType::ALL
        .iter()
        .filter(|object| object.as_str() != "line_item")
        .map(|object| format!(r#""Freshness", "Object", "{object}""#));
    let shown =
        ["p50", "p95", "RecordsWritten", "Requests", "RequestsRateLimited", "FailingRecords"].map(str::to_owned);
    let missing = objects.chain(shown).filter(|text| !body.contains(text.as_str()));
    wrong.extend(missing.map(|text| format!("the dashboard does not show {text}")));
    wrong.extend(serde_json::from_str::<Value>(body).err().map(|e| format!("the dashboard is no JSON: {e}")));
    wrong
}
