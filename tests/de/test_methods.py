from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest

from core.de.methods import METHODS, unsupported
from core.de.spec import DESpec, Method

PLAIN = DESpec("group", "TRD", "non-TRD")


def test_every_method_has_a_card() -> None:
    assert tuple(METHODS) == get_args(Method)


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ({"method": "deseq2", "covariates": ("age",), "shrink": True, "lfc_threshold": 0.5}, []),
        ({"method": "limma", "covariates": ("age",)}, []),
        ({"method": "limma", "shrink": True, "lfc_threshold": 0.5}, ["bad-lfc-threshold", "bad-shrink"]),
        ({"method": "wilcoxon", "winsorise": 0.95}, []),
        ({"method": "wilcoxon", "covariates": ("age",)}, ["bad-covariates"]),
    ],
)
def test_what_a_method_cannot_do_is_refused(change: dict, codes: list[str]) -> None:
    assert [fault.code for fault in unsupported(replace(PLAIN, **change))] == codes
