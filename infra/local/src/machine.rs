//! Puts an [`App`] together on this machine.

use std::fs::File;
use std::path::{Path, PathBuf};

use app::{App, Config, KeyRing, Parts};
use dynoxide::Database;
use queue::Queue;
use rest::{Clock, Transport};
use store::Store;

use crate::embedded;
use crate::fuse::Fuse;
use crate::weather::Weather;

/// The file of the embedded store in the data folder.
pub(crate) const STORE_FILE: &str = "store.db";

/// Why the machine cannot start; the text says what to do.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Another process works in the folder.
    #[error("the data folder {0} is in use by another process: stop that one, or choose another folder with --data")]
    InUse(String),
    /// The folder or a file in it cannot be used.
    #[error("the data folder {folder} cannot be used: {message}")]
    Folder {
        /// Which.
        folder: String,
        /// Why.
        message: String,
    },
    /// The key ring cannot be used.
    #[error(transparent)]
    Keys(#[from] app::KeyRingError),
    /// The store cannot be used.
    #[error("the store cannot be used: {0}")]
    Store(#[from] store::Error),
    /// The queue cannot be used.
    #[error(transparent)]
    Queue(#[from] queue::Error),
}

/// Where the machine keeps its state.
#[derive(Debug, Clone)]
pub enum Home {
    /// Nowhere: it is gone with the process.
    Memory,
    /// In a folder.
    Folder(PathBuf),
}

/// How bytes travel to both services.
#[derive(Debug, Clone)]
pub struct Transports {
    /// To Kleer.
    pub kleer: Transport,
    /// To HubSpot.
    pub hubspot: Transport,
}

impl Transports {
    /// The same, as long as the process lives.
    fn through(self, fuse: &Fuse) -> Self {
        Self { kleer: fuse.transport(self.kleer), hubspot: fuse.transport(self.hubspot) }
    }
}

/// What a machine stands on, where somebody else provides it: tests start several machines, one after the other, over one store.
#[derive(Clone)]
pub struct Ground {
    /// The store's database.
    pub database: Database,
    /// The key ring.
    pub keys: KeyRing,
    /// When the process dies.
    pub fuse: Fuse,
    /// How the store fares.
    pub weather: Weather,
}

impl std::fmt::Debug for Ground {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Ground")
    }
}

impl Ground {
    /// An empty store in memory, a new key ring, and a process that does not die.
    ///
    /// # Errors
    /// If the engine cannot start.
    pub fn fresh() -> Result<Self, StartError> {
        Ok(Self { database: open(None)?, keys: KeyRing::random(), fuse: Fuse::never(), weather: Weather::fair(0) })
    }
}

/// An app on this machine. Holds the folder for itself as long as it lives.
#[derive(Debug)]
pub struct Machine {
    /// The app.
    pub app: App,
    _lock: Option<File>,
}

impl Machine {
    /// Opens store, queue and key ring, and puts the app together.
    ///
    /// # Errors
    /// If the folder is in use or cannot be used.
    pub async fn start(config: Config, home: &Home, clock: Clock, transports: Transports) -> Result<Self, StartError> {
        let (database, keys, lock) = match home {
            Home::Memory => (open(None)?, KeyRing::random(), None),
            Home::Folder(folder) => {
                let lock = lock(folder)?;
                (open(Some(&folder.join(STORE_FILE)))?, KeyRing::open_or_create(&config.key_ring_file)?, Some(lock))
            }
        };
        let ground = Ground { database, keys, fuse: Fuse::never(), weather: Weather::fair(0) };
        let app = assemble(config, ground, clock, transports).await?;
        Ok(Self { app, _lock: lock })
    }

    /// An app over what is given. All its calls to the outside go through the fuse.
    ///
    /// # Errors
    /// If the store cannot be used.
    pub async fn over(
        config: Config,
        ground: Ground,
        clock: Clock,
        transports: Transports,
    ) -> Result<Self, StartError> {
        let transports = transports.through(&ground.fuse);
        Ok(Self { app: assemble(config, ground, clock, transports).await?, _lock: None })
    }

    /// Another process over the same store, working on the same queues, perhaps of another release or with another configuration.
    #[must_use]
    pub fn beside(&self, config: Config, ground: Ground, transports: Transports) -> Self {
        let clock = self.app.clock.clone();
        let transports = transports.through(&ground.fuse);
        let store = store_over(&config, &ground, &clock);
        let app = put_together(config, ground, clock, transports, store, self.app.queue.clone());
        Self { app, _lock: None }
    }

    /// An app over a copy of a folder's store, in memory: whatever is done to it, the folder stays as it is.
    ///
    /// # Errors
    /// If the folder cannot be read.
    pub async fn copy_of(
        config: Config,
        folder: &Path,
        clock: Clock,
        transports: Transports,
    ) -> Result<Self, StartError> {
        let database = open(None)?;
        let file = folder.join(STORE_FILE);
        if file.exists() {
            database.restore_from(&file.to_string_lossy()).map_err(|e| unusable(folder, &e))?;
        }
        let ground = Ground { database, ..Ground::fresh()? };
        let app = assemble(config, ground, clock, transports).await?;
        Ok(Self { app, _lock: None })
    }
}

async fn assemble(config: Config, ground: Ground, clock: Clock, transports: Transports) -> Result<App, StartError> {
    let store = store_over(&config, &ground, &clock);
    store.create_table_if_missing().await?;
    let queue = Queue::embedded(store.clone()).await?;
    Ok(put_together(config, ground, clock, transports, store, queue))
}

fn store_over(config: &Config, ground: &Ground, clock: &Clock) -> Store {
    let Ground { database, fuse, weather, .. } = ground.clone();
    let http = embedded::http_client_in(database, fuse, weather);
    Store::new(app::dynamodb_client(http, clock), config.table_name.clone())
}

fn put_together(
    config: Config,
    ground: Ground,
    clock: Clock,
    transports: Transports,
    store: Store,
    queue: Queue,
) -> App {
    let client_secrets = config.hubspot_client_secret.clone().into_iter().collect();
    let Transports { kleer, hubspot } = transports;
    App::new(Parts {
        config,
        clock,
        store,
        queue,
        keys: ground.keys,
        client_secrets,
        kleer_transport: kleer,
        hubspot_transport: hubspot,
    })
}

fn open(file: Option<&Path>) -> Result<Database, StartError> {
    let database = match file {
        None => Database::memory(),
        Some(path) => Database::new(&path.to_string_lossy()),
    };
    database.map_err(|e| {
        let file = file.unwrap_or(Path::new("memory"));
        tracing::error!(error = %e, "the store cannot be opened");
        StartError::Store(store::Error::Refused(format!(
            "{} cannot be opened: it is damaged or no store of this program; put a copy back, or delete it to begin anew",
            file.display()
        )))
    })
}

/// Takes the folder for this process alone; two workers on one store would do everything twice.
///
/// # Errors
/// If another process has it, or it cannot be made.
pub fn lock(folder: &Path) -> Result<File, StartError> {
    make_private(folder).map_err(|e| unusable(folder, &e))?;
    let file = File::create(folder.join("lock")).map_err(|e| unusable(folder, &e))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => Err(StartError::InUse(folder.display().to_string())),
        Err(std::fs::TryLockError::Error(e)) => Err(unusable(folder, &e)),
    }
}

/// Customers' data is for the owner of the process only.
fn make_private(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn unusable(folder: &Path, error: &dyn std::error::Error) -> StartError {
    StartError::Folder { folder: folder.display().to_string(), message: error.to_string() }
}
