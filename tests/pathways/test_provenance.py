from __future__ import annotations

import shlex

import pytest

from core.analysis import At, asked_spec, command
from core.cohort.stored import put_cohort
from core.de.provenance import provenance_of
from core.de.result import DEResult
from core.de.spec import DESpec
from core.pathways.kind import KIND
from core.pathways.provenance import pathway_provenance_of
from core.pathways.result import PathwayResult
from core.pathways.spec import PathwaySpec
from core.store import Store
from tests.analyses import parse, run_de, run_pathways
from tests.simulated import simulated

CRUDE = DESpec("group", "TRD", "non-TRD")
ORA = PathwaySpec(collections=("hallmark",), test="ora", min_size=5, background="cohort", gene_alpha=0.3)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[DEResult, PathwayResult, PathwayResult]:
    store = Store(tmp_path_factory.mktemp("store"))
    cohort, _ = simulated(n_patients=60, n_genes=900)
    digest = put_cohort(store, cohort)
    compared = run_de(store, digest, CRUDE, n_cpus=1)
    ranked = PathwaySpec(collections=("hallmark",), min_size=5, seed=11, permutations=200)
    return (
        compared,
        run_pathways(store, digest, CRUDE, ranked, n_threads=1),
        run_pathways(store, digest, CRUDE, ORA, n_threads=1),
    )


def test_the_line_says_which_sets_how_and_from_which_seed(
    made: tuple[DEResult, PathwayResult, PathwayResult],
) -> None:
    line = pathway_provenance_of(made[1], provenance_of(made[0], dataset="Cohort")).line()
    assert line.startswith("Simulated data")
    assert "Hallmark (MSigDB 2023.2.Hs)" in line
    assert "sets of 5 to 500 tested genes" in line
    assert "gseapy" in line
    assert line.endswith("seed 11")
    assert "TRD vs non-TRD, n = " in line


def test_an_overridden_background_is_part_of_it(made: tuple[DEResult, PathwayResult, PathwayResult]) -> None:
    provenance = pathway_provenance_of(made[2], provenance_of(made[0], dataset="Cohort"))
    assert "The background was changed" in provenance.line()
    assert provenance.seed is None
    assert len(dict(provenance.versions)) == len(provenance.versions)


def test_the_command_means_the_very_same_analysis() -> None:
    at = At(Store(), "abc", {"de": CRUDE})
    first, second = command(KIND, at, ORA, out="my results").splitlines()
    assert shlex.split(first)[:4] == ["python", "-m", "core", "de"]
    read = parse(*shlex.split(second)[3:])
    assert asked_spec(KIND, read) == ORA
    assert str(read.de) == str(read.out) == "my results"
