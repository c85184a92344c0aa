//! The user guide as web pages. Its sources are Markdown, in `infra/guide`, a folder for each language; they are part of the
//! program that serves them, and become HTML when somebody asks for a page.
//!
//! | part | file |
//! |---|---|
//! | which pages there are: [`SECTIONS`] | `pages.rs` |
//! | what an address answers: [`answer`] | `answer.rs` |
//! | Markdown to HTML, and what a page can be linked by: [`Written`] | `markdown.rs` |
//! | what stands around every page | `frame.rs` |
//! | the languages: [`Language`] | `language.rs` |
//!
//! Tables of fields, inputs, codes and the like are written into the sources by `cargo local guide`, from the declarations in the
//! code; whatever stands between its marks is not for people to edit.

mod answer;
mod frame;
mod language;
mod markdown;
mod pages;

pub use answer::{Answer, POLICY, answer};
pub use language::Language;
pub use markdown::{Heading, Written, write};
pub use pages::{Page, SECTIONS, Section, page, pages};
