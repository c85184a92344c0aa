//! What a browser shows at the end of an install, in English and in Swedish.

use web::{Request, Response, StatusCode};

/// A page: which status it has, and what it says in both languages.
pub(crate) struct Page {
    pub(crate) status: StatusCode,
    pub(crate) english: Text,
    pub(crate) swedish: Text,
    /// Where to go from here.
    pub(crate) link: Option<String>,
}

/// What a page says in one language.
pub(crate) struct Text {
    pub(crate) title: &'static str,
    pub(crate) body: String,
    /// The words of the link.
    pub(crate) link: &'static str,
}

impl Text {
    pub(crate) fn new(title: &'static str, body: impl Into<String>, link: &'static str) -> Self {
        Self { title, body: body.into(), link }
    }
}

impl Page {
    /// The page in the language that the browser prefers.
    pub(crate) fn answer(&self, request: &Request) -> Response {
        let swedish = prefers_swedish(web::header(request, "accept-language").unwrap_or_default());
        let (language, text) = if swedish { ("sv", &self.swedish) } else { ("en", &self.english) };
        let link = self
            .link
            .as_ref()
            .map(|link| format!("<p><a href=\"{}\">{}</a></p>\n", web::escape(link), web::escape(text.link)));
        web::html(
            self.status,
            format!(
                "<!doctype html>\n<html lang=\"{language}\">\n<meta charset=\"utf-8\">\n\
                 <meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}</title>\n\
                 <style>body{{font:1rem/1.5 sans-serif;max-width:36rem;margin:4rem auto;padding:0 1rem}}</style>\n\
                 <h1>{title}</h1>\n<p>{body}</p>\n{link}</html>\n",
                title = web::escape(text.title),
                body = web::escape(&text.body),
                link = link.unwrap_or_default(),
            ),
        )
    }
}

/// Whether Swedish comes before English in an `Accept-Language`. English if it says neither.
fn prefers_swedish(accepted: &str) -> bool {
    let weight = |wanted: &str| {
        let weights = accepted.split(',').filter_map(|part| {
            let (name, parameters) = part.split_once(';').unwrap_or((part, "q=1"));
            let language = name.trim().split('-').next().unwrap_or_default().to_ascii_lowercase();
            let weight = parameters.trim().strip_prefix("q=")?;
            // Thousandths, without a fraction: `0.8` is 800.
            let (whole, part) = weight.split_once('.').unwrap_or((weight, ""));
            let thousandths: u32 = format!("{whole}{part:0<3}").parse().ok()?;
            (language == wanted).then_some(thousandths)
        });
        weights.max().unwrap_or(0)
    };
    weight("sv") > weight("en")
}

#[cfg(test)]
mod tests {
    use super::prefers_swedish;

    #[test]
    fn the_language_that_the_browser_prefers() {
        let table = [
            "",
            "sv",
            "sv-SE,sv;q=0.9,en;q=0.8",
            "en-US,en;q=0.9,sv;q=0.8",
            "de,sv;q=0.5",
            "SV-se",
            "en, sv",
            "sv;q=x",
            "sv;q=0",
        ];
        let swedish: Vec<&str> = table.into_iter().filter(|accepted| prefers_swedish(accepted)).collect();
        assert_eq!(swedish, ["sv", "sv-SE,sv;q=0.9,en;q=0.8", "de,sv;q=0.5", "SV-se"]);
    }
}
