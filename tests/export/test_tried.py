from __future__ import annotations

import json
from dataclasses import replace

import pytest

from core.analysis import At, asked_for
from core.de.spec import DESpec
from core.export.tried import Attempt, Tried, attempt_of, tried
from core.kinds import kind_of
from core.models.spec import ModelSpec
from core.pathways.spec import PathwaySpec
from core.spec import Spec
from core.store import Store

SPEC = DESpec("group", "TRD", "non-TRD")
SETS = PathwaySpec(collections=("hallmark",))
MODELS = ModelSpec("group", "TRD", "non-TRD")


def compared(spec: DESpec) -> Attempt:
    return Attempt("de", spec)


def enrichment(de_spec: DESpec, spec: PathwaySpec) -> Attempt:
    return Attempt("pathways", spec, (("de", de_spec),))


def entry(kind: str, spec: Spec, **before: Spec) -> dict[str, object]:
    return asked_for(kind_of(kind), At(Store(), "d", before), spec)


@pytest.mark.parametrize(
    ("counts", "sentence"),
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
def test_the_sentence_names_each_kind(counts: tuple[int, int, int], sentence: str):
    n, n_sets, n_models = counts
    attempts = (
        (compared(SPEC),) * n,
        (enrichment(SPEC, SETS),) * n_sets,
        (Attempt("models", MODELS),) * n_models,
    )
    assert Tried(sum(attempts, ())).sentence() == sentence


def test_what_changes_no_p_value_is_counted_once():
    turned = replace(SPEC, case="non-TRD", control="TRD")
    found = tried(
        [
            compared(SPEC),
            compared(turned),
            compared(replace(SPEC, shrink=True)),
            compared(replace(SPEC, method="limma")),
            enrichment(SPEC, SETS),
            enrichment(turned, SETS),
            enrichment(SPEC, replace(SETS, test="ora")),
            Attempt("models", MODELS),
            Attempt("models", replace(MODELS, case="non-TRD", control="TRD")),
            Attempt("models", replace(MODELS, folds=10)),
        ]
    )
    assert [len(found.of(kind)) for kind in ("de", "pathways", "models")] == [2, 2, 2]


def test_each_kind_of_result_is_known_by_its_entry():
    assert attempt_of(entry("de", SPEC)) == ("d", compared(SPEC))
    assert attempt_of(entry("pathways", SETS, de=SPEC)) == ("d", enrichment(SPEC, SETS))
    assert attempt_of(entry("models", MODELS)) == ("d", Attempt("models", MODELS))


def test_what_the_first_version_stored_is_counted_too():
    def stored(spec: Spec, **more: str) -> dict[str, str]:
        return {"digest": "d", "spec": spec.to_json(), **more}

    assert attempt_of(stored(SPEC)) == ("d", compared(SPEC))
    assert attempt_of(stored(SETS, de_spec=SPEC.to_json())) == ("d", enrichment(SPEC, SETS))
    assert attempt_of(stored(MODELS)) == ("d", Attempt("models", MODELS))
    least = json.dumps({"factor": "group", "case": "TRD", "control": "non-TRD"})
    assert attempt_of({"digest": "d", "spec": least}) == ("d", compared(SPEC))


def test_an_analysis_of_another_version_still_counts_whatever_fields_it_has():
    fewer, more = json.loads(SPEC.to_json()), json.loads(SPEC.to_json())
    del fewer["all_groups"]
    more["of_tomorrow"] = 3
    runs = [entry("de", SPEC) | {"spec": json.dumps(spec)} for spec in (fewer, more)]
    found = [attempt_of(run) for run in runs]
    assert found[0] == ("d", compared(SPEC))
    assert found[1] == ("d", Attempt("de", SPEC, unknown='{"of_tomorrow":3}'))
    assert len(tried([attempt for _, attempt in filter(None, found)]).of("de")) == 2


def test_other_entries_are_none():
    strange = json.dumps({"factor": "g", "case": "a", "control": "b", "new": 1})
    assert attempt_of({}) is None
    assert attempt_of({"digest": "d", "spec": strange}) is None
    assert attempt_of({"digest": "d"}) is None
    assert attempt_of({"spec": SPEC.to_json()}) is None
    assert attempt_of(entry("ladder", kind_of("ladder").spec(), de=SPEC)) is None
