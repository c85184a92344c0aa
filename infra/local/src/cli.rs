//! The command line.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

use app::Config;
use clap::{Args, Parser, Subcommand, ValueEnum as _};
use domain::ObjectType;

use crate::pretend::{Faults, More, Scene};
use crate::{
    bench, connect, cost, demo, forget, guide, output, plan, serve, settings_api, simulate, simulators,
    workflow_actions,
};

/// Kleer for HubSpot on one machine. Without a command: the demo.
#[derive(Parser)]
#[command(
    name = "cargo local",
    bin_name = "cargo local",
    version,
    disable_help_subcommand = true,
    args_conflicts_with_subcommands = true
)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    demo: DemoArgs,
}

#[derive(Subcommand)]
enum Command {
    /// Synchronizes a seeded Swedish company from a pretend Kleer to a pretend HubSpot
    Demo(DemoArgs),
    /// Synchronizes real accounts; credentials come from the environment
    Serve(ServeArgs),
    /// Prints what a run would do; writes nothing
    Plan(PlanArgs),
    /// Serves the two simulators alone
    Simulators(SimulatorArgs),
    /// Connects the portal of the static token to a system on AWS; everything comes from the environment
    Connect(ConnectArgs),
    /// Deletes everything that is kept of a portal, on AWS (as for connect, everything comes from the environment) or in a folder
    Forget(ForgetArgs),
    /// Computes what the system costs on AWS, from counted requests and the prices of infra/prices.json
    Cost,
    /// Writes the workflow actions of the HubSpot project from their declarations
    WorkflowActions {
        /// Only say what is out of date
        #[arg(long)]
        check: bool,
    },
    /// Writes the description of the settings API, infra/settings-api.json, from the code
    SettingsApi {
        /// Only say whether it is out of date
        #[arg(long)]
        check: bool,
    },
    /// Writes the tables of the user guide, infra/guide, from the declarations in the code
    Guide {
        /// Only say what is out of date
        #[arg(long)]
        check: bool,
    },
    /// Measures, and prints figures with their targets
    Bench(BenchArgs),
    /// Plays weeks in which everything happens and everything goes wrong, by seed, and checks what must always hold
    Simulate(simulate::Args),
    /// The measuring process of a benchmark
    #[command(hide = true)]
    MeasurePoll {
        /// A folder that the benchmark prepared
        #[arg(long)]
        folder: PathBuf,
    },
}

#[derive(Debug, Args)]
struct DemoArgs {
    /// Stop after the first sync and one more run
    #[arg(long)]
    once: bool,
    /// Print the summary as one JSON object on the last line of standard output, all else on standard error
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    company: CompanyArgs,
    /// Port of this process; the pretend Kleer has the next, the pretend HubSpot the one after it. With --once nothing
    /// listens unless a port is given [default: 8080]
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=65533))]
    port: Option<u16>,
    /// Folder where everything keeps its state; thrown away without
    #[arg(long)]
    data: Option<PathBuf>,
}

/// What is in the pretend Kleer. Without any number there is something of everything.
#[derive(Debug, Args)]
struct CompanyArgs {
    /// Clients in the pretend Kleer [default: 500]
    #[arg(long)]
    clients: Option<u32>,
    /// Products in the pretend Kleer [default: 100]
    #[arg(long)]
    products: Option<u32>,
    /// Invoices in the pretend Kleer, with their rows [default: 0, or 1000 if no number is given at all]
    #[arg(long)]
    invoices: Option<u32>,
    /// Agreements in the pretend Kleer, with their rows [default: 0, or 100 if no number is given at all]
    #[arg(long)]
    agreements: Option<u32>,
    /// Projects in the pretend Kleer [default: 0, or 40 if no number is given at all]
    #[arg(long)]
    projects: Option<u32>,
    /// Seed of the company and of all faults
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// What goes wrong in the simulators
    #[arg(long, value_enum, default_value_t = Faults::None)]
    faults: Faults,
}

