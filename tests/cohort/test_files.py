from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from core.cohort.files import counts_file, metadata_file
from core.cohort.model import Cohort, content_hash
from core.cohort.reading.load import inspect_cohort
from core.cohort.simulation.cohort import simulate_cohort


@pytest.fixture(scope="module")
def cohort() -> Cohort:
    return simulate_cohort(seed=3, n_patients=24, n_genes=500)[0]


def written(cohort: Cohort, folder: Path) -> tuple[Path, Path]:
    counts, metadata = folder / "counts.csv.gz", folder / "metadata.csv"
    counts.write_bytes(counts_file(cohort))
    metadata.write_bytes(metadata_file(cohort))
    return counts, metadata


def test_the_files_read_back_as_the_same_cohort(cohort: Cohort, tmp_path: Path):
    read = inspect_cohort(*written(cohort, tmp_path), roles=cohort.roles).usable()
    assert content_hash(read) == content_hash(cohort)
    assert read.simulated


def test_equal_cohorts_give_equal_bytes(cohort: Cohort):
    assert counts_file(cohort) == counts_file(replace(cohort, name="another"))


def test_only_simulated_data_say_so(cohort: Cohort):
    assert b"simulated" in metadata_file(cohort)
    assert b"simulated" not in metadata_file(replace(cohort, simulated=False))


def test_names_with_commas_and_quotes_survive(cohort: Cohort, tmp_path: Path):
    odd = cohort.metadata.rename(index={cohort.samples[0]: 'A,"1"'}).sort_index()
    order = [cohort.samples.get_loc(x) if x in cohort.samples else 0 for x in odd.index]
    renamed = replace(cohort, metadata=odd, counts=cohort.counts[:, order])
    read = inspect_cohort(*written(renamed, tmp_path), roles=cohort.roles).usable()
    assert list(read.samples) == list(odd.index)
    assert (read.counts == renamed.counts).all()
