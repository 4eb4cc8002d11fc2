from __future__ import annotations

import json
from dataclasses import replace

import pytest

from core.de.result import de_key
from core.export.tried import Tried, analysis_of, tried
from core.models.result import model_key
from core.pathways.result import pathway_key
from core.spec import DESpec, ModelSpec, PathwaySpec, Spec

SPEC = DESpec("group", "TRD", "non-TRD")
SETS = PathwaySpec(collections=("hallmark",))
MODELS = ModelSpec("group", "TRD", "non-TRD")


def of_spec(spec: Spec, de_spec: DESpec | None = None) -> dict[str, str]:
    extra = {"de_spec": de_spec.to_json()} if de_spec else {}
    return {"digest": "d", "spec": spec.to_json(), **extra}


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ((0, 0, 0), ""),
        ((1, 0, 0), "1 comparison was tried in this exploration."),
        ((3, 0, 0), "3 comparisons were tried in this exploration."),
        ((1, 1, 0), "1 comparison and 1 pathway analysis were tried in this exploration."),
        (
            (1200, 2, 3),
            "1,200 comparisons, 2 pathway analyses and 3 evaluations of risk models were tried in this "
            "exploration.",
        ),
    ],
)
def test_the_sentence_names_each_kind(counts: tuple[int, int, int], told: str):
    n, n_sets, n_models = counts
    found = Tried((SPEC,) * n, ((SPEC, SETS),) * n_sets, (MODELS,) * n_models)
    assert found.sentence() == told


def test_what_changes_no_p_value_is_counted_once():
    turned = replace(SPEC, case="non-TRD", control="TRD")
    found = tried(
        [
            SPEC,
            turned,
            replace(SPEC, shrink=True),
            replace(SPEC, method="limma"),
            (SPEC, SETS),
            (turned, SETS),
            (SPEC, replace(SETS, test="ora")),
            MODELS,
            replace(MODELS, case="non-TRD", control="TRD"),
            replace(MODELS, folds=10),
        ]
    )
    assert [len(found.comparisons), len(found.pathways), len(found.models)] == [2, 2, 2]


def test_each_kind_of_result_is_known_by_its_entry():
    assert analysis_of(de_key("d", SPEC), of_spec(SPEC)) == ("d", SPEC)
    assert analysis_of(pathway_key("d", SPEC, SETS), of_spec(SETS, SPEC)) == ("d", (SPEC, SETS))
    assert analysis_of(model_key("d", MODELS), of_spec(MODELS)) == ("d", MODELS)


def test_results_of_another_version_or_kind_are_none():
    for run in (of_spec(SPEC), of_spec(SETS, SPEC), of_spec(MODELS)):
        assert analysis_of("of another version", run) is None
    strange = json.dumps({"factor": "g", "case": "a", "control": "b", "new": 1})
    assert analysis_of("plain", {}) is None
    assert analysis_of("strange", {"digest": "d", "spec": strange}) is None
    assert analysis_of("sets", {"digest": "d", "spec": strange, "de_spec": SPEC.to_json()}) is None
