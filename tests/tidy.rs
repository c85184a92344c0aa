//! The house rules as a test. The rules are those of the README: which crate may know which, what only one place may do,
//! how long things may be. Each check is a table and a few lines; its message says the rule, where it is broken, and how
//! to mend it. Lists of exceptions may only shrink: one that is no longer needed is an error as well.

#[path = "tidy/lexer.rs"]
mod lexer;
#[path = "tidy/tree.rs"]
mod tree;

use std::collections::BTreeMap;

use tree::{Package, TextFile};

/// What each crate may depend on, by folder. A row that ends in `/*` is for the crates of a folder that have no row.
const ARROWS: &[(&str, &str)] = &[
    ("shared/domain", ""),
    ("shared/rest", ""),
    ("shared/kleer", "rest"),
    ("shared/hubspot", "rest"),
    ("shared/store", "domain"),
    ("shared/queue", "domain store"),
    ("shared/app", "domain rest kleer hubspot store queue"),
    ("shared/sync", "domain rest kleer hubspot store queue app"),
    ("shared/lambda", "domain rest kleer hubspot store queue app web"),
    ("shared/web", "domain rest kleer hubspot store queue app"),
    ("shared/actions", "domain rest kleer hubspot store queue app sync"),
    ("shared/portal", "domain rest kleer hubspot store queue app sync"),
    ("shared/guide", ""),
    ("shared/kleer-sim", ""),
    ("shared/hubspot-sim", ""),
    ("functions/*", "domain rest kleer hubspot store queue app sync actions portal lambda web guide"),
    ("infra/local", ANYTHING),
    ("tests", ANYTHING),
];
const ANYTHING: &str = "*";

/// What `domain` may not even link: the ways to wait and to reach the outside.
const OUTSIDE: &[&str] = &["tokio", "futures", "reqwest", "hyper", "axum", "http", "aws", "lambda"];

/// What only some files may say: the rule, the words, the folders and files that may, what to do instead.
struct Reserved {
    rule: &'static str,
    words: &'static [&'static str],
    only: &'static [&'static str],
    mend: &'static str,
}

const ENVIRONMENT: Reserved = Reserved {
    rule: "only app reads the environment",
    words: &["env::var", "env::var_os", "env::vars", "env::vars_os", "env::set_var", "from_default_env"],
    only: &["shared/app/src/config.rs"],
    mend: "add a documented field to app::Config and pass its value",
};

const TIME: Reserved = Reserved {
    rule: "only the clock of rest reads the real time and waits",
    words: &[
        "SystemTime::now",
        "Timestamp::now",
        "Zoned::now",
        "thread::sleep",
        "time::sleep",
        "time::sleep_until",
        "time::timeout",
    ],
    only: &["shared/rest/src/clock.rs", "shared/rest/src/clock/"],
    mend: "take a rest::Clock, or the moment, as a parameter",
};

const STOPWATCH: Reserved = Reserved {
    rule: "only infra/local tells a person how long something really took",
    words: &["Instant::now", "time::interval"],
    only: &["shared/rest/src/clock.rs", "infra/local/src/"],
    mend: TIME.mend,
};

const CLIENTS: Reserved = Reserved {
    rule: "only rest builds HTTP clients",
    words: &["reqwest::"],
    only: &["shared/rest/src/"],
    mend: "send a rest::Request through a rest::Client",
};

/// Where a ban of `.clippy.toml` may be lifted.
const LIFTED: Reserved = Reserved {
    rule: "a banned function is used in one place each",
    words: &["clippy::disallowed_methods"],
    only: &["shared/rest/src/clock.rs", "shared/rest/src/transport.rs", "shared/app/src/config.rs"],
    mend: "do what .clippy.toml says beside the ban; if there is a reason not to, add the file to LIFTED here",
};

/// Traits that may have fewer than two implementors, each with its reason.
const LONELY_TRAITS: &[(&str, &str)] = &[];

