use super::*;

const GOOD: [(&str, &str); 9] = [
    ("TABLE_NAME", "table"),
    ("POLL_QUEUE_URL", "https://sqs.eu-north-1.amazonaws.com/1/poll.fifo"),
    ("SYNC_QUEUE_URL", "https://sqs.eu-north-1.amazonaws.com/1/sync.fifo"),
    ("CHANGE_QUEUE_URL", "https://sqs.eu-north-1.amazonaws.com/1/change.fifo"),
    ("APP_SECRET_ID", "app"),
    ("AWS_REGION", "eu-north-1"),
    ("AWS_ACCESS_KEY_ID", "AKIA"),
    ("AWS_SECRET_ACCESS_KEY", "hidden-key"),
    ("AWS_SESSION_TOKEN", "hidden-token"),
];

fn check(changed: &[(&str, &str)]) -> String {
    let find = |list: &[(&str, &str)], name: &str| {
        list.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
    };
    match CloudConfig::read(|name| find(changed, name).or_else(|| find(&GOOD, name))) {
        Ok(config) => format!("{:?} {} {:?}", config.queues, config.metric_namespace, config.access),
        Err(error) => error.to_string(),
    }
}

#[test]
fn what_lambda_and_the_template_set() {
    insta::assert_snapshot!(check(&[]), @r#"{Poll: "https://sqs.eu-north-1.amazonaws.com/1/poll.fifo", Sync: "https://sqs.eu-north-1.amazonaws.com/1/sync.fifo", Change: "https://sqs.eu-north-1.amazonaws.com/1/change.fifo"} KleerForHubspot AwsAccess { region: "eu-north-1", key_id: "AKIA", key: SecretBox<str>([REDACTED]), session: Some(SecretBox<str>([REDACTED])), endpoint: None }"#);
}

#[test]
fn one_sentence_per_fault() {
    insta::assert_snapshot!(check(&[("TABLE_NAME", ""), ("SYNC_QUEUE_URL", "sync.fifo"), ("APP_SECRET_ID", " "), ("AWS_REGION", ""), ("LOG", "a=b=c")]), @r#"
    LOG is "a=b=c", which is no filter: say for example info, or info,sync=debug
    TABLE_NAME is not set: the name of the DynamoDB table
    APP_SECRET_ID is not set: the secret with the key ring and the app's client secrets
    AWS_REGION is not set: the region of the stack; Lambda sets it, at a terminal you do
    SYNC_QUEUE_URL is "sync.fifo", which is no address: it must begin with https:// (or http://)
    "#);
}
