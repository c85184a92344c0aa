//! Puts an [`App`] together on AWS: clients are built, connections opened, and what is wrong is found before the first event.

use futures::future::{join3, try_join_all};
use queue::{Queue, QueueName};
use rest::{Clock, Transport};
use store::Store;

use crate::{App, AppSecret, AppSecretError, CloudConfig, Parts, Post, dynamodb, sqs_client};

/// Why a function cannot start; one sentence.
#[derive(Debug, thiserror::Error)]
pub enum CloudStartError {
    /// The app secret.
    #[error(transparent)]
    Secret(#[from] AppSecretError),
    /// The table is not there, or may not be read.
    #[error("The table {table} cannot be used: {why}.")]
    Table {
        /// Its name.
        table: String,
        /// Why not.
        why: String,
    },
}

impl App {
    /// An app on AWS. `woken_by` are the queues that wake this function: those that it may ask about.
    ///
    /// # Errors
    /// If the secret is missing or malformed, or the table cannot be used at all. A table or a queue that only does not answer at
    /// this moment stops nobody: whatever needs it comes again.
    pub async fn on_aws(
        config: &CloudConfig,
        transport: Transport,
        clock: Clock,
        woken_by: &[QueueName],
    ) -> Result<Self, CloudStartError> {
        let sdk = config.access.sdk(transport.clone(), &clock);
        let secrets = aws_sdk_secretsmanager::Client::new(&sdk);
        let store = Store::new(dynamodb(&sdk), &config.common.table_name);
        let queue = Queue::sqs(sqs_client(&sdk), config.queues.clone());
        let secret = AppSecret::fetch(&secrets, &config.app_secret_id);
        let asked = try_join_all(woken_by.iter().map(|name| queue.check(*name)));
        let (secret, table, asked) = join3(secret, store.check(), asked).await;
        let AppSecret { client_secrets, keys } = secret?;
        match table {
            Ok(()) => {}
            Err(store::Error::Refused(text)) => {
                // What follows in parentheses is the SDK's whole answer.
                let why = text.split(" (").next().unwrap_or_default().to_owned();
                return Err(CloudStartError::Table { table: config.common.table_name.clone(), why });
            }
            Err(error) => tracing::warn!(%error, "the table does not answer yet"),
        }
        if let Err(error) = asked {
            tracing::warn!(%error, "the queue does not answer yet");
        }
        let post = config.common.notice_sender.clone().map_or_else(Post::log, |sender| {
            Post::ses(config.access.clone(), sender, transport.clone(), clock.clone())
        });
        let app = Self::new(Parts {
            config: config.common.clone(),
            clock,
            store,
            queue,
            keys,
            client_secrets,
            kleer_transport: transport.clone(),
            hubspot_transport: transport,
        });
        Ok(Self { post, ..app })
    }
}
