from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from core.cohort.model import Cohort
from core.cohort.samples.cell_scores import (
    cell_scores,
    composition_covariates,
    covariate_words,
    measured_cells,
    score_name,
    scored_cells,
    with_scores,
)
from core.cohort.simulation.cohort import simulate_cohort
from core.cohort.simulation.expression import draw_factors
from core.cohort.simulation.patients import draw_patients
from core.cohort.simulation.settings import DEFAULT
from core.de.spec import DESpec
from core.errors import InputError


@pytest.fixture(scope="module")
def cohort() -> Cohort:
    return simulate_cohort(seed=4, n_patients=120, n_genes=3000)[0]


def test_scores_follow_the_cells_that_were_simulated(cohort: Cohort) -> None:
    scores = cell_scores(cohort)
    factors = draw_factors(4, draw_patients(4, 120, DEFAULT), DEFAULT)
    pairs = {
        "Neutrophils": "neutrophil_lymphocyte",
        "Monocytes": "monocyte",
        "Red cells": "erythroid_globin",
        "Platelets": "platelet",
        "Plasma cells": "immunoglobulin_plasma",
    }
    for cell, factor in pairs.items():
        assert scores[cell].corr(factors[factor]) > 0.9, cell
    assert scores["T cells"].corr(factors["neutrophil_lymphocyte"]) < -0.85


def test_depth_does_not_change_a_score(cohort: Cohort) -> None:
    deeper = cohort.counts.copy()
    deeper[:, ::2] *= 3
    before, after = cell_scores(cohort), cell_scores(replace(cohort, counts=deeper))
    assert before["Neutrophils"].corr(after["Neutrophils"]) > 0.999


def test_too_few_markers_make_no_score(cohort: Cohort) -> None:
    rows = scored_cells(cohort)["Neutrophils"][3:]
    kept = np.setdiff1d(np.arange(len(cohort.genes)), rows)
    fewer = replace(cohort, counts=cohort.counts[kept], genes=cohort.genes.iloc[kept].reset_index(drop=True))
    assert "Neutrophils" not in cell_scores(fewer)
    with pytest.raises(InputError, match="there is no such score"):
        with_scores(fewer, ("age", "score:Neutrophils"))


def test_scores_join_the_metadata_only_where_asked_for(cohort: Cohort) -> None:
    assert with_scores(cohort, ("age",)) is cohort.metadata
    joined = with_scores(cohort, ("age", "score:Neutrophils"))
    assert list(joined.columns) == [*cohort.metadata.columns, "score:Neutrophils"]
    given = replace(cohort, metadata=cohort.metadata.assign(**{"score:Neutrophils": 1.0}))
    assert (with_scores(given, ("score:Neutrophils",))["score:Neutrophils"] == 1.0).all()


def test_what_was_measured_comes_first(cohort: Cohort) -> None:
    scores = composition_covariates(cohort)
    assert "score:Neutrophils" in scores
    assert "score:Dendritic cells" not in scores
    counted = cohort.metadata.assign(**{"Neutrophils_percent": 60.0, "CD4": 1.0, "smoker_monosyllabic": 1})
    assert measured_cells(counted) == ["Neutrophils_percent", "CD4"]
    assert composition_covariates(replace(cohort, metadata=counted)) == ("Neutrophils_percent", "CD4")


@pytest.mark.parametrize("name", ["age", "bmi", "monitoring", "tablets", "group", "basis", "sex"])
def test_other_columns_are_no_cells(name: str) -> None:
    assert measured_cells(pd.DataFrame({name: [1.0, 2.0]})) == []


def test_a_score_travels_in_a_specification() -> None:
    spec = DESpec("group", "TRD", "non-TRD", (score_name("NK cells"), "age"))
    assert DESpec.from_query(spec.to_query()) == spec


def test_many_scores_are_read_as_their_number() -> None:
    assert covariate_words(("score:T cells", "age", "score:B cells")) == ["age", "2 cell scores"]
    assert covariate_words(("score:T cells",)) == ["1 cell score"]
    assert covariate_words(()) == []
