"""The demonstration cohort holds what `truth.csv` says, reads back as simulated, and repeats by seed."""

from __future__ import annotations

import dataclasses
import hashlib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core.cohort.gene_table import human_genes
from core.cohort.model import Cohort, content_hash
from core.cohort.reading.load import inspect_cohort
from core.cohort.simulation.cohort import (
    COUNTS_FILE,
    METADATA_FILE,
    ROLES,
    TRUTH_FILE,
    simulate_cohort,
    write_cohort,
)
from core.cohort.simulation.expression import draw_factors
from core.cohort.simulation.genes import available_genes
from core.cohort.simulation.patients import apportion, draw_patients, recorded_metadata
from core.cohort.simulation.settings import DEFAULT, Sizes
from core.errors import InputError

Simulated = tuple[Cohort, pd.DataFrame]


@pytest.fixture(scope="module")
def full() -> Simulated:
    return simulate_cohort(seed=1)


@pytest.fixture(scope="module")
def small() -> Simulated:
    return simulate_cohort(seed=7, n_patients=60, n_genes=900)


def rows(truth: pd.DataFrame, kind: str) -> pd.DataFrame:
    return truth[truth["kind"] == kind].set_index("name")


def defect(truth: pd.DataFrame, role: str) -> str:
    defects = rows(truth, "defect")
    return str(defects.index[defects["role"] == role][0])


def log_cpm(cohort: Cohort) -> pd.DataFrame:
    values = np.log2(cohort.counts / cohort.counts.sum(axis=0) * 1e6 + 0.5)
    return pd.DataFrame(values, index=cohort.genes["gene"], columns=cohort.samples)


def test_size_of_the_default_cohort(full: Simulated) -> None:
    cohort, _ = full
    assert cohort.metadata["group"].value_counts().to_dict() == {"TRD": 150, "non-TRD": 143}
    active = ((cohort.counts >= 10).sum(axis=1) >= 143).sum()
    assert 19_500 <= active <= 20_500
    assert len(cohort.genes) - active >= 2_500


def test_depth(full: Simulated) -> None:
    cohort, truth = full
    depth = pd.Series(cohort.counts.sum(axis=0), index=cohort.samples)
    low = defect(truth, "low-depth")
    assert 1.5e6 < depth.pop(low) < 3.5e6
    assert depth.min() >= 10e6
    assert depth.max() <= 45e6
    assert 19e6 < depth.median() < 24e6


def test_cohort_is_canonical(full: Simulated) -> None:
    cohort, _ = full
    assert cohort.simulated
    assert cohort.counts.shape == (len(cohort.genes), len(cohort.samples))
    assert list(cohort.samples) == sorted(cohort.samples)
    assert list(cohort.genes["gene"]) == sorted(cohort.genes["gene"])
    assert cohort.genes["gene"].is_unique
    assert cohort.metadata["patient"].is_unique


def test_genes_are_real(full: Simulated) -> None:
    cohort, _ = full
    resolved = human_genes().resolve(cohort.genes["gene"])
    assert (resolved["symbol"] == cohort.genes["gene"]).all()
    assert (resolved["ensembl_id"] == cohort.genes["ensembl_id"]).all()
    assert cohort.genes["ensembl_id"].str.match(r"ENSG\d{11}$").all()


@pytest.mark.parametrize(("seed", "n_patients", "n_genes"), [(1, 40, 800), (2, 20, 400), (3, 120, 1500)])
def test_written_files_read_back_as_simulated(
    tmp_path: Path, seed: int, n_patients: int, n_genes: int
) -> None:
    cohort, truth = simulate_cohort(seed=seed, n_patients=n_patients, n_genes=n_genes)
    write_cohort(tmp_path, cohort, truth)
    loaded = inspect_cohort(tmp_path / COUNTS_FILE, tmp_path / METADATA_FILE, roles=ROLES).usable()
    pd.testing.assert_frame_equal(loaded.metadata, cohort.metadata)
    pd.testing.assert_frame_equal(loaded.genes[cohort.genes.columns], cohort.genes)
    assert loaded.simulated
    assert content_hash(loaded) == content_hash(cohort)


def test_metadata_file_says_simulated_and_has_whole_numbers(tmp_path: Path, small: Simulated) -> None:
    write_cohort(tmp_path, *small)
    text = pd.read_csv(tmp_path / METADATA_FILE, dtype=str, keep_default_na=False)
    assert text.columns[0] == "sample"
    assert set(text["simulated"]) == {"yes"}
    assert not text["depressive_episodes"].str.contains(".", regex=False).any()
    assert (text == "").any().any()


def test_same_seed_same_bytes(tmp_path: Path) -> None:
    digests = []
    for folder in (tmp_path / "a", tmp_path / "b"):
        write_cohort(folder, *simulate_cohort(seed=5, n_patients=30, n_genes=500))
        files = (COUNTS_FILE, METADATA_FILE, TRUTH_FILE)
        digests.append([hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in files])
    assert digests[0] == digests[1]


