"""Which samples are of one patient reaches every analysis of a data set."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from core.__main__ import main
from core.cohort.model import Roles
from core.cohort.stored import get_cohort, list_cohorts, put_cohort
from core.options.argv import arguments
from core.store import Store
from tests.analyses import parse
from tests.de.cohorts import small_cohort

GROUPS = ["--factor=group", "--case=TRD", "--control=non-TRD"]
VISITS = [f"V{i // 4}" for i in range(24)]


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """Six people of four visits each; a column that no name gives away says whose they are."""
    cohort = small_cohort()
    counts = pd.DataFrame(cohort.counts, index=cohort.genes["gene"].to_numpy(), columns=cohort.samples)
    counts.to_csv(tmp_path / "counts.csv", index_label="gene")
    group = ["TRD" if i < 12 else "non-TRD" for i in range(24)]
    cohort.metadata.assign(group=group, whose=VISITS).to_csv(tmp_path / "metadata.csv")
    return [f"--counts={tmp_path / 'counts.csv'}", f"--metadata={tmp_path / 'metadata.csv'}"]


@pytest.mark.parametrize("verb", ["de", "permute", "ladder", "subgroups", "models", "profile"])
def test_every_verb_takes_it(verb: str):
    groups = [] if verb == "profile" else GROUPS
    assert parse(verb, "--dataset=12345678", *groups, "--patient=whose").patient == "whose"


def test_files_and_data_sets_of_the_store_are_read_with_it(
    files: list[str], capsys: pytest.CaptureFixture[str]
):
    command = ["permute", *GROUPS, "--method=limma", "--permutations=3"]
    assert main([*command, *files]) == 0
    assert "Samples were exchanged one by one" in capsys.readouterr().out
    assert main([*command, *files, "--patient=whose"]) == 0
    said = capsys.readouterr().out
    assert "between whole people, 6 people with several samples" in said
    assert "only 20 ways to give the labels out" in said
    store = Store()
    (plain,) = [card.digest for card in list_cohorts(store) if card.roles.patient is None]
    assert main([*command, "--dataset", plain, "--patient=whose"]) == 0
    assert "between whole people" in capsys.readouterr().out
    assert len(list_cohorts(store)) == 2


def test_a_column_that_is_not_there_is_refused(files: list[str], capsys: pytest.CaptureFixture[str]):
    assert main(["de", *files, *GROUPS, "--patient=who"]) == 2
    assert "Did you mean 'whose'?" in capsys.readouterr().err
    digest = put_cohort(Store(), small_cohort())
    assert main(["de", "--dataset", digest, *GROUPS, "--patient=whose"]) == 2
    error = capsys.readouterr().err
    assert "option --patient whose" in error
    assert "group" in error
    assert get_cohort(Store(), digest).roles.patient is None


def test_the_roles_of_columns_reach_the_analysis_from_files_too(files: list[str], tmp_path: Path):
    # A command copied from a page names them: without, nobody would know the centres.
    folder = tmp_path / "metadata.csv"
    table = pd.read_csv(folder, index_col=0).rename(columns={"centre": "where", "sex": "none"})
    table.to_csv(folder)
    said = {}
    for name, roles in {"without": (), "with": arguments(Roles(centre="where", sex="none"))}.items():
        assert main(["subgroups", *files, *GROUPS, *roles, f"--out={tmp_path / name}"]) == 0
        said[name] = (tmp_path / name / "centres.csv").read_text()
    assert "Barcelona" in said["with"]
    assert "Barcelona" not in said["without"]


@pytest.mark.parametrize("column", ["none", "\\none", "-x", " padded ", "a=b", "two\nlines"])
@pytest.mark.parametrize("verb", ["check", "de", "models"])
def test_a_column_of_any_name_can_have_a_role(verb: str, column: str):
    roles = Roles(patient=column, sex=column)
    groups = [] if verb == "check" else GROUPS
    read = parse(verb, "--counts=c", "--metadata=m", "--out=o", *groups, *arguments(roles))
    assert (read.patient, read.sex) == (column, column)
