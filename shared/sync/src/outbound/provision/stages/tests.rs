use hubspot::Pipeline;

use super::choose;

/// A pipeline and its stages, `Name` open, `Name!` closed, in brackets if archived.
fn pipeline(id: &str, stages: &[&str]) -> Pipeline {
    let stage = |name: &&str| {
        let archived = name.starts_with('(');
        let name = name.trim_matches(['(', ')']);
        let closed = name.ends_with('!');
        hubspot::Stage {
            id: name.trim_end_matches('!').to_owned(),
            archived,
            metadata: [("isClosed".to_owned(), closed.to_string())].into(),
            ..hubspot::Stage::default()
        }
    };
    let archived = id.starts_with('(');
    let id = id.trim_matches(['(', ')']);
    Pipeline {
        id: id.to_owned(),
        label: format!("{id} pipeline"),
        archived,
        stages: stages.iter().map(stage).collect(),
        ..Pipeline::default()
    }
}

fn check(pipelines: &[Pipeline], chosen: Option<&str>) -> String {
    match choose(pipelines, chosen) {
        Ok(stages) => format!("{}: {} | {}", stages.pipeline, stages.open, stages.closed),
        Err(said) => said,
    }
}

#[test]
fn the_first_pipeline_or_the_one_that_was_chosen() {
    let portal = [
        pipeline("(old)", &["a", "b!"]),
        pipeline("sales", &["new", "doing", "done!", "lost!"]),
        pipeline("support", &["closed!", "waiting", "open"]),
    ];
    let lines = [
        check(&portal, None),
        check(&portal, Some("support")),
        check(&portal, Some("sales")),
        check(&portal, Some("old")),
        check(&portal, Some("gone")),
        check(&portal[..1], None),
        check(&[], None),
    ];
    insta::assert_snapshot!(lines.join("\n"), @r"
    sales: new | done
    support: waiting | closed
    sales: new | done
    The project pipeline old is no longer in this HubSpot account: choose another one in the settings.
    The project pipeline gone is no longer in this HubSpot account: choose another one in the settings.
    HubSpot has no pipeline for projects in this account: make one there.
    HubSpot has no pipeline for projects in this account: make one there.
    ");
}

#[test]
fn stages_of_all_kinds() {
    let check = |stages: &[&str]| check(&[pipeline("p", stages)], None);
    let lines = [
        check(&["(gone)", "new", "(old!)", "done!"]),
        // No closed stage: the last one; no open one: the last one too.
        check(&["new", "doing", "review"]),
        check(&["done!", "lost!"]),
        check(&["only"]),
        check(&["new", "(done!)"]),
        check(&["(new)", "(done!)"]),
        check(&[]),
    ];
    insta::assert_snapshot!(lines.join("\n"), @r"
    p: new | done
    p: new | review
    p: lost | done
    p: only | only
    p: new | new
    The HubSpot pipeline p pipeline has no stages: add some there.
    The HubSpot pipeline p pipeline has no stages: add some there.
    ");
}

#[test]
fn a_stage_that_does_not_say_whether_it_is_closed_is_open() {
    let stage = hubspot::Stage { id: "new".to_owned(), ..hubspot::Stage::default() };
    let pipeline = Pipeline { id: "p".to_owned(), stages: vec![stage], ..Pipeline::default() };
    assert_eq!(check(&[pipeline], None), "p: new | new");
}
