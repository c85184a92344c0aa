//! A process that dies at a chosen moment: at the n-th call to the outside (store, Kleer, HubSpot), before the call or after
//! it. From then on nothing of the process ever goes on, which is what `kill -9` looks like from outside.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use futures::FutureExt as _;
use rest::{Handler, Transport};
use tokio::sync::Notify;

/// Where in a call the process dies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// The other side never hears of the call.
    Before,
    /// The other side has done it, and nobody here knows.
    After,
}

/// Sees every call to the store that was answered: the operation, what was asked, what was answered.
pub type Watch = Arc<dyn Fn(&str, &[u8], &[u8]) + Send + Sync>;

/// Counts calls and stops the process at one of them. Clones are the same fuse.
#[derive(Clone)]
pub struct Fuse(Arc<Inner>);

impl std::fmt::Debug for Fuse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Fuse")
    }
}

struct Inner {
    calls: AtomicU64,
    armed: AtomicBool,
    last: u64,
    moment: Moment,
    blown: Notify,
    watch: OnceLock<Watch>,
}

impl Fuse {
    /// A fuse that never blows.
    #[must_use]
    pub fn never() -> Self {
        Self::at(u64::MAX, Moment::Before)
    }

    /// Dies at call number `last`, counted from 1 once the fuse is armed.
    #[must_use]
    pub fn at(last: u64, moment: Moment) -> Self {
        let (calls, armed) = (AtomicU64::new(0), AtomicBool::new(false));
        Self(Arc::new(Inner { calls, armed, last, moment, blown: Notify::new(), watch: OnceLock::new() }))
    }

    /// Begins to count.
    pub fn arm(&self) {
        self.0.armed.store(true, Ordering::SeqCst);
    }

    /// Shows every call to the store to somebody; the first who asks for it.
    pub fn watch(&self, watch: Watch) {
        drop(self.0.watch.set(watch));
    }

    /// A call to the store was answered.
    pub(crate) fn seen(&self, operation: &str, asked: &[u8], answered: &[u8]) {
        if let Some(watch) = self.0.watch.get() {
            watch(operation, asked, answered);
        }
    }

    /// Resolves when the process has died.
    pub async fn blown(&self) {
        self.0.blown.notified().await;
    }

    /// Makes a call, if the process still lives; never resolves if it does not.
    pub async fn guard<T>(&self, call: impl Future<Output = T>) -> T {
        let inner = &self.0;
        if !inner.armed.load(Ordering::SeqCst) {
            return call.await;
        }
        let number = inner.calls.fetch_add(1, Ordering::SeqCst) + 1;
        if number > inner.last || (number == inner.last && inner.moment == Moment::Before) {
            return self.die().await;
        }
        let answer = call.await;
        if number == inner.last || inner.calls.load(Ordering::SeqCst) > inner.last {
            return self.die().await;
        }
        answer
    }

    /// The same for a transport.
    #[must_use]
    pub fn transport(&self, transport: Transport) -> Transport {
        let Transport::InProcess(handler) = transport else { return transport };
        let fuse = self.clone();
        let guarded: Handler = Arc::new(move |request| {
            let (fuse, handler) = (fuse.clone(), handler.clone());
            async move { fuse.guard(handler(request)).await }.boxed()
        });
        Transport::in_process(guarded)
    }

    async fn die<T>(&self) -> T {
        self.0.blown.notify_one();
        std::future::pending().await
    }
}
