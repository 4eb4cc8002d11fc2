from __future__ import annotations

import json
from dataclasses import replace

import pandas as pd

from core.de.result import TABLE_COLUMNS, CovariateInfo, DEResult, RunInfo, fit_key
from core.de.spec import DESpec
from core.errors import Notice
from tests.analyses import de_key

SPEC = DESpec("group", "TRD", "non-TRD")
RUN = RunInfo(
    n_case=12,
    n_control=11,
    n_genes=100,
    n_active=80,
    n_tested=79,
    min_samples=11,
    active_definition="at least 10 counts in at least 11 samples of those compared",
    outlier_state="off",
    outlier_reason="because",
    n_replaced=0,
    n_withheld=1,
    coefficients=("Intercept", "age (per SD)", "group: TRD vs non-TRD"),
    covariates=(CovariateInfo("age", "continuous", mean=1 / 3, sd=0.1),),
    variance_inflation=1.0000000000000002,
    notices=(Notice("other-groups", "Münster – 3", ("S1", "S2")),),
    seconds=1.5,
    simulated=True,
    algorithm="deseq2-1",
    versions={"python": "3.11"},
)


def unfitted(spec: DESpec) -> DEResult:
    """Return a result without genes or covariates: what any script is made from."""
    run = replace(RUN, covariates=(), versions={})
    return DEResult(spec, "0" * 64, pd.DataFrame(columns=list(TABLE_COLUMNS)), run, pd.DataFrame())


def test_run_info_survives_json() -> None:
    assert RunInfo.from_dict(json.loads(json.dumps(RUN.to_dict()))) == RUN


def test_keys_tell_results_apart_and_fits_together() -> None:
    other = DESpec("group", "TRD", "non-TRD", alpha=0.1, lfc_threshold=1.0, shrink=True)
    assert de_key("d", SPEC) != de_key("d", other)
    assert fit_key("d", SPEC) == fit_key("d", other)
    assert fit_key("d", SPEC) != fit_key("e", SPEC)
    assert fit_key("d", SPEC) != fit_key("d", DESpec("group", "TRD", "non-TRD", winsorise=0.95))