const FILE_LINES: usize = 400;
const FUNCTION_LINES: usize = 60;
/// Longer files: path and lines.
const LONG_FILES: &[(&str, usize)] = &[];
/// Longer functions: path, `::`, name, and lines.
const LONG_FUNCTIONS: &[(&str, usize)] = &[];

/// What may stand at the top of the repository besides dotfiles.
const TOP: &[&str] =
    &["Cargo.toml", "Cargo.lock", "README.md", "template.yaml", "functions", "shared", "infra", "tests"];

/// What a comment or a path may not say. Cut in two, for this file is read as well.
const UNWANTED_TEXT: &[&str] =
    &[concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X")];
const UNWANTED_CODE: &[&str] = &["todo!", "unimplemented!", "dbg!", "#[ignore"];
const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// Fails with the rule, the places and the way to mend them, if there is any place.
#[track_caller]
fn none(rule: &str, mend: &str, places: impl IntoIterator<Item = String>) {
    let places: Vec<_> = places.into_iter().map(|place| format!("  {place}\n")).collect();
    assert!(places.is_empty(), "\n\nRule: {rule}.\n{}To mend it: {mend}.\n\n", places.concat());
}

fn rust() -> Vec<TextFile> {
    tree::files().into_iter().filter(TextFile::is_rust).collect()
}

/// Path and code of each file that is compiled into the product, without its inline tests.
fn product_code() -> Vec<(String, String)> {
    let files = rust().into_iter().filter(|file| !file.is_test());
    files.map(|file| (file.path, lexer::without_tests(&lexer::code(&file.text)))).collect()
}

/// `path:line says word` for each word in each text.
fn sayings<'a>(
    texts: impl IntoIterator<Item = (&'a str, &'a str)> + 'a,
    words: &'a [&'a str],
) -> impl Iterator<Item = String> + 'a {
    texts.into_iter().flat_map(move |(path, text)| {
        words.iter().flat_map(move |word| {
            lexer::words(text, word).map(move |at| {
                let line = text[..at].matches('\n').count() + 1;
                format!("{path}:{line} says {word}")
            })
        })
    })
}

// Which crate may know which.

#[test]
fn dependencies_point_downward() {
    let packages = tree::packages();
    let ours: BTreeMap<_, _> = packages.iter().map(|package| (package.name.as_str(), package)).collect();
    let wrong = packages.iter().flat_map(|package| {
        let Some(allowed) = arrows(&package.folder) else { return vec![format!("{} has no row", package.folder)] };
        let below = package.dependencies.iter().filter(|name| ours.contains_key(name.as_str()));
        let wrong = below.filter(|name| allowed != ANYTHING && !allowed.split(' ').any(|one| one == name.as_str()));
        wrong.map(|name| format!("{} depends on {name}", package.folder)).collect()
    });
    let mend =
        "move what is needed to a crate below both, or pass it as a parameter; a new crate needs a row in ARROWS";
    none("dependencies between our crates point downward, as in the table ARROWS", mend, wrong);
}

fn arrows(folder: &str) -> Option<&'static str> {
    let group = folder.split_once('/').map_or_else(String::new, |(group, _)| format!("{group}/*"));
    let row = |wanted: &str| ARROWS.iter().find(|(name, _)| *name == wanted);
    row(folder).or_else(|| row(&group)).map(|(_, allowed)| *allowed)
}

#[test]
fn only_local_and_tests_know_functions_and_simulators() {
    let packages = tree::packages();
    let edge = |name: &String| {
        let package = packages.iter().find(|package| package.name == *name);
        package.is_some_and(|one| one.folder.starts_with("functions/") || one.folder.ends_with("-sim"))
    };
    let others = packages.iter().filter(|package| arrows(&package.folder) != Some(ANYTHING));
    let wrong = others.flat_map(|package| {
        let known = package.dependencies.iter().chain(&package.test_dependencies).filter(|name| edge(name));
        known.map(|name| format!("{} depends on {name}", package.folder))
    });
    let mend = "put the test that needs it into the tests crate";
    none("only infra/local and tests depend on a function or a simulator, even for tests", mend, wrong);
}

