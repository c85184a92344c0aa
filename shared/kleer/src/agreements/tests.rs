use insta::assert_snapshot;

use super::{AgreementPath, AgreementProbe};
use crate::create::New;
use crate::tests::{Pretend, create, document};

const LIST: &str = r#"{"client-agreements":[{"id":901}]}"#;
const NONE: &str = r#"{"message":"Finns inte"}"#;
const ILL: &str = r#"{"message":"Tekniskt fel"}"#;

/// Probes a Kleer that answers so at the candidates; says what was found and which paths were asked in turn.
fn check(answers: [(u16, &'static str); 4]) -> String {
    let kleer = Pretend::answering(move |asked| {
        let path = asked.strip_prefix("GET /").unwrap();
        let place = AgreementPath::CANDIDATES.iter().position(|one| one.as_str() == path).unwrap();
        (answers[place].0, answers[place].1.to_owned())
    });
    let found = match kleer.clock.run(kleer.api.probe_agreements()) {
        Ok(found) => format!("{found:?}"),
        Err(error) => error.to_string(),
    };
    let mut asked: Vec<_> = kleer.asked().lines().map(str::to_owned).collect();
    asked.dedup();
    format!("{found} ({})", asked.len())
}

#[test]
fn the_probe() {
    let (list, none, denied, ill) = ((200, LIST), (404, NONE), (403, NONE), (500, ILL));
    let empty = (200, "{}");
    let answers = [
        [list, list, list, list],
        [none, list, none, none],
        [none, none, none, list],
        [none, none, none, none],
        // Things that are not a list of agreements.
        [(200, "<html>Logga in</html>"), (200, r#"{"clients":[]}"#), (200, "[]"), list],
        [(200, NONE), (200, r#"{"client-agreements":7}"#), (302, ""), (400, NONE)],
        // Empty lists, and what may be one.
        [none, (200, r#"{"client-agreements":[]}"#), none, none],
        [(200, r#"{"client-agreements":null}"#), none, none, none],
        [empty, none, none, none],
        [empty, none, list, none],
        // No right.
        [denied, none, none, none],
        [none, denied, denied, none],
        [denied, none, list, none],
        // A wrong path may end in an id that is none.
        [ill, list, none, none],
        [ill, none, denied, none],
        [none, ill, none, none],
        // Nothing to be learnt.
        [(401, NONE), list, list, list],
        [(429, NONE), list, list, list],
    ];
    assert_snapshot!(answers.map(check).join("\n"), @r#"
    Found(AgreementPath("client/agreement")) (1)
    Found(AgreementPath("client-agreement")) (2)
    Found(AgreementPath("clientagreement")) (4)
    NotFound (4)
    Found(AgreementPath("clientagreement")) (4)
    NotFound (4)
    Found(AgreementPath("client-agreement")) (2)
    Found(AgreementPath("client/agreement")) (1)
    Found(AgreementPath("client/agreement")) (4)
    Found(AgreementPath("agreement")) (3)
    Forbidden(AgreementPath("client/agreement")) (4)
    Forbidden(AgreementPath("client-agreement")) (4)
    Found(AgreementPath("agreement")) (3)
    Found(AgreementPath("client-agreement")) (2)
    Forbidden(AgreementPath("agreement")) (4)
    kleer, asked GET /company/7/client-agreement, answered 500: {"message":"Tekniskt fel"} (4)
    kleer, asked GET /company/7/client/agreement, answered 401: {"message":"Finns inte"} (1)
    kleer, asked GET /company/7/client/agreement, answered 429: {"message":"Finns inte"} (1)
    "#);
}

#[test]
fn a_path_is_kept_as_text() {
    for path in AgreementPath::CANDIDATES {
        assert_eq!(AgreementPath::named(path.as_str()), Some(path));
    }
    assert_eq!(AgreementPath::named("client/invoice"), None);
    let path = AgreementPath::CANDIDATES[1];
    assert_eq!(AgreementProbe::Found(path).path(), Some(path));
    assert_eq!(AgreementProbe::Forbidden(path).path(), Some(path));
    assert_eq!(AgreementProbe::NotFound.path(), None);
}

#[test]
fn every_call_as_it_goes_over_the_wire() {
    let [first, second, ..] = AgreementPath::CANDIDATES;
    let agreement = document(r#"{"id":901,"revision-nr":3,"recurring-rows":{"rows":[{"quantity":1}]}}"#);
    let kleer = Pretend::answering(|asked| {
        let body = match asked.split(' ').next() {
            Some("PUT") => r#"{"id":902}"#,
            Some("POST") => r#"{"revision-nr":4}"#,
            _ if asked.ends_with("901") => r#"{"id":901}"#,
            _ => LIST,
        };
        (200, body.to_owned())
    });
    kleer.clock.run(async {
        assert_eq!(kleer.api.list_agreements(first).await.unwrap().len(), 1);
        assert_eq!(kleer.api.get_agreement(second, 901).await.unwrap().id(), Ok(901));
        assert_eq!(create(&kleer.api, New::Agreement(second), &agreement).await, Ok(Some(902)));
        assert_eq!(kleer.api.update_agreement(second, 901, &agreement).await, Ok(Some(4)));
    });
    assert_snapshot!(kleer.asked(), @r#"
    GET /client/agreement
    GET /client-agreement/901
    PUT /client-agreement {"id":901,"revision-nr":3,"recurring-rows":{"rows":[{"quantity":1}]}}
    POST /client-agreement/901 {"client-agreement":{"id":901,"revision-nr":3,"recurring-rows":{"rows":[{"quantity":1}]}}}
    "#);
}

/// Updates an agreement at a Kleer that answers so; says what came of it and how often it was asked.
fn update((status, body): (u16, &'static str)) -> String {
    let kleer = Pretend::answering(move |_| (status, body.to_owned()));
    let outcome = kleer.clock.run(kleer.api.update_agreement(AgreementPath::CANDIDATES[0], 901, &document("{}")));
    let outcome = match outcome {
        Ok(revision) => format!("{revision:?}"),
        Err(error) => format!("{error} (unknown: {})", error.outcome_unknown()),
    };
    format!("{status} {body} → {outcome}, {} sent", kleer.asked().lines().count())
}

#[test]
fn an_update_is_sent_once_and_answers_the_revision() {
    let answers = [
        (200, r#"{"revision-nr":4}"#),
        (200, r#"{"revision-nr":"4"}"#),
        (200, "{}"),
        (204, ""),
        (200, r#"{"revision-nr":"fyra"}"#),
        (200, "4"),
        (200, "<update-client-agreement-result/>"),
        (500, ILL),
        (503, ""),
        (404, NONE),
    ];
    assert_snapshot!(answers.map(update).join("\n"), @r#"
    200 {"revision-nr":4} → Some(4), 1 sent
    200 {"revision-nr":"4"} → Some(4), 1 sent
    200 {} → None, 1 sent
    204  → None, 1 sent
    200 {"revision-nr":"fyra"} → kleer, asked POST /company/7/client/agreement/901, answered 200 with something unexpected: the field `revision-nr` should be a whole number, but holds `"fyra"`, in `{"revision-nr":"fyra"}` (unknown: true), 1 sent
    200 4 → kleer, asked POST /company/7/client/agreement/901, answered 200 with something unexpected: invalid type: integer `4`, expected a map at line 1 column 1, near `4` (unknown: true), 1 sent
    200 <update-client-agreement-result/> → kleer, asked POST /company/7/client/agreement/901, answered 200 in the wrong form: XML or HTML instead of JSON: the service ignored the content type, or a proxy answered; it begins with `<update-client-agreement-result/>` (unknown: true), 1 sent
    500 {"message":"Tekniskt fel"} → kleer, asked POST /company/7/client/agreement/901, answered 500: {"message":"Tekniskt fel"} (unknown: true), 1 sent
    503  → kleer, asked POST /company/7/client/agreement/901, answered 503 (unknown: true), 1 sent
    404 {"message":"Finns inte"} → kleer, asked POST /company/7/client/agreement/901, answered 404: {"message":"Finns inte"} (unknown: false), 1 sent
    "#);
}
