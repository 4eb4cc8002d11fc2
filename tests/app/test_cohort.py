"""The Cohort page: what stands behind a difference, which samples to doubt, and leaving them out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest

from core.cohort.samples.tokens import sample_tokens
from core.cohort.simulation.cohort import simulate_cohort
from core.de.spec import DESpec
from core.jobs import JobState
from core.store import Store
from tests.analyses import de_key, profile_key, run_de, run_profile
from tests.app.cohorts import Case
from tests.app.conftest import Screen, Visit, link

SIMULATED, TRUTH = simulate_cohort(seed=5, n_patients=60, n_genes=1500)
SPEC = DESpec("group", "TRD", "non-TRD", method="limma")
CASE = Case("sixty patients", SIMULATED, SPEC)
Prepare = Callable[[Case], str]


@pytest.fixture
def looked_at(prepare: Prepare) -> str:
    digest = prepare(CASE)
    run_profile(Store(), digest)
    return digest


def defect(role: str) -> str:
    return str(TRUTH[(TRUTH["kind"] == "defect") & (TRUTH["role"] == role)]["name"].iloc[0])


def tick(screen: Screen, sample: str) -> Screen:
    next(box for box in screen.app.checkbox if sample in box.label).check()
    return screen.press("Compare without the ticked samples")


def test_until_the_samples_are_looked_at_the_page_says_so(
    visit: Visit, prepare: Prepare, started: dict[str, JobState]
) -> None:
    other = replace(SIMULATED, name="Not looked at", metadata=SIMULATED.metadata.assign(extra=1))
    case = Case("not looked at", other, SPEC)
    digest = prepare(case)
    screen = visit("cohort", link(digest, case))
    assert profile_key(digest) in started
    assert "being looked at" in screen.text
    assert "Who the patients are" in screen.text


@pytest.mark.parametrize("status", ["failed", "cancelled"])
def test_samples_that_could_not_be_looked_at_are_not_said_to_be_sound(
    status: Literal["failed", "cancelled"], visit: Visit, prepare: Prepare, started: dict[str, JobState]
) -> None:
    unlike = [float(group == "TRD") + n % 3 for n, group in enumerate(SIMULATED.metadata["group"])]
    other = replace(SIMULATED, name=status, metadata=SIMULATED.metadata.assign(**{status: unlike}))
    case = Case(status, other, SPEC)
    digest = prepare(case)
    key = profile_key(digest)
    started[key] = JobState(key, "Looking", status, "", 0.4, None, 1.0, message="killed")
    screen = visit("cohort", link(digest, case))
    assert "being looked at" not in screen.html
    assert "what they show is not known" in screen.html
    assert "not known" in screen.html.split(status)[1]
    del started[key]
    screen.press("Close this message")
    assert profile_key(digest) in started


def test_a_damaged_profile_is_said_to_be_damaged(
    visit: Visit, prepare: Prepare, started: dict[str, JobState], app_store: Path
) -> None:
    other = replace(SIMULATED, name="Damaged", metadata=SIMULATED.metadata.assign(extra=2))
    case = Case("damaged", other, SPEC)
    digest = prepare(case)
    run_profile(Store(app_store), digest)
    key = profile_key(digest)
    (app_store / "profile" / key / "samples.parquet").write_bytes(b"")
    started[key] = JobState(key, "Looking", "cancelled", "", 0.4, None, 1.0)
    screen = visit("cohort", link(digest, case))
    assert "its files in the store are damaged" in screen.text
    assert screen.has_button("Look at the samples")


def test_planted_defects_are_named_and_offered(visit: Visit, looked_at: str) -> None:
    screen = visit("cohort", link(looked_at, CASE))
    labels = " ".join(box.label for box in screen.app.checkbox)
    for role in ("swapped-sex", "duplicate-sample", "low-depth"):
        assert defect(role) in labels
    assert "4 samples" in screen.html


def test_leaving_a_sample_out_is_in_the_address_and_undone_at_once(
    visit: Visit, looked_at: str, started: dict[str, JobState]
) -> None:
    screen = tick(visit("cohort", link(looked_at, CASE)), defect("low-depth"))
    token = sample_tokens(SIMULATED.samples)[defect("low-depth")]
    assert screen.app.query_params["exclude"] == f"{token}:low-depth"
    assert defect("low-depth") not in str(dict(screen.app.query_params))
    assert de_key(looked_at, replace(SPEC, exclude=(f"{token}:low-depth",))) in started
    assert "1 sample left out" in screen.text
    assert "of its genes, pathways and risk models" in screen.text
    screen.press("Put them back")
    assert "exclude" not in screen.app.query_params


def test_the_provenance_line_counts_what_was_left_out(visit: Visit, prepare: Prepare) -> None:
    token = sample_tokens(SIMULATED.samples)[defect("low-depth")]
    case = replace(CASE, name="left out", spec=replace(SPEC, exclude=(f"{token}:low-depth",)))
    screen = visit("genes", link(prepare(case), case))
    assert "1 sample left out (1 low-depth)" in screen.html
    assert "1 left out" in screen.html


def test_an_aliased_column_is_red_with_its_table(visit: Visit, prepare: Prepare) -> None:
    batch = SIMULATED.metadata["group"].map({"TRD": "b1", "non-TRD": "b2"})
    cohort = replace(SIMULATED, metadata=SIMULATED.metadata.assign(batch=batch))
    case = Case("aliased", cohort, SPEC)
    digest = prepare(case)
    run_profile(Store(), digest)
    screen = visit("cohort", link(digest, case))
    assert "<b>batch</b> cannot be adjusted for at all" in screen.html
    assert "not estimable" in screen.html
    refused = visit("cohort", link(digest, replace(case, spec=replace(SPEC, covariates=("batch",)))))
    assert "cannot be told apart" in refused.text


def test_cells_are_scored_and_can_be_adjusted_for(
    visit: Visit, looked_at: str, started: dict[str, JobState]
) -> None:
    screen = visit("cohort", link(looked_at, CASE))
    assert "Scores, not percentages" in screen.text
    screen.press("Adjust the comparison for blood cells")
    assert "score:T cells" in screen.app.query_params["covariates"]
    assert len(started) == 1


def test_of_a_patient_with_several_samples_one_is_kept(
    visit: Visit, prepare: Prepare, started: dict[str, JobState]
) -> None:
    patients = list(SIMULATED.metadata["patient"])
    patients[3] = patients[1]
    cohort = replace(SIMULATED, metadata=SIMULATED.metadata.assign(patient=patients))
    case = Case("repeated patient", cohort, SPEC)
    digest = prepare(case)
    run_profile(Store(), digest)
    screen = visit("cohort", link(digest, case))
    assert "1 patient stands behind 2 samples" in screen.text
    screen.press("Keep one sample of each patient")
    token = sample_tokens(SIMULATED.samples)[str(SIMULATED.samples[3])]
    assert screen.app.query_params["exclude"] == f"{token}:repeated-patient"
    assert "1 sample left out" in screen.text
    assert not screen.has_button("Keep one sample of each patient")


def test_a_test_that_cannot_adjust_leaves_covariates_out(
    visit: Visit, looked_at: str, started: dict[str, JobState]
) -> None:
    adjusted = replace(CASE, spec=replace(SPEC, covariates=("age", "sex")))
    screen = visit("genes", link(looked_at, CASE) | adjusted.spec.to_query())
    run_de(Store(), looked_at, adjusted.spec)
    screen.rerun()
    screen.app.selectbox(key="settings.method").select("Wilcoxon")
    screen.rerun()
    assert "cannot adjust: age, sex will not be taken into account" in screen.text
    screen.press("Run analysis")
    (state,) = started.values()
    assert "--method=wilcoxon" in state.command
    assert "--covariates" not in state.command


def test_the_gene_page_speaks_each_tests_language(visit: Visit, prepare: Prepare) -> None:
    gene = str(SIMULATED.genes["gene"].iloc[SIMULATED.counts.mean(axis=1).argmax()])
    for method, words in (("limma", "with t interval"), ("wilcoxon", "Hodges-Lehmann")):
        case = replace(CASE, name=method, spec=replace(SPEC, method=method), gene=gene)
        screen = visit("gene", link(prepare(case), case))
        assert words in screen.html
        assert "Dispersion" not in screen.html


def test_the_foot_says_how_the_samples_were_looked_at(looked_at: str, visit: Visit) -> None:
    screen = visit("cohort", link(looked_at, CASE))
    assert "Samples as a whole" in screen.html
    assert screen.app.code
    assert all("python -m core profile " in code.value for code in screen.app.code)


def test_the_command_for_ones_own_files_names_the_columns_with_a_role(looked_at: str, visit: Visit) -> None:
    commands = [code.value for code in visit("cohort", link(looked_at, CASE)).app.code]
    assert any("--patient=patient --centre=centre --sex=sex" in " ".join(one.split()) for one in commands)
