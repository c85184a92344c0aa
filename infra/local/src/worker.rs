//! What EventBridge, SQS and Lambda are on AWS: ticks, hands messages to the functions, and does with them what they say.

use std::pin::pin;
use std::time::Duration;

use app::App;
use futures::future::LocalBoxFuture;
use futures::stream::{FuturesUnordered, StreamExt as _};
use futures::{FutureExt as _, future};
use jiff::Timestamp;
use queue::{Delivery, Handled, QueueName};

/// How many batches are worked on at once, each of another group.
const BATCHES: usize = 8;

/// How often a look is taken for new messages while others are worked on.
const GLANCE: Duration = Duration::from_millis(200);

/// A failure of this machine's own store or queue.
#[derive(Debug, thiserror::Error)]
pub enum WorkerError {
    /// A tick failed.
    #[error(transparent)]
    Tick(#[from] sync::TickError),
    /// The queue failed.
    #[error(transparent)]
    Queue(#[from] queue::Error),
}

/// Ticks once and answers how many polls were queued.
///
/// # Errors
/// If the store or the queue fails.
pub async fn tick(app: &App) -> Result<usize, WorkerError> {
    Ok(poll_function::tick(app).await?)
}

/// What a queue may do with a batch that delivers at least once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Twist {
    /// It is handed out once.
    None,
    /// It is handed out again when it was handled.
    Twice,
    /// It is handed to two workers at once.
    AtOnce,
    /// That it was handled is never heard of: it comes again when its time is over.
    Unheard,
}

/// Works until nothing can be done at this moment: every message that can be handed out was handled, and so was what came
/// of it. Messages that were put back with a pause are left waiting. Answers how many messages were handled.
///
/// # Errors
/// If the queue fails.
pub async fn work(app: &App) -> Result<usize, WorkerError> {
    work_on(app, BATCHES, || Twist::None).await
}

/// The same, on a queue that does with each batch what `twist` says.
///
/// # Errors
/// If the queue fails.
pub async fn work_with(app: &App, twist: impl Fn() -> Twist) -> Result<usize, WorkerError> {
    work_on(app, BATCHES, twist).await
}

async fn work_on(app: &App, batches: usize, twist: impl Fn() -> Twist) -> Result<usize, WorkerError> {
    let mut running: FuturesUnordered<LocalBoxFuture<'_, Result<usize, WorkerError>>> = FuturesUnordered::new();
    let mut handled = 0;
    loop {
        // People wait for changes. Pages before polls: they end runs, and polls only begin more of them.
        for queue in [QueueName::Change, QueueName::Sync, QueueName::Poll] {
            while running.len() < batches {
                let batch = app.queue.receive(queue, app.clock.now()).await?;
                if batch.is_empty() {
                    break;
                }
                running.push(one_batch(app, queue, batch, twist()).boxed_local());
            }
        }
        if running.is_empty() {
            return Ok(handled);
        }
        // Another portal's work may arrive while this goes on.
        let glance = pin!(app.clock.sleep(GLANCE));
        match future::select(running.next(), glance).await {
            future::Either::Left((done, _)) => handled += done.unwrap_or(Ok(0))?,
            future::Either::Right(((), _)) => {}
        }
    }
}

async fn one_batch(app: &App, queue: QueueName, batch: Vec<Delivery>, twist: Twist) -> Result<usize, WorkerError> {
    let handled = match twist {
        Twist::None | Twist::Unheard => handle(app, queue, &batch).await,
        Twist::Twice => {
            handle(app, queue, &batch).await;
            handle(app, queue, &batch).await
        }
        Twist::AtOnce => future::join(handle(app, queue, &batch), handle(app, queue, &batch)).await.1,
    };
    if twist == Twist::Unheard {
        return Ok(batch.len());
    }
    let now = app.clock.now();
    for (delivery, handled) in batch.iter().zip(handled) {
        match handled {
            Handled::Done => app.queue.delete(delivery).await?,
            Handled::Again(pause) => app.queue.put_back(delivery, pause, now).await?,
            Handled::NotYet => app.queue.put_back_untried(delivery, now).await?,
        }
    }
    Ok(batch.len())
}

async fn handle(app: &App, queue: QueueName, batch: &[Delivery]) -> Vec<Handled> {
    match queue {
        QueueName::Poll => poll_function::handle(app, batch, Timestamp::MAX).await,
        QueueName::Sync | QueueName::Change => sync_function::handle(app, batch, Timestamp::MAX).await,
    }
}

/// When a message that waits can be handed out; none if none waits.
#[must_use]
pub fn next_message(app: &App) -> Option<Timestamp> {
    QueueName::ALL.into_iter().filter_map(|queue| app.queue.next_ready(queue)).min()
}

/// Ticks every `beat` and works on what is there, for ever: until `stop` resolves.
pub async fn run(app: &App, beat: Duration, stop: impl Future<Output = ()>) {
    run_wide(app, beat, BATCHES, stop).await;
}

/// The same with that many batches at once.
pub async fn run_wide(app: &App, beat: Duration, batches: usize, stop: impl Future<Output = ()>) {
    // A store that fails for a moment must not end the process; what was not done is still there.
    let ticking = async {
        loop {
            if let Err(error) = tick(app).await {
                tracing::error!(%error, "the tick failed and comes again");
            }
            app.clock.sleep(beat).await;
        }
    };
    let working = async {
        loop {
            match work_on(app, batches, || Twist::None).await {
                Ok(0) => app.clock.sleep(GLANCE).await,
                Ok(_) => {}
                Err(error) => {
                    tracing::error!(%error, "the queue failed and is asked again");
                    app.clock.sleep(beat).await;
                }
            }
        }
    };
    let for_ever = future::join(ticking, working);
    future::select(pin!(for_ever), pin!(stop)).await;
}
