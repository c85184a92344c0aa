//! Configuration on AWS, and the clients that come of it. Each variable is documented at its field; `template.yaml` sets
//! those that are ours, Lambda those that begin with `AWS_`.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use aws_sdk_dynamodb::config::{
    BehaviorVersion, Credentials, IdentityCache, Region, SharedAsyncSleep, SharedCredentialsProvider,
    StalledStreamProtectionConfig,
};
use aws_smithy_async::time::SharedTimeSource;
use aws_types::SdkConfig;
use queue::QueueName;
use rest::{Clock, Transport};
use secrecy::{ExposeSecret as _, SecretString};

use crate::aws::OnClock;
use crate::aws_http::aws_http_client;
use crate::config::{Config, ConfigError, base_url};

/// How long one attempt of a call to AWS may take, and all attempts together.
const ATTEMPT: std::time::Duration = std::time::Duration::from_secs(5);
const CALL: std::time::Duration = std::time::Duration::from_secs(20);

/// Everything that can be configured on AWS.
#[derive(Debug, Clone)]
pub struct CloudConfig {
    /// What is the same everywhere. Of it `TABLE_NAME` must be set on AWS.
    pub common: Config,
    /// `POLL_QUEUE_URL`, `SYNC_QUEUE_URL`, `CHANGE_QUEUE_URL`: the addresses of the queues.
    pub queues: BTreeMap<QueueName, String>,
    /// `APP_SECRET_ID`: name or ARN of the secret that holds the key ring and the app's client secrets.
    pub app_secret_id: String,
    /// `METRIC_NAMESPACE`: where our metrics go. Default `KleerForHubspot`.
    pub metric_namespace: String,
    /// How AWS is reached.
    pub access: AwsAccess,
}

/// How AWS is reached. Lambda sets these, and whoever runs `cargo local connect` or `cargo local forget`; its credentials do not
/// change as long as the process lives.
#[derive(Debug, Clone)]
pub struct AwsAccess {
    /// `AWS_REGION`.
    pub region: String,
    /// `AWS_ACCESS_KEY_ID`.
    pub key_id: String,
    /// `AWS_SECRET_ACCESS_KEY`.
    pub key: SecretString,
    /// `AWS_SESSION_TOKEN`; none for a user's own keys.
    pub session: Option<SecretString>,
    /// `AWS_ENDPOINT_URL`: one address instead of each service's own, for an emulator.
    pub endpoint: Option<String>,
}

impl CloudConfig {
    /// Reads the environment.
    ///
    /// # Errors
    /// Everything that is wrong, at once, one sentence each.
    pub fn from_environment() -> Result<Self, ConfigError> {
        Self::read(crate::config::environment)
    }

    /// Reads variables from anywhere. An empty variable counts as missing.
    ///
    /// # Errors
    /// Everything that is wrong, at once, one sentence each.
    pub fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let found = |name: &str| variable(name).map(|v| v.trim().to_owned()).filter(|v| !v.is_empty());
        let mut faults = Vec::new();
        let common = match Config::read(&variable) {
            Ok(common) => Some(common),
            Err(ConfigError(more)) => {
                faults.extend(more);
                None
            }
        };
        let mut required = |name: &str| {
            let value = found(name);
            if value.is_none() {
                faults.push(format!("{name} is not set: {}", purpose(name)));
            }
            value.unwrap_or_default()
        };
        required("TABLE_NAME");
        let queues = [
            (QueueName::Poll, "POLL_QUEUE_URL"),
            (QueueName::Sync, "SYNC_QUEUE_URL"),
            (QueueName::Change, "CHANGE_QUEUE_URL"),
        ];
        let queues: Vec<_> = queues.into_iter().map(|(queue, name)| (queue, name, required(name))).collect();
        let app_secret_id = required("APP_SECRET_ID");
        let access = AwsAccess {
            region: required("AWS_REGION"),
            key_id: required("AWS_ACCESS_KEY_ID"),
            key: required("AWS_SECRET_ACCESS_KEY").into(),
            session: found("AWS_SESSION_TOKEN").map(SecretString::from),
            endpoint: found("AWS_ENDPOINT_URL").map(|url| base_url("AWS_ENDPOINT_URL", url, &mut faults)),
        };
        let given = queues.into_iter().filter(|(_, _, url)| !url.is_empty());
        let queues = given.map(|(queue, name, url)| (queue, base_url(name, url, &mut faults))).collect();
        let metric_namespace = found("METRIC_NAMESPACE").unwrap_or_else(|| "KleerForHubspot".to_owned());
        match common.filter(|_| faults.is_empty()) {
            Some(common) => Ok(Self { common, queues, app_secret_id, metric_namespace, access }),
            None => Err(ConfigError(faults)),
        }
    }
}

fn purpose(variable: &str) -> &'static str {
    match variable {
        "TABLE_NAME" => "the name of the DynamoDB table",
        "POLL_QUEUE_URL" => "the address of the queue of polls",
        "SYNC_QUEUE_URL" => "the address of the queue of pages",
        "CHANGE_QUEUE_URL" => "the address of the queue of single records",
        "APP_SECRET_ID" => "the secret with the key ring and the app's client secrets",
        "AWS_REGION" => "the region of the stack; Lambda sets it, at a terminal you do",
        _ => "Lambda sets it; at a terminal: eval \"$(aws configure export-credentials --format env)\"",
    }
}

impl AwsAccess {
    /// What all clients of AWS are configured by: signing, waiting and giving up on our clock.
    #[must_use]
    pub fn sdk(&self, transport: Transport, clock: &Clock) -> SdkConfig {
        let credentials = credentials(self);
        let clock = OnClock(clock.clone());
        let mut config = SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(self.region.clone()))
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .identity_cache(IdentityCache::no_cache())
            .http_client(aws_http_client(transport))
            .sleep_impl(SharedAsyncSleep::new(clock.clone()))
            .time_source(SharedTimeSource::new(clock))
            .retry_config(RetryConfig::standard().with_max_attempts(4))
            .timeout_config(TimeoutConfig::builder().operation_attempt_timeout(ATTEMPT).operation_timeout(CALL).build())
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled());
        config.set_endpoint_url(self.endpoint.clone());
        config.build()
    }
}

/// The credentials as the SDK has them.
pub(crate) fn credentials(access: &AwsAccess) -> Credentials {
    let session = access.session.as_ref().map(|token| token.expose_secret().to_owned());
    Credentials::new(&access.key_id, access.key.expose_secret(), session, None, "environment")
}

/// A client of DynamoDB.
#[must_use]
pub fn dynamodb(sdk: &SdkConfig) -> aws_sdk_dynamodb::Client {
    aws_sdk_dynamodb::Client::new(sdk)
}

/// A client of SQS.
#[must_use]
pub fn sqs_client(sdk: &SdkConfig) -> aws_sdk_sqs::Client {
    aws_sdk_sqs::Client::new(sdk)
}

#[cfg(test)]
mod tests;
