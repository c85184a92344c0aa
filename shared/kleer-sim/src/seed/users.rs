//! Invents the people who work in the company.

use std::collections::HashSet;

use super::{
    Random,
    names::{FIRST_NAMES, SURNAMES, slug},
};
use crate::{Company, User};

/// Adds users so that there are 5 to 10; returns the ids of those who still work there.
pub(super) fn invent(company: &mut Company, random: &mut Random) -> Vec<i64> {
    let wanted = 5 + random.below(6) as usize;
    let mut names: HashSet<String> = company.users().into_iter().map(|user| user.name).collect();
    while names.len() < wanted {
        let name = format!("{} {}", random.pick(&FIRST_NAMES), random.pick(&SURNAMES));
        if !names.insert(name.clone()) {
            continue;
        }
        let number = 100 + i64::try_from(names.len()).unwrap_or_default();
        company.add_user(User {
            email: format!("{}@demobolaget.example", slug(&name).replace('-', ".")),
            name,
            foreign_id: Some(String::new()),
            internal_id: Some(number),
            // The last one has left.
            active: names.len() < wanted,
            ..User::default()
        });
    }
    company.users().into_iter().filter(|user| user.active).map(|user| user.id).collect()
}