def test_other_seed_other_cohort(small: Simulated) -> None:
    other, _ = simulate_cohort(seed=8, n_patients=60, n_genes=900)
    assert content_hash(other) != content_hash(small[0])


def test_every_centre_has_both_groups_and_leans_mildly(full: Simulated) -> None:
    metadata = full[0].metadata
    table = pd.crosstab(metadata["centre"], metadata["group"])
    share = table["TRD"] / table.sum(axis=1)
    assert len(table) == 5
    assert share.between(0.40, 0.62).all()
    assert share.max() - share.min() > 0.05


@pytest.mark.parametrize("n_patients", range(20, 60, 3))
def test_small_cohorts_keep_both_groups_in_every_centre(n_patients: int) -> None:
    table = draw_patients(1, n_patients, DEFAULT).table
    assert len(table) == n_patients
    assert (pd.crosstab(table["centre"], table["group"]) > 0).all().all()


def test_women_are_two_thirds_to_three_quarters(full: Simulated) -> None:
    assert 0.65 <= (full[0].metadata["sex"] == "female").mean() <= 0.75


def test_clinical_odds_ratios_are_the_published_ones() -> None:
    # Many patients, so that the estimate is close to what was planted.
    drawn = [draw_patients(seed, 5_000, DEFAULT) for seed in range(1, 7)]
    table = pd.concat([patients.table for patients in drawn], ignore_index=True)
    is_case = np.concatenate([patients.is_case for patients in drawn])
    for variable in DEFAULT.clinical:
        values = table[variable.name]
        if variable.kind in ("yes_no", "severity"):
            present = values.isin(["yes", "severe"])
            cells = pd.crosstab(is_case, present).to_numpy()
            estimate = cells[0, 0] * cells[1, 1] / (cells[0, 1] * cells[1, 0])
            assert np.log(estimate) == pytest.approx(np.log(variable.odds_ratio), abs=0.15)
        elif variable.kind == "count":
            mean = (values - variable.at_least).groupby(is_case).mean()
            assert mean[True] / mean[False] == pytest.approx(variable.odds_ratio, abs=0.04)
        else:
            mean = values.groupby(is_case).mean()
            rate = DEFAULT.person.weeks_shape / mean
            assert np.exp(rate[False] - rate[True]) == pytest.approx(variable.odds_ratio, abs=0.004)


def test_some_clinical_values_are_missing_and_madrs_with_severity(full: Simulated) -> None:
    metadata = full[0].metadata
    share = metadata.isna().mean()
    assert (share[["group", "centre", "sex", "age", "patient"]] == 0).all()
    assert share[["bmi", "smoking", "severity", "episode_weeks"]].between(0.001, 0.15).all()
    assert (metadata["madrs"].isna() == metadata["severity"].isna()).all()
    assert (metadata.loc[metadata["severity"] == "severe", "madrs"] >= 35).all()
    assert (metadata.loc[metadata["severity"] == "moderate", "madrs"] < 35).all()


def test_one_sex_is_recorded_wrongly_and_genes_tell(full: Simulated) -> None:
    cohort, truth = full
    expression = log_cpm(cohort)
    male = expression.loc[["RPS4Y1", "DDX3Y", "KDM5D", "UTY", "EIF1AY"]].mean() > expression.loc["XIST"]
    wrong = cohort.samples[male != (cohort.metadata["sex"] == "male")]
    assert list(wrong) == [defect(truth, "swapped-sex")]
    true_sex = str(rows(truth, "defect").loc[wrong[0], "detail"]).removeprefix("true sex: ")
    assert male[wrong[0]] == (true_sex == "male")


def test_sex_genes_differ_five_to_ten_fold_steps(full: Simulated) -> None:
    cohort, truth = full
    women = draw_patients(1, 293, DEFAULT).table["sex"] == "female"
    low = defect(truth, "low-depth")
    expression = np.log2(cohort.counts / cohort.counts.sum(axis=0) * 22e6 + 0.05)
    means = pd.DataFrame(expression, index=cohort.genes["gene"], columns=cohort.samples).drop(columns=low)
    difference = means.loc[:, women].mean(axis=1) - means.loc[:, ~women].mean(axis=1)
    assert 5 < difference["XIST"] < 11
    assert difference[["RPS4Y1", "DDX3Y", "KDM5D", "UTY", "EIF1AY"]].between(-14, -5).all()
    assert 0.02 < (rows(truth, "gene")["log2fc_women"] != 0).mean() < 0.045


def test_duplicated_sample_differs_by_counting_noise_only(full: Simulated) -> None:
    cohort, truth = full
    copy = defect(truth, "duplicate-sample")
    original = str(rows(truth, "defect").loc[copy, "detail"]).split(" as ")[1].split(",")[0]
    expression = log_cpm(cohort)
    well = expression[expression.mean(axis=1) > 6]
    correlation = well.corrwith(well[copy])
    assert correlation[original] > 0.999
    assert correlation.drop([copy, original]).max() < 0.99
    assert not np.array_equal(
        cohort.counts[:, cohort.samples.get_loc(copy)], cohort.counts[:, cohort.samples.get_loc(original)]
    )


