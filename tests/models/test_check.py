from __future__ import annotations

from dataclasses import fields, replace

import pytest

from core.errors import InputError
from core.models.pipelines.cards import BY_NAME, CARDS, names, primary
from core.models.spec import ModelSpec
from core.spec import option_of
from tests.analyses import check_spec
from tests.models.studies import SPEC

LIMITS = {f.name: limits for f in fields(ModelSpec) if (limits := option_of(f).limits)}


@pytest.mark.parametrize("name", sorted(LIMITS))
def test_numbers_have_limits(name: str):
    assert len(LIMITS) == 6
    least, most = LIMITS[name]
    for value in (least, most):
        check_spec(replace(SPEC, **{name: value}))
    for value in (least - 1, most + 1):
        with pytest.raises(InputError, match=name):
            check_spec(replace(SPEC, **{name: value}))


@pytest.mark.parametrize(
    "change",
    [
        {"factor": ""},
        {"case": "non-TRD"},
        {"models": ()},
        {"models": ("genes", "genes")},
        {"models": ("magic",)},
        {"clinical": ("group",)},
        {"clinical": ("age", "age")},
        {"include_unsafe": ("",)},
        {"centre": "group"},
    ],
)
def test_what_cannot_be_meant_is_refused(change: dict[str, object]):
    with pytest.raises(InputError):
        check_spec(replace(SPEC, **change))


def test_every_fault_at_once():
    with pytest.raises(InputError) as refused:
        check_spec(replace(SPEC, repeats=0, folds=1, models=(), centre="group"))
    assert len(refused.value.faults) == 4


def test_every_pipeline_has_a_card_and_claims_are_made_of_the_first_with_genes():
    assert names() == tuple(card.name for card in CARDS) == tuple(BY_NAME)
    assert primary(SPEC) == "genes"
    assert primary(replace(SPEC, models=("pathways", "clinical_genes"))) == "clinical_genes"
    assert primary(replace(SPEC, models=("dummy",))) == ""
    assert next(card.name for card in CARDS if not card.baseline) == "genes"