#[test]
fn domain_is_synchronous_and_reaches_nothing() {
    let packages = tree::packages();
    let domain = packages.iter().find(|package| package.folder == "shared/domain").expect("there is a domain crate");
    let outside = |name: &&String| OUTSIDE.iter().any(|prefix| name.split(['-', '_']).next() == Some(*prefix));
    let linked = domain.dependencies.iter().filter(outside).map(|name| format!("shared/domain depends on {name}"));
    let code = product_code();
    let code = code.iter().filter(|(path, _)| path.starts_with("shared/domain/"));
    let waiting = sayings(code.map(|(path, code)| (path.as_str(), code.as_str())), &["async", "await"]);
    let mend = "let the caller gather what the rule needs, and pass it as a value";
    none("domain has no async fn and no crate that waits or reaches the outside", mend, linked.chain(waiting));
}

// What only one place may do.

fn check_reserved(reserved: &Reserved) {
    let files = rust();
    let code: Vec<_> = files.iter().map(|file| (file.path.as_str(), lexer::code(&file.text))).collect();
    let others = code.iter().filter(|(path, _)| !reserved.only.iter().any(|place| path.starts_with(place)));
    none(reserved.rule, reserved.mend, sayings(others.map(|(path, code)| (*path, code.as_str())), reserved.words));

    let said = |place: &str| {
        let texts = code.iter().filter(|(path, _)| path.starts_with(place)).map(|(path, code)| (*path, code.as_str()));
        sayings(texts, reserved.words).next().is_some()
    };
    let unused = reserved.only.iter().filter(|place| place.ends_with(".rs") && !said(place));
    none(reserved.rule, "take the file off the list, it needs no exception", unused.map(ToString::to_string));
}

#[test]
fn only_app_reads_the_environment() {
    check_reserved(&ENVIRONMENT);
}

#[test]
fn only_the_clock_reads_the_time_and_waits() {
    check_reserved(&TIME);
}

#[test]
fn only_local_measures_for_a_person() {
    check_reserved(&STOPWATCH);
}

#[test]
fn only_rest_builds_http_clients() {
    check_reserved(&CLIENTS);
    let packages = tree::packages();
    let users =
        packages.iter().filter(|one| one.folder != "shared/rest" && one.dependencies.contains(&"reqwest".into()));
    none(CLIENTS.rule, CLIENTS.mend, users.map(|package| format!("{} depends on reqwest", package.folder)));
}

#[test]
fn bans_are_lifted_where_agreed() {
    check_reserved(&LIFTED);
}

#[test]
fn functions_hold_no_rule() {
    let code = product_code();
    let functions = code.iter().filter(|(path, _)| path.starts_with("functions/"));
    let functions = functions.map(|(path, code)| (path.as_str(), code.as_str()));
    let mend = "move the branch below, to shared/sync or another crate of rules; a function only wires";
    none(
        "functions hold no rule: no branch on an object type",
        mend,
        sayings(functions, &["ObjectType", "match object"]),
    );
}

#[test]
fn traits_have_several_implementors() {
    let code = product_code();
    let implemented: Vec<_> = code.iter().flat_map(|(_, code)| lexer::implemented(code)).collect();
    let count = |name: &str| implemented.iter().filter(|one| *one == name).count();
    let excused = |name: &str| LONELY_TRAITS.iter().any(|(lonely, _)| *lonely == name);
    let traits = code.iter().flat_map(|(path, code)| lexer::traits(code).into_iter().map(move |name| (path, name)));
    let wrong: Vec<_> = traits
        .filter(|(_, name)| (count(name) < 2) != excused(name))
        .map(|(path, name)| format!("{path}: trait {name} has {} implementors", count(&name)))
        .collect();
    let mend = "use the type itself, an enum behind a struct, or a simulator; with a reason, a row in LONELY_TRAITS (which \
                goes when the trait has two)";
    none("no trait has a single implementor", mend, wrong);
}

// How long things may be.

