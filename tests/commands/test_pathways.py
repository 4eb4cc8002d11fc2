from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from core.__main__ import main
from core.cohort.stored import put_cohort
from core.store import Store
from tests.analyses import parse
from tests.pathways.cohorts import DE_SPEC, small_simulation

COLUMNS = ["set", "collection", "theme", "size", "es", "nes", "pvalue", "padj", "leading_edge"]
QUICK = ["--collections=hallmark", "--permutations=200"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder as `python -m core de` writes it, its cohort not in the store."""
    comparison, _ = small_simulation()
    comparison.table.to_csv(tmp_path / "de.csv", index=False)
    described = {
        "dataset": comparison.digest,
        "spec": json.loads(DE_SPEC.to_json()),
        "simulated": True,
    }
    (tmp_path / "run.json").write_text(json.dumps(described))
    return tmp_path


def run(folder: Path, *options: str) -> pd.DataFrame:
    args = parse("pathways", f"--de={folder}", *QUICK, *options, f"--out={folder / 'out'}")
    args.run(args)
    return pd.read_csv(folder / "out" / "pathways.csv", keep_default_na=False, na_values=[""])


def test_with_its_cohort_in_the_store_the_sets_are_checked(folder: Path, capsys: pytest.CaptureFixture[str]):
    cohort = small_simulation()[0].cohort
    assert cohort is not None
    put_cohort(Store(), cohort)
    table = run(folder)
    assert list(table.columns[:9]) == COLUMNS
    assert table["check_padj"].notna().all()
    assert table["pvalue"].is_monotonic_increasing
    described = json.loads((folder / "out" / "pathways.json").read_text(encoding="utf-8"))
    assert described["spec"]["collections"] == ["hallmark"]
    assert described["collections"][0]["licence"]
    assert described["simulated"]
    assert (folder / "out" / "themes.csv").is_file()
    assert "Benjamini-Hochberg within each collection" in capsys.readouterr().out


def test_scores_of_patients_are_written(folder: Path, capsys: pytest.CaptureFixture[str]):
    cohort = small_simulation()[0].cohort
    assert cohort is not None
    put_cohort(Store(), cohort)
    table = run(folder, "--method=ssgsea")
    assert (table["lower"] < table["upper"]).all()
    assert "ssGSEA" in capsys.readouterr().out
    scores = pd.read_csv(folder / "out" / "set_scores.csv", index_col="set")
    assert set(scores.index) == set(table["collection"] + "/" + table["set"])
    assert set(scores.columns) == set(cohort.samples)
    group = cohort.metadata.set_axis(cohort.samples)["group"]
    apart = scores.loc[:, group[scores.columns] == "TRD"].mean(axis=1)
    apart = apart - scores.loc[:, group[scores.columns] != "TRD"].mean(axis=1)
    strongest = table.assign(key=table["collection"] + "/" + table["set"]).head(5)
    for _, row in strongest.iterrows():
        assert (apart[row["key"]] > 0) == (row["difference"] > 0)


def test_without_its_cohort_it_says_that_nothing_was_checked(
    folder: Path, capsys: pytest.CaptureFixture[str]
):
    table = run(folder)
    assert "check_padj" in table
    assert table["check_padj"].isna().all()
    assert "was not checked" in capsys.readouterr().out


def test_same_input_same_bytes(folder: Path):
    run(folder)
    first = (folder / "out" / "pathways.csv").read_bytes()
    run(folder)
    assert (folder / "out" / "pathways.csv").read_bytes() == first


def test_a_background_of_all_genes_is_said(folder: Path, capsys: pytest.CaptureFixture[str]):
    run(folder, "--method=ora", "--background=cohort", "--gene-alpha=0.2")
    assert "The background was changed" in capsys.readouterr().out


def test_own_sets_are_tested(folder: Path):
    symbols = small_simulation()[0].table.dropna(subset="pvalue")["symbol"].head(40)
    (folder / "mine.gmt").write_text("my set\t\t" + "\t".join(symbols) + "\n")
    table = run(folder, f"--collections={folder / 'mine.gmt'}")
    assert table["set"].tolist() == ["my set"]
    assert table["collection"].tolist() == ["mine"]


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["--collections=kegg"], "there is no collection of this name"),
        (["--method=camera"], "it needs the counts"),
        (["--min-size=1"], "min_size"),
        (["--seed=-4"], "seed"),
    ],
)
def test_bad_options_end_with_2(
    folder: Path, options: list[str], complaint: str, capsys: pytest.CaptureFixture[str]
):
    code = main(["pathways", f"--de={folder}", *QUICK, *options, f"--out={folder / 'out'}"])
    assert code == 2
    assert complaint in capsys.readouterr().err
    assert not (folder / "out").exists()


def test_a_folder_without_a_comparison_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["pathways", f"--de={tmp_path}", *QUICK]) == 2
    assert "de.csv: there is no such file" in capsys.readouterr().err
    (tmp_path / "de.csv").write_text("gene,symbol\nA,A\n")
    assert main(["pathways", f"--de={tmp_path}", *QUICK]) == 2
    assert "cannot be read" in capsys.readouterr().err
    assert main(["pathways", "--comparison=0123", *QUICK]) == 2
    assert "no such comparison" in capsys.readouterr().err