def test_defects_are_different_samples(full: Simulated) -> None:
    defects = rows(full[1], "defect")
    assert set(defects["role"]) == {"swapped-sex", "duplicate-sample", "low-depth"}
    assert defects.index.is_unique


def test_factor_shifts_are_exactly_the_planted_ones() -> None:
    patients = draw_patients(3, 293, DEFAULT)
    factors = draw_factors(3, patients, DEFAULT)
    shift = factors[patients.is_case].mean() - factors[~patients.is_case].mean()
    for factor in DEFAULT.factors:
        if factor.name != "rna_quality":  # it also differs by centre
            assert shift[factor.name] == pytest.approx(factor.shift)
    within = factors - factors.groupby(patients.is_case).transform("mean")
    assert within["interferon"].std() == pytest.approx(1, abs=0.01)


def test_truth_adds_up_and_themes_go_their_way(full: Simulated) -> None:
    cohort, truth = full
    genes = rows(truth, "gene")
    assert list(genes.index) == list(cohort.genes["gene"])
    assert (genes["log2fc"] - genes["log2fc_direct"] - genes["log2fc_composition"]).abs().max() < 5e-5
    direct = genes.groupby("theme")["log2fc_direct"].mean()
    assert direct["immune"] < -0.05
    assert direct["gene_regulation"] > 0.05
    assert direct["neuroplasticity"] < -0.05
    latent = rows(truth, "latent")
    assert latent.loc["immune_response", "direction"] == "down"
    assert latent.loc["erythroid_globin", "direction"] == "none"


def test_markers_carry_no_direct_effect(full: Simulated) -> None:
    genes = rows(full[1], "gene")
    markers = genes[genes["role"].str.startswith("marker")]
    assert len(markers) > 300
    assert (markers["log2fc_direct"] == 0).all()


def test_estimated_fold_changes_follow_the_truth(full: Simulated) -> None:
    cohort, truth = full
    is_case = (cohort.metadata["group"] == "TRD").to_numpy()
    active = (cohort.counts >= 10).sum(axis=1) >= 143
    expression = log_cpm(cohort).to_numpy()[active]
    estimated = expression[:, is_case].mean(axis=1) - expression[:, ~is_case].mean(axis=1)
    planted = rows(truth, "gene")["log2fc"].to_numpy()[active]
    assert np.corrcoef(estimated, planted)[0, 1] > 0.85


def test_known_markers_move_together(full: Simulated) -> None:
    expression = log_cpm(full[0])
    correlation = expression.T[["IFI44L", "IFIT1", "PF4", "PPBP", "HBA2", "HBB", "IGKC", "IGHG1"]].corr()
    for a, b in (("IFI44L", "IFIT1"), ("PF4", "PPBP"), ("HBA2", "HBB"), ("IGKC", "IGHG1")):
        assert correlation.loc[a, b] > 0.4
    assert abs(correlation.loc["PF4", "IGKC"]) < 0.4


def test_small_cohort_holds_markers_sex_genes_and_low_genes(small: Simulated) -> None:
    cohort, truth = small
    assert {"XIST", "RPS4Y1", "HBB", "PF4", "JCHAIN"} <= set(cohort.genes["gene"])
    genes = rows(truth, "gene")
    assert (genes["expression"] == "low").sum() == round(900 * DEFAULT.sizes.lowly_expressed_share)
    assert set(genes["theme"]) == {"", "immune", "gene_regulation", "neuroplasticity"}


def test_all_available_genes_can_be_asked_for() -> None:
    cohort, _ = simulate_cohort(n_patients=20, n_genes=available_genes(DEFAULT))
    assert len(cohort.genes) == available_genes(DEFAULT)


def test_settings_can_be_changed() -> None:
    without = tuple(dataclasses.replace(factor, shift=0.0) for factor in DEFAULT.factors)
    settings = dataclasses.replace(DEFAULT, factors=without, sizes=Sizes(case_share=0.3))
    cohort, truth = simulate_cohort(n_patients=50, n_genes=500, settings=settings)
    assert (cohort.metadata["group"] == "TRD").sum() == 15
    assert (rows(truth, "gene")["log2fc"] == 0).all()


def test_recorded_metadata_leaves_the_patients_untouched() -> None:
    patients = draw_patients(1, 40, DEFAULT)
    before = patients.table.copy()
    recorded_metadata(1, patients, DEFAULT)
    pd.testing.assert_frame_equal(patients.table, before)


def test_apportion_by_largest_remainder() -> None:
    assert list(apportion(10, np.array([1.0, 1.0, 1.0]))) == [4, 3, 3]
    assert list(apportion(7, np.array([0.5, 0.3, 0.2]))) == [4, 2, 1]


def test_all_impossible_numbers_are_named_at_once() -> None:
    with pytest.raises(InputError) as caught:
        simulate_cohort(seed=-1, n_patients=3, n_genes=1_000_000)
    assert [fault.where for fault in caught.value.faults] == [
        "option --seed",
        "option --patients",
        "option --genes",
    ]
    assert all(fault.code == "bad-size" for fault in caught.value.faults)
