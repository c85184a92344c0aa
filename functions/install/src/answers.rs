//! The answers of an install, each with its page and its log line.

use app::ConnectError;
use portal::{InstallError, Installed};
use web::{Request, Response, StatusCode};

use crate::pages::{Page, Text};
use crate::return_url;

/// Everything is there, and a person is told what to do next.
pub(crate) fn installed(request: &Request, installed: &Installed, app_url: &str) -> Response {
    let portal = installed.portal;
    // The host comes from HubSpot, and a link is only made to HubSpot all the same.
    let own = return_url::read(&format!("https://{}/connected-apps/{portal}", installed.ui_domain));
    let (english, swedish) = if installed.kleer_company.is_none() {
        (
            "HubSpot is connected. One step is left: open the app's settings in HubSpot, enter the id of your company in Kleer and \
             an API key, and switch on what you want to synchronize.",
            "HubSpot är anslutet. Ett steg återstår: öppna appens inställningar i HubSpot, ange ditt företags id i Kleer och en \
             API-nyckel, och slå på det du vill synkronisera.",
        )
    } else {
        (
            "HubSpot is connected again, and your settings are as they were. Open the app's settings in HubSpot and check that \
             Kleer's API key is still saved.",
            "HubSpot är anslutet igen och dina inställningar är kvar. Öppna appens inställningar i HubSpot och kontrollera att \
             Kleers API-nyckel fortfarande är sparad.",
        )
    };
    Page {
        status: StatusCode::OK,
        english: Text::new("Kleer for HubSpot is installed", english, "To the connected apps in HubSpot"),
        swedish: Text::new("Kleer för HubSpot är installerat", swedish, "Till de anslutna apparna i HubSpot"),
        link: Some(own.unwrap_or_else(|| format!("{app_url}/connected-apps/{portal}"))),
    }
    .answer(request)
}

/// Somebody pressed Cancel, or HubSpot could not ask.
pub(crate) fn declined(request: &Request, by_a_person: bool) -> Response {
    tracing::info!(by_a_person, "an install was not consented to");
    let (english, swedish) = if by_a_person {
        ("Nothing was connected, because access was not allowed.", "Inget anslöts, eftersom åtkomst inte tilläts.")
    } else {
        ("Nothing was connected: HubSpot reported an error.", "Inget anslöts: HubSpot rapporterade ett fel.")
    };
    page(StatusCode::FORBIDDEN, english.to_owned(), swedish.to_owned(), true).answer(request)
}

/// A request that no install of ours leads to: forged, repeated, or too late.
pub(crate) fn refused(request: &Request, why: &'static str) -> Response {
    tracing::warn!(why, "a request to the OAuth callback was refused");
    let english = "This install cannot go on here: it was not begun in this browser, was ended already, or took longer than ten \
                   minutes. Begin again.";
    let swedish = "Installationen kan inte fortsätta här: den påbörjades inte i den här webbläsaren, är redan avslutad eller tog \
                   längre tid än tio minuter. Börja om.";
    page(StatusCode::BAD_REQUEST, english.to_owned(), swedish.to_owned(), true).answer(request)
}

/// This server has no app of HubSpot's.
pub(crate) fn not_configured(request: &Request, error: &ConnectError) -> Response {
    tracing::error!(%error, "nobody can install: the HubSpot app is not configured");
    let english = "This server cannot install anybody: its operator has not configured the HubSpot app yet.";
    let swedish = "Den här servern kan inte installera någon: HubSpot-appen är inte konfigurerad än.";
    page(StatusCode::SERVICE_UNAVAILABLE, english.to_owned(), swedish.to_owned(), false).answer(request)
}

/// An install that failed.
pub(crate) fn failed(request: &Request, error: &InstallError) -> Response {
    let source = std::error::Error::source(error).map(tracing::field::display);
    tracing::warn!(code = error.code(), source, "an install failed: {error}");
    let (status, swedish) = match error {
        InstallError::NotConfigured(_) => {
            (StatusCode::SERVICE_UNAVAILABLE, "servern är inte konfigurerad för att installera någon".to_owned())
        }
        InstallError::CodeInvalid => (
            StatusCode::BAD_REQUEST,
            "HubSpot känner inte längre till installationen: den är redan använd eller tog för lång tid; börja om"
                .to_owned(),
        ),
        InstallError::MissingScopes(scopes) => {
            (StatusCode::FORBIDDEN, format!("kontot har inte beviljat allt som appen behöver: {}", scopes.join(", ")))
        }
        InstallError::Refused(_) => (
            StatusCode::BAD_GATEWAY,
            "HubSpot avvisar appen, inte kontot: serverns uppgifter om appen är fel".to_owned(),
        ),
        InstallError::Nameless => {
            (StatusCode::BAD_GATEWAY, "HubSpot säger inte vilket konto det gäller; börja om".to_owned())
        }
        InstallError::Unavailable(_) | InstallError::Busy(_) | InstallError::Store(_) | InstallError::Queue(_) => {
            (StatusCode::SERVICE_UNAVAILABLE, "det går inte just nu; börja om om några minuter".to_owned())
        }
    };
    let english = format!("Nothing was connected: {error}.");
    page(status, english, format!("Inget anslöts: {swedish}."), status != StatusCode::BAD_GATEWAY).answer(request)
}

fn page(status: StatusCode, english: String, swedish: String, again: bool) -> Page {
    Page {
        status,
        english: Text::new("Kleer for HubSpot was not installed", english, "Begin again"),
        swedish: Text::new("Kleer för HubSpot installerades inte", swedish, "Börja om"),
        link: again.then(|| "/oauth/start".to_owned()),
    }
}
