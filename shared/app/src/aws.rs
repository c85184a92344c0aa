//! The AWS SDK on our clock.

use std::time::{Duration, SystemTime};

use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use aws_sdk_dynamodb::config::{
    AsyncSleep, BehaviorVersion, Credentials, IdentityCache, Region, SharedAsyncSleep, SharedHttpClient, Sleep,
    StalledStreamProtectionConfig,
};
use aws_smithy_async::time::{SharedTimeSource, TimeSource};
use rest::Clock;

/// A DynamoDB client over an HTTP client of the caller's (the embedded engine), waiting and signing on our clock, so that
/// it needs no runtime and a test replays exactly.
#[must_use]
pub fn dynamodb_client(http: SharedHttpClient, clock: &Clock) -> aws_sdk_dynamodb::Client {
    let clock = OnClock(clock.clone());
    let config = aws_sdk_dynamodb::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("eu-north-1"))
        .endpoint_url("http://embedded.invalid")
        .credentials_provider(Credentials::new("embedded", "embedded", None, None, "embedded"))
        .identity_cache(IdentityCache::no_cache())
        .http_client(http)
        .sleep_impl(SharedAsyncSleep::new(clock.clone()))
        .time_source(SharedTimeSource::new(clock))
        .retry_config(RetryConfig::standard().with_max_attempts(3))
        .timeout_config(TimeoutConfig::disabled())
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
        .build();
    aws_sdk_dynamodb::Client::from_conf(config)
}

/// Our clock in the SDK's words.
#[derive(Debug, Clone)]
pub(crate) struct OnClock(pub(crate) Clock);

impl AsyncSleep for OnClock {
    fn sleep(&self, duration: Duration) -> Sleep {
        let clock = self.0.clone();
        Sleep::new(async move { clock.sleep(duration).await })
    }
}

impl TimeSource for OnClock {
    fn now(&self) -> SystemTime {
        self.0.now().into()
    }
}