#[test]
fn files_are_short() {
    let sizes: Vec<_> = product_code().into_iter().map(|(path, code)| (path, code.lines().count())).collect();
    println!("file: median {} lines", median(&sizes));
    let mend = "split the file by what its parts are about";
    none("a source file has at most 400 lines, tests apart", mend, too_long(&sizes, FILE_LINES, LONG_FILES));
}

#[test]
fn functions_are_short() {
    let named = |(path, code): &(String, String)| {
        let functions = lexer::functions(code).into_iter();
        functions.map(|(name, lines)| (format!("{path}::{name}"), lines)).collect::<Vec<_>>()
    };
    let sizes: Vec<_> = product_code().iter().flat_map(named).collect();
    println!("function: median {} lines", median(&sizes));
    let mend = "give the parts of the function names of their own";
    none("a function has at most 60 lines", mend, too_long(&sizes, FUNCTION_LINES, LONG_FUNCTIONS));
}

fn median(sizes: &[(String, usize)]) -> usize {
    let mut lines: Vec<_> = sizes.iter().map(|(_, lines)| *lines).collect();
    lines.sort_unstable();
    lines.get(lines.len() / 2).copied().unwrap_or_default()
}

/// What is longer than the limit or than its exception says, and exceptions that say more than is needed.
fn too_long(sizes: &[(String, usize)], limit: usize, exceptions: &[(&str, usize)]) -> Vec<String> {
    let allowed = |name: &str| exceptions.iter().find(|(known, _)| *known == name).map_or(limit, |(_, lines)| *lines);
    let long = sizes.iter().filter(|(name, lines)| *lines > allowed(name));
    let long = long.map(|(name, lines)| format!("{name}: {lines} lines, allowed are {}", allowed(name)));
    let largest = |name: &str| sizes.iter().filter(|(known, _)| known == name).map(|(_, lines)| *lines).max();
    let loose = exceptions.iter().filter(|(name, lines)| largest(name).unwrap_or_default() < *lines);
    let loose = loose.map(|(name, lines)| match largest(name).filter(|now| *now > limit) {
        Some(now) => format!("{name}: the exception says {lines} lines, {now} are left: lower it"),
        None => format!("{name}: the exception is no longer needed: remove it"),
    });
    long.chain(loose).collect()
}

// What stands where.

#[test]
fn the_top_is_what_was_agreed() {
    let others = tree::top().into_iter().filter(|name| !name.starts_with('.') && !TOP.contains(&name.as_str()));
    let mend = "move it below functions, shared, infra or tests, or ignore it if it is output";
    none("the top of the repository holds only the agreed names and dotfiles", mend, others);
}

#[test]
fn crates_have_the_common_manifest_and_an_overview() {
    let wrong = tree::packages().into_iter().flat_map(|package| lacking(&package));
    let mend = "copy the head of another crate's Cargo.toml; begin src/lib.rs with what the crate is for";
    none("every crate takes lints and publish from the workspace, has a description and an overview", mend, wrong);
}

fn lacking(package: &Package) -> Vec<String> {
    let manifest = tree::read(&format!("{}/Cargo.toml", package.folder)).unwrap_or_default();
    let library = tree::read(&format!("{}/src/lib.rs", package.folder)).unwrap_or_default();
    let overview = ["//! ", "#![doc = include_str!(\"../README.md\")]"];
    let checks = [
        (manifest.contains("[lints]\nworkspace = true"), "[lints] workspace = true"),
        (manifest.contains("\npublish.workspace = true"), "publish.workspace = true"),
        (!package.description.is_empty(), "a description"),
        (overview.iter().any(|start| library.starts_with(start)), "an overview at the start of src/lib.rs"),
    ];
    let missing = checks.into_iter().filter(|(there, _)| !there);
    missing.map(|(_, what)| format!("{} lacks {what}", package.folder)).collect()
}