impl CompanyArgs {
    fn scene(&self) -> Scene {
        let Self { clients, products, invoices, agreements, projects, seed, faults } = *self;
        let everything = Scene::everything();
        let numbers = [clients, products, invoices, agreements, projects];
        let more = if numbers.iter().any(Option::is_some) { More::default() } else { everything.more };
        Scene {
            seed,
            clients: clients.unwrap_or(everything.clients),
            products: products.unwrap_or(everything.products),
            more: More {
                invoices: invoices.unwrap_or(more.invoices),
                agreements: agreements.unwrap_or(more.agreements),
                projects: projects.unwrap_or(more.projects),
            },
            faults,
            latency: false,
        }
    }
}

#[derive(Args)]
struct ServeArgs {
    /// Folder of the embedded store and the key ring [env: DATA_DIR] [default: ./data]
    #[arg(long)]
    data: Option<PathBuf>,
    /// Port to listen on
    #[arg(long, default_value_t = 8080, value_parser = clap::value_parser!(u16).range(1..))]
    port: u16,
    /// Object types to synchronize, separated by commas [default: all]
    #[arg(long, value_delimiter = ',')]
    objects: Option<Vec<ObjectType>>,
    /// Poll every type at this pace, in seconds, instead of its own interval
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..))]
    every: Option<u32>,
    #[command(flatten)]
    accounts: AccountArgs,
}

/// Accounts and addresses, where they are not in the environment. No `Debug`: it holds secrets.
#[derive(Args)]
struct AccountArgs {
    /// Where Kleer is [env: KLEER_BASE_URL]
    #[arg(long, value_name = "URL")]
    kleer_base_url: Option<String>,
    /// Where HubSpot is [env: HUBSPOT_BASE_URL]
    #[arg(long, value_name = "URL")]
    hubspot_base_url: Option<String>,
    /// The HubSpot portal [env: HUBSPOT_PORTAL_ID]
    #[arg(long, value_name = "ID")]
    hubspot_portal_id: Option<String>,
    /// Its token; better in the environment, where other users do not see it [env: HUBSPOT_ACCESS_TOKEN]
    #[arg(long, value_name = "TOKEN")]
    hubspot_access_token: Option<String>,
    /// The Kleer company [env: KLEER_COMPANY_ID]
    #[arg(long, value_name = "ID")]
    kleer_company_id: Option<String>,
    /// Its key; better in the environment, where other users do not see it [env: KLEER_API_KEY]
    #[arg(long, value_name = "KEY")]
    kleer_api_key: Option<String>,
}

#[derive(Args)]
struct PlanArgs {
    /// The object type
    #[arg(long)]
    object: ObjectType,
    /// The demo's plan instead of a real account's
    #[arg(long)]
    demo: bool,
    /// The plan as one JSON object
    #[arg(long)]
    json: bool,
    /// Folder of the embedded store [env: DATA_DIR] [default: ./data]
    #[arg(long)]
    data: Option<PathBuf>,
    #[command(flatten)]
    accounts: AccountArgs,
}

