from __future__ import annotations

from dataclasses import fields, replace
from urllib.parse import parse_qsl, urlencode

import pytest

from core.cohort.model import Roles
from core.de.spec import DESpec
from core.errors import InputError
from core.models.spec import ModelSpec
from core.pathways.spec import PathwaySpec
from core.spec import Spec

AWKWARD = [
    "plain",
    "two words",
    "a,b",
    ",",
    "50%",
    "%2C",
    "%",
    "none",
    "\\none",
    "yes",
    "Münster – Q&A?#=+/\\",
    "情感",
    "'quoted' \"twice\"",
    " padded ",
    "line\nbreak",
    "",
]

SPECS: list[Spec] = [
    DESpec("group", "TRD", "non-TRD"),
    DESpec("group", "TRD", "non-TRD", min_samples=0, shrink=True, winsorise=0.95, alpha=0.1 + 0.2),
    DESpec("group", "TRD", "non-TRD", min_count=0, lfc_threshold=1e-17, scale=False),
    DESpec("group", "TRD", "non-TRD", covariates=tuple(AWKWARD)),
    DESpec("group", "TRD", "non-TRD", covariates=("",)),
    DESpec("group", "TRD", "non-TRD", method="limma", exclude=("0a1b2c3d4e:low-depth", "f:chosen")),
    DESpec("group", "TRD", "non-TRD", covariates=("", "")),
    *[DESpec(text, f"{text}1", text, (text, "age")) for text in AWKWARD],
    *[Roles(patient=text, sex=None) for text in AWKWARD],
    PathwaySpec(),
    ModelSpec("group", "TRD", "non-TRD"),
    ModelSpec("group", "TRD", "non-TRD", clinical=tuple(AWKWARD), centre="none", models=("genes", "dummy")),
    ModelSpec("group", "TRD", "non-TRD", include_unsafe=("a,b",), folds=3, model_seed=0, external="f" * 64),
    PathwaySpec(collections=(), correlation=None, set_alpha=0.1, gene_lfc=0.25),
    PathwaySpec(collections=("hallmark", *AWKWARD), test="ora", direction="up", background="cohort"),
]


@pytest.mark.parametrize("spec", SPECS, ids=repr)
def test_json_is_lossless(spec: Spec) -> None:
    back = type(spec).from_json(spec.to_json())
    assert back == spec
    assert back.to_json() == spec.to_json()


@pytest.mark.parametrize("spec", SPECS, ids=repr)
def test_query_is_lossless_through_a_real_url(spec: Spec) -> None:
    query = spec.to_query()
    assert type(spec).from_query(query) == spec
    through = dict(parse_qsl(urlencode(query), keep_blank_values=True))
    assert type(spec).from_query(through) == spec


def test_json_is_canonical() -> None:
    spec = DESpec("group", "TRD", "non-TRD")
    assert spec.to_json().startswith('{"all_groups":false,"alpha":0.05,"case":"TRD","control":"non-TRD"')


def test_defaults_stay_out_of_the_query() -> None:
    assert set(DESpec("g", "a", "b").to_query()) == {"factor", "case", "control"}


def test_a_comparison_and_its_pathways_share_a_link() -> None:
    assert not {f.name for f in fields(DESpec)} & {f.name for f in fields(PathwaySpec)}


def test_models_share_the_groups_of_the_comparison_and_nothing_else() -> None:
    others = {f.name for f in fields(DESpec)} | {f.name for f in fields(PathwaySpec)}
    assert {f.name for f in fields(ModelSpec)} & others == {"factor", "case", "control", "exclude"}


def test_json_from_before_an_option_was_added_takes_its_default() -> None:
    assert DESpec.from_json('{"factor":"g","case":"a","control":"b"}') == DESpec("g", "a", "b")


def test_foreign_parameters_are_ignored() -> None:
    assert DESpec.from_query({"factor": "g", "case": "a", "control": "b", "page": "genes"}) == DESpec(
        "g", "a", "b"
    )


def test_every_bad_parameter_is_named_at_once() -> None:
    query = {
        "factor": "g",
        "case": "a",
        "alpha": "x",
        "min_count": "1.5",
        "shrink": "maybe",
        "method": "magic",
    }
    with pytest.raises(InputError) as refused:
        DESpec.from_query(query)
    named = {fault.where for fault in refused.value.faults}
    assert named == {
        f"link, parameter {name!r}" for name in ("control", "alpha", "min_count", "shrink", "method")
    }


@pytest.mark.parametrize(
    "change",
    [
        {"factor": "h"},
        {"case": "c"},
        {"control": "c"},
        {"covariates": ("age", "bmi")},
        {"min_count": 9},
        {"min_samples": 3},
        {"alpha": 0.01},
        {"lfc_threshold": 0.5},
        {"shrink": True},
        {"winsorise": 0.9},
        {"scale": False},
        {"all_groups": True},
    ],
)
def test_every_choice_shows_in_json_and_query(change: dict[str, object]) -> None:
    spec = DESpec("g", "a", "b", ("age",))
    other = replace(spec, **change)
    assert other.to_json() != spec.to_json()
    assert other.to_query() != spec.to_query()


def test_without_covariates_there_is_nothing_to_scale() -> None:
    assert DESpec("g", "a", "b", scale=False) == DESpec("g", "a", "b")


def test_contrast_and_design_in_words() -> None:
    spec = DESpec("group", "TRD", "non-TRD", ("age", "sex"))
    assert spec.contrast == "TRD vs non-TRD"
    assert spec.design == "~ age + sex + group"
    assert len(fields(spec)) == 14


def test_unusual_settings_are_said_in_words_whatever_they_hold():
    assert PathwaySpec(correlation=None).unusual() == {"correlation": "correlation between genes estimated"}
    asked = ModelSpec("group", "TRD", "non-TRD", clinical=("age", "sex"), external="ab" * 32)
    assert asked.unusual() == {
        "clinical": "clinical columns age and sex",
        "external": "tested on data set abababababab",
    }
    assert asked.unusual(but=["external"]) == {"clinical": "clinical columns age and sex"}
