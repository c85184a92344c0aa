//! Invents a Swedish company's books. The same seed gives the same books, to the letter.

mod agreements;
mod clients;
mod dates;
mod invoices;
mod names;
mod numbers;
mod products;
mod projects;
mod users;

use rand_chacha::{
    ChaCha8Rng,
    rand_core::{Rng as _, SeedableRng as _},
};
use serde::{Deserialize, Serialize};

use crate::{Company, Kind, state};
use invoices::Books;

/// What to invent, and from which random stream.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Seed {
    /// Chooses the stream.
    pub seed: u64,
    /// How many clients.
    pub clients: u32,
    /// How many products.
    pub products: u32,
}

/// What else the seed invents. It is apart from [`Seed`] only so that those who write a seed out need not name it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct More {
    /// How many invoices, if there are clients and products.
    pub invoices: u32,
    /// How many agreements, if there are clients and products.
    pub agreements: u32,
    /// How many projects.
    pub projects: u32,
}

impl More {
    /// Whether there is nothing more.
    pub(crate) fn is_nothing(&self) -> bool {
        *self == More::default()
    }
}

/// Fills a company. Each kind has a stream of its own, so that more clients do not change the products.
pub(crate) fn fill(company: &mut Company, seed: Seed, more: More) {
    let users = users::invent(company, &mut Random::new(seed.seed, 1));
    clients::invent(company, seed.clients, &users, &mut Random::new(seed.seed, 2));
    products::invent(company, seed.products, &mut Random::new(seed.seed, 3));
    if more.is_nothing() {
        return;
    }
    let ids = |kind| company.records(kind).iter().map(|(id, _)| id).collect::<Vec<_>>();
    let books =
        Books { clients: ids(Kind::Client), products: ids(Kind::Product), users, today: state::today(company.now) };
    if !books.clients.is_empty() && !books.products.is_empty() {
        agreements::invent(company, more.agreements, &books, &mut Random::new(seed.seed, 4));
        invoices::invent(company, more.invoices, &books, &mut Random::new(seed.seed, 5));
    }
    projects::invent(company, more.projects, &books, &mut Random::new(seed.seed, 6));
}

/// A random stream with the few questions that inventing needs.
pub(crate) struct Random {
    stream: ChaCha8Rng,
    /// What is left of the last draw, evenly spread below `bound`. One draw answers several questions: drawing is most
    /// of the work of inventing 100,000 clients without optimization.
    left: u64,
    bound: u64,
}

impl Random {
    fn new(seed: u64, stream: u64) -> Random {
        let mut chosen = ChaCha8Rng::seed_from_u64(seed);
        chosen.set_stream(stream);
        Random { stream: chosen, left: 0, bound: 0 }
    }

    /// A number below `bound`.
    pub(crate) fn below(&mut self, bound: u32) -> u32 {
        let bound = u64::from(bound);
        // Sixteen bits more than needed keep the bias out of sight.
        if self.bound < bound << 16 {
            (self.left, self.bound) = (self.stream.next_u64(), u64::MAX);
        }
        let drawn = self.left % bound;
        (self.left, self.bound) = (self.left / bound, self.bound / bound);
        u32::try_from(drawn).expect("it is below a u32")
    }

    /// True in so many of a thousand cases.
    pub(crate) fn per_mille(&mut self, chance: u32) -> bool {
        self.below(1000) < chance
    }

    /// One of several.
    pub(crate) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        let count = u32::try_from(from.len()).expect("nobody invents four billion of anything");
        &from[self.below(count) as usize]
    }
}
