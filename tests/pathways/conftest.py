"""An enrichment of a small simulated cohort, made once."""

from __future__ import annotations

import pytest

from core.cohort.model import Cohort
from core.cohort.simulation.cohort import simulate_cohort
from core.cohort.stored import get_cohort, put_cohort
from core.de.result import DEResult
from core.de.spec import DESpec
from core.pathways.result import PathwayResult
from core.pathways.spec import PathwaySpec
from core.store import Store
from tests.analyses import run_de, run_pathways

CRUDE = DESpec("group", "TRD", "non-TRD")
SPEC = PathwaySpec(collections=("hallmark", "btm"), test="camera", min_size=5, set_alpha=0.3)


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Cohort, DEResult, PathwayResult]:
    store = Store(tmp_path_factory.mktemp("store"))
    cohort, _ = simulate_cohort(seed=3, n_patients=80, n_genes=1000)
    digest = put_cohort(store, cohort)
    compared = run_de(store, digest, CRUDE, n_cpus=1)
    return get_cohort(store, digest), compared, run_pathways(store, digest, CRUDE, SPEC, n_threads=1)


@pytest.fixture
def result(made: tuple[Cohort, DEResult, PathwayResult]) -> PathwayResult:
    return made[2]