#[test]
fn shared_readme_has_a_line_per_crate() {
    let readme = tree::read("shared/README.md").unwrap_or_default();
    let packages = tree::packages();
    let shared = packages.iter().filter_map(|package| package.folder.strip_prefix("shared/"));
    let lines = |name: &str| readme.lines().filter(|line| line.starts_with(&format!("| `{name}` |"))).count();
    let wrong = shared.clone().filter(|name| lines(name) != 1).map(|name| format!("{name} has {} lines", lines(name)));
    let rows = readme.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next());
    let gone = rows.filter(|row| !shared.clone().any(|name| name == *row)).map(|row| format!("{row} is no crate"));
    let mend = "give it one row that begins with its name in backticks";
    none("shared/README.md has one line per crate of shared", mend, wrong.chain(gone));
}

#[test]
fn object_types_have_scenarios() {
    let files = tree::files();
    let scenarios: Vec<_> = files.iter().filter(|file| file.path.starts_with("tests/scenarios/")).collect();
    let told = |name: &str| {
        let several = format!("{name}s");
        scenarios.iter().any(|file| [name, &several].iter().any(|word| lexer::words(&file.text, word).next().is_some()))
    };
    let untold = domain::ObjectType::ALL.into_iter().filter(|object| !told(object.as_str()));
    let mend = "tell one in tests/scenarios: what is in Kleer, what is then in HubSpot";
    none("every object type has a scenario", mend, untold.map(|object| object.to_string()));
}

// What nobody wants to read.

#[test]
fn nothing_is_left_undone_or_bound_to_a_machine() {
    let files = tree::files();
    let texts = files.iter().map(|file| (file.path.as_str(), file.text.as_str()));
    let code: Vec<_> = rust().into_iter().map(|file| (lexer::code(&file.text), file.path)).collect();
    let code = code.iter().map(|(code, path)| (path.as_str(), code.as_str()));
    let mend = "finish it, or say plainly what is missing where a reader looks for it; name no folder of one machine";
    let said = sayings(texts, UNWANTED_TEXT).chain(sayings(code, UNWANTED_CODE));
    none("no file says what is left to do, or names a folder of one machine", mend, said);
}

#[test]
fn everything_comes_from_the_public_registry() {
    let lock = tree::read("Cargo.lock").expect("Cargo.lock is kept");
    let sources = lock.lines().filter_map(|line| line.strip_prefix("source = "));
    let others = sources.map(|source| source.trim_matches('"').to_owned()).filter(|source| source != REGISTRY);
    none("every dependency comes from crates.io", "take a published version", others);
}

#[test]
fn the_readme_names_what_exists() {
    let Some(readme) = tree::read("README.md") else { panic!("README.md, the map of the repository, is missing") };
    let quoted = readme.split('`').skip(1).step_by(2).flat_map(str::split_whitespace);
    let folders = ["functions/", "shared/", "infra/", "tests/"];
    let quoted = quoted.filter(|word| folders.iter().any(|folder| word.starts_with(folder)));
    let linked = readme.split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next());
    let linked = linked.filter(|link| !link.is_empty() && !link.contains(':'));
    let pattern = |path: &&str| path.contains(['*', '{', '<', '…']);
    let paths =
        quoted.chain(linked).map(|path| path.trim_end_matches(['.', ',', ';', ':', ')'])).filter(|path| !pattern(path));
    let gone = paths.filter(|path| !tree::root().join(path).exists()).map(str::to_owned);
    none("README.md names only what exists", "correct the path", gone);
}

#[test]
fn exceptions_are_checked_both_ways() {
    let sizes = [("short".to_owned(), 5), ("long".to_owned(), 12), ("longer".to_owned(), 20)];
    let complaints = |exceptions: &[(&str, usize)]| too_long(&sizes, 10, exceptions).len();
    for (exceptions, expected) in [
        (&[][..], 2),
        (&[("long", 12), ("longer", 20)][..], 0),
        (&[("long", 13), ("longer", 20)][..], 1),
        (&[("long", 12), ("longer", 19)][..], 1),
        (&[("long", 12), ("longer", 20), ("short", 11)][..], 1),
        (&[("long", 12), ("longer", 20), ("gone", 11)][..], 1),
    ] {
        assert_eq!(complaints(exceptions), expected, "{exceptions:?}");
    }
}