#[derive(Debug, Args)]
struct SimulatorArgs {
    /// Port of the pretend Kleer
    #[arg(long, default_value_t = 8081)]
    kleer_port: u16,
    /// Port of the pretend HubSpot
    #[arg(long, default_value_t = 8082)]
    hubspot_port: u16,
    #[command(flatten)]
    company: CompanyArgs,
    /// Folder where they keep their state; thrown away without
    #[arg(long)]
    data: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct ConnectArgs {
    /// Object types to synchronize, separated by commas [default: all]
    #[arg(long, value_delimiter = ',')]
    objects: Option<Vec<ObjectType>>,
    /// Poll every type at this pace, in seconds, instead of its own interval
    #[arg(long, value_parser = clap::value_parser!(u32).range(60..))]
    every: Option<u32>,
}

#[derive(Debug, Args)]
struct ForgetArgs {
    /// The portal's number
    #[arg(long)]
    portal: domain::PortalId,
    /// Folder of a store on this machine, instead of the table on AWS
    #[arg(long)]
    data: Option<PathBuf>,
    /// Do not ask
    #[arg(long)]
    yes: bool,
}

#[derive(Debug, Args)]
struct BenchArgs {
    /// What to measure
    #[arg(value_enum)]
    what: bench::What,
    /// How many portals there are, for `tick`
    #[arg(long, default_value_t = 100_000)]
    portals: u32,
    /// The figures as one JSON object on the last line of standard output
    #[arg(long)]
    json: bool,
}

/// Runs the command line of this process.
pub async fn run() -> ExitCode {
    let cli = Cli::parse();
    let outcome = match cli.command.unwrap_or(Command::Demo(cli.demo)) {
        Command::Demo(args) => demo(args).await,
        Command::Serve(args) => serve(args).await,
        Command::Plan(args) => plan(args).await,
        Command::Simulators(args) => simulators(args).await,
        Command::Connect(args) => connect::run(args.objects, args.every).await.map(|()| true),
        Command::Forget(args) => forget(args).await,
        Command::Cost => cost::run().map_err(|e| e.to_string()),
        Command::WorkflowActions { check } => workflow_actions::run(check),
        Command::SettingsApi { check } => settings_api::run(check),
        Command::Guide { check } => guide::run(check),
        Command::Bench(args) => bench(args).await,
        Command::Simulate(args) => simulate::run(&args),
        Command::MeasurePoll { folder } => bench::measure_poll(&folder).await.map_err(|e| e.to_string()),
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(message) => {
            output::complain(&message);
            ExitCode::FAILURE
        }
    }
}

async fn demo(args: DemoArgs) -> Result<bool, String> {
    let DemoArgs { once, json, company, port, data } = args;
    let port = if once { port } else { Some(port.unwrap_or(8080)) };
    let options = demo::Options { once, json, scene: company.scene(), port, data };
    demo::run(&options).await.map_err(|e| e.to_string())
}

async fn serve(args: ServeArgs) -> Result<bool, String> {
    let ServeArgs { data, port, objects, every, accounts } = args;
    let config = configuration(accounts, data)?;
    let options = serve::Options { port, objects, every_s: every };
    serve::run(config, &options).await.map(|()| true).map_err(|e| e.to_string())
}

async fn plan(args: PlanArgs) -> Result<bool, String> {
    let PlanArgs { object, demo, json, data, accounts } = args;
    let planned = if demo {
        plan::demo(object, json).await
    } else {
        plan::real(configuration(accounts, data)?, object, json).await
    };
    planned.map(|()| true).map_err(|e| e.to_string())
}

async fn simulators(args: SimulatorArgs) -> Result<bool, String> {
    let SimulatorArgs { kleer_port, hubspot_port, company, data } = args;
    let served = simulators::run(&company.scene(), kleer_port, hubspot_port, data.as_deref()).await;
    served.map(|()| true).map_err(|e| e.to_string())
}

async fn forget(args: ForgetArgs) -> Result<bool, String> {
    let ForgetArgs { portal, data, yes } = args;
    forget::run(&forget::Options { portal, data, yes }).await
}

/// Figures of a debug build mean nothing: an optimized binary is built and measures.
async fn bench(args: BenchArgs) -> Result<bool, String> {
    let BenchArgs { what, portals, json } = args;
    // Of a cold start other processes are measured, and those are optimized.
    if !cfg!(debug_assertions) || what == bench::What::ColdStart {
        return bench::run(what, portals, json).await.map_err(|e| e.to_string());
    }
    output::say(true, "Building with optimizations first; that takes some minutes the first time…");
    let what = what.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned());
    let mut cargo = std::process::Command::new("cargo");
    cargo.args(["run", "--profile", "bench", "--package", "local", "--bin", "local", "--", "bench", &what]);
    cargo.args(["--portals", &portals.to_string()]);
    if json {
        cargo.arg("--json");
    }
    let status = cargo.status().map_err(|e| format!("cargo cannot be started: {e}"))?;
    Ok(status.success())
}

/// The environment, with the options over it.
fn configuration(accounts: AccountArgs, data: Option<PathBuf>) -> Result<Config, String> {
    let options = [
        ("DATA_DIR", data.map(|folder| folder.display().to_string())),
        ("KLEER_BASE_URL", accounts.kleer_base_url),
        ("HUBSPOT_BASE_URL", accounts.hubspot_base_url),
        ("HUBSPOT_PORTAL_ID", accounts.hubspot_portal_id),
        ("HUBSPOT_ACCESS_TOKEN", accounts.hubspot_access_token),
        ("KLEER_COMPANY_ID", accounts.kleer_company_id),
        ("KLEER_API_KEY", accounts.kleer_api_key),
    ];
    let overrides: BTreeMap<_, _> = options.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
    Config::from_environment(&overrides).map_err(|e| e.to_string())
}
