//! Writes the description of the settings API from the code, or says that it is out of date. The page's types are made from it.

use std::path::PathBuf;

use crate::output;

/// Writes `infra/settings-api.json`, or only compares it. False if it differs.
///
/// # Errors
/// If it cannot be read or written.
pub fn run(check: bool) -> Result<bool, String> {
    if check {
        let same = is_current()?;
        if !same {
            output::complain("infra/settings-api.json is not what the code says: run `cargo local settings-api`.");
        }
        return Ok(same);
    }
    std::fs::write(path(), wanted()).map_err(|error| said(&error))?;
    output::say(true, "The description of the settings API is written to infra/settings-api.json.");
    Ok(true)
}

/// Whether the file says what the code says.
///
/// # Errors
/// If it cannot be read.
pub fn is_current() -> Result<bool, String> {
    let found = std::fs::read_to_string(path()).map_err(|error| said(&error))?;
    Ok(found == wanted())
}

fn wanted() -> String {
    format!("{:#}\n", settings_function::openapi::document())
}

fn path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../settings-api.json")
}

fn said(error: &std::io::Error) -> String {
    format!("infra/settings-api.json: {error}")
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_file_says_what_the_code_says() {
        assert!(super::is_current().unwrap(), "run `cargo local settings-api`");
    }
}
