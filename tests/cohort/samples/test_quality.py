"""Quality warnings find what was planted, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core.cohort.model import Cohort, Roles
from core.cohort.reading.load import inspect_cohort
from core.cohort.samples.quality import quality_notices, repeated_patients
from core.cohort.samples.sex_check import XIST, Y_GENES, sex_notices, sex_signals
from core.cohort.simulation.cohort import simulate_cohort

N_GENES, N_SAMPLES = 1_500, 16


def blood(seed: int = 5) -> Cohort:
    """A small sound cohort: men and women in turn, biological dispersion 0.15."""
    rng = np.random.default_rng(seed)
    symbols = [XIST, *Y_GENES[:5], "HBB", *(f"G{i}" for i in range(N_GENES - 7))]
    mean = np.repeat(np.exp(rng.normal(6, 1.2, N_GENES))[:, None], N_SAMPLES, axis=1)
    women = np.arange(N_SAMPLES) % 2 == 0
    mean[0] = np.where(women, 2_000, 4)
    mean[1:6] = np.where(women, 2, 800)
    values = rng.poisson(mean * rng.gamma(1 / 0.15, 0.15, mean.shape)).astype(np.int32)
    samples = pd.Index([f"S{i:02d}" for i in range(N_SAMPLES)], name="sample")
    metadata = pd.DataFrame({"sex": np.where(women, "female", "male"), "visit": "first"}, index=samples)
    return Cohort("x", values, pd.DataFrame({"gene": symbols, "symbol": symbols}), metadata, Roles(sex="sex"))


def with_counts(cohort: Cohort, counts: np.ndarray) -> Cohort:
    return replace(cohort, counts=counts.astype(np.int32))


def found(cohort: Cohort) -> dict[str, tuple[str, ...]]:
    notices = quality_notices(cohort)
    assert len({notice.code for notice in notices}) == len(notices)
    return {notice.code: notice.samples for notice in notices}


def test_a_sound_cohort_gives_no_warning() -> None:
    assert found(blood()) == {}


def test_low_depth() -> None:
    counts = blood().counts.copy()
    counts[:, 3] = np.random.default_rng(0).binomial(counts[:, 3], 0.1)
    assert found(with_counts(blood(), counts)) == {"low-depth": ("S03",)}


def test_high_globin() -> None:
    counts = blood().counts.copy()
    counts[6, 5] = counts[:, 5].sum()
    assert found(with_counts(blood(), counts)) == {"high-globin": ("S05",)}


def test_outlier() -> None:
    counts = blood().counts.copy()
    counts[7:, 4] = np.random.default_rng(1).permutation(counts[7:, 4])
    assert found(with_counts(blood(), counts)) == {"outlier-sample": ("S04",)}


@pytest.mark.parametrize("depth", [1.0, 0.5])
def test_a_copy_and_a_library_sequenced_again(depth: float) -> None:
    counts = blood().counts.copy()
    copy = counts[:, 2] if depth == 1.0 else np.random.default_rng(2).poisson(counts[:, 2] * depth)
    counts[:, 8] = copy
    assert found(with_counts(blood(), counts)) == {"duplicate-sample": ("S02", "S08")}


def test_repeated_patients_of_the_role_or_of_a_column_called_so() -> None:
    people = ["P0", "P0", *(f"P{i}" for i in range(2, N_SAMPLES))]
    cohort = replace(blood(), metadata=blood().metadata.assign(patient=people, code=people))
    assert found(cohort) == {"repeated-patient": ("S00", "S01")}
    assert found(replace(cohort, roles=Roles(patient="code"))) == {"repeated-patient": ("S00", "S01")}


def test_swapped_sex() -> None:
    sex = blood().metadata["sex"].copy()
    sex.iloc[[0, 1]] = ["male", None]
    cohort = replace(blood(), metadata=blood().metadata.assign(sex=sex))
    assert found(cohort) == {"sex-mismatch": ("S00",)}


def test_codes_for_sex_mean_what_most_samples_show() -> None:
    codes = [1, 2] * (N_SAMPLES // 2)
    codes[0] = 2
    cohort = replace(blood(), metadata=blood().metadata.assign(sex=codes))
    assert found(cohort) == {"sex-mismatch": ("S00",)}


def test_mixed_signal() -> None:
    counts = blood().counts.copy()
    counts[:, 0] = (counts[:, 0] + counts[:, 1]) // 2
    notices = sex_notices(with_counts(blood(), counts), "sex")
    assert [(notice.code, notice.samples) for notice in notices] == [("sex-mismatch", ("S00",))]
    assert "two people" in notices[0].message


def test_one_sex_only() -> None:
    women = slice(0, N_SAMPLES, 2)
    cohort = replace(blood(), counts=blood().counts[:, women], metadata=blood().metadata.iloc[women])
    signals = sex_signals(cohort)
    assert signals is not None
    assert set(signals["molecular"]) == {"female"}
    assert found(cohort) == {}


def test_no_sex_genes() -> None:
    cohort = replace(blood(), genes=pd.DataFrame({"gene": range(N_GENES), "symbol": ""}))
    assert sex_signals(cohort) is None
    assert found(cohort) == {"sex-not-checked": ()}


@lru_cache(maxsize=1)
def real(folder: Path, sex: str) -> Cohort:
    return inspect_cohort(folder / "counts.csv.gz", folder / "metadata.csv", roles=Roles(sex=sex)).usable()


def test_brazil_has_swapped_and_mixed_samples(shared_data: Path) -> None:
    notices = sex_notices(real(shared_data / "brazil_household", "Gender"), "Gender")
    assert [notice.samples for notice in notices] == [
        ("GSM3057813",),
        ("GSM3057836", "GSM3057846", "GSM3057854", "GSM3057855"),
    ]


@pytest.mark.parametrize(
    ("name", "column", "words"),
    [
        ("london_tb", "sex_molecular", {"F": "female", "M": "male"}),
        ("geuvadis_sex", "group", {"Female": "female", "Male": "male"}),
    ],
)
def test_real_sexes_agree(name: str, column: str, words: dict[str, str], shared_data: Path) -> None:
    cohort = real(shared_data / name, column)
    signals = sex_signals(cohort)
    assert signals is not None
    assert list(signals["molecular"]) == list(cohort.metadata[column].map(words))
    assert quality_notices(cohort) == []


@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(2, 21))])
def test_demonstration_has_its_planted_defects_and_no_others(seed: int) -> None:
    cohort, truth = simulate_cohort(seed=seed)
    planted = truth[truth["kind"] == "defect"].set_index("role")
    warnings = found(cohort)
    assert set(warnings) == {"low-depth", "duplicate-sample", "sex-mismatch"}
    assert warnings["low-depth"] == (planted.loc["low-depth", "name"],)
    assert warnings["sex-mismatch"] == (planted.loc["swapped-sex", "name"],)
    assert planted.loc["duplicate-sample", "name"] in warnings["duplicate-sample"]
    original = next(s for s in warnings["duplicate-sample"] if s != planted.loc["duplicate-sample", "name"])
    assert original in planted.loc["duplicate-sample", "detail"]


def test_the_first_sample_of_each_patient_by_name() -> None:
    people = ["P1", "P0", "P1", "P0", *(f"Q{i}" for i in range(4, N_SAMPLES))]
    found = repeated_patients(replace(blood(), metadata=blood().metadata.assign(patient=people)))
    assert list(found.index) == ["S01", "S03", "S00", "S02"]
    assert list(found["is_first"]) == [True, False, True, False]
    assert repeated_patients(blood()).empty
