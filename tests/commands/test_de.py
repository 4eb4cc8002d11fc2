from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core.cohort.stored import put_cohort
from core.store import HERE, Store
from tests.analyses import parse
from tests.de.cohorts import small_cohort

GROUPS = ["--factor", "group", "--case", "TRD", "--control", "non-TRD"]
COLUMNS = ["gene", "symbol", "baseMean", "log2FoldChange", "lfcSE", "stat", "pvalue", "padj"]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write counts and metadata, and both again shuffled and transposed."""
    folder = Path(tmp_path_factory.mktemp("files"))
    cohort = small_cohort()
    counts = pd.DataFrame(cohort.counts, index=cohort.genes["gene"].to_numpy(), columns=cohort.samples)
    counts.to_csv(folder / "counts.csv", index_label="gene")
    cohort.metadata.to_csv(folder / "metadata.csv")
    turned = counts.sample(frac=1, random_state=1).sample(frac=1, axis=1, random_state=2).T
    turned.to_csv(folder / "turned.csv.gz", index_label="sample")
    cohort.metadata.sample(frac=1, random_state=3).to_csv(folder / "shuffled.csv")
    return folder


def core(*options: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "core", "de", *map(str, options)]
    return subprocess.run(command, cwd=HERE, capture_output=True, text=True, check=False)


def test_writes_table_and_run_and_ends_progress(files: Path, tmp_path: Path) -> None:
    out, progress = tmp_path / "new" / "out", tmp_path / "progress.json"
    inputs = ["--counts", files / "counts.csv", "--metadata", files / "metadata.csv"]
    done = core(*inputs, *GROUPS, "--covariates", "sex,age", "--shrink", "--out", out, "--progress", progress)
    assert (done.returncode, done.stderr) == (0, "")
    assert "TRD vs non-TRD, ~ sex + age + group" in done.stdout
    table = pd.read_csv(out / "de.csv", keep_default_na=False, na_values={"padj": ""})
    assert list(table.columns[:8]) == COLUMNS
    assert {"log2FoldChangeShrunken", "note"} <= set(table.columns)
    assert len(table) == 240
    assert ((table["note"] == "") == table["padj"].notna()).all()
    run = json.loads((out / "run.json").read_text(encoding="utf-8"))
    assert run["spec"]["covariates"] == ["sex", "age"]
    assert run["outlier_state"] == "off"
    assert run["n_case"] == 12
    assert len(run["size_factors"]) == 24
    assert json.loads(progress.read_text())["ended"] == "done"
    assert sorted(path.name for path in out.iterdir()) == ["de.csv", "run.json"]


def test_shuffled_and_transposed_files_give_identical_bytes(files: Path, tmp_path: Path) -> None:
    arguments = parse("de", *GROUPS, "--counts", files / "counts.csv", "--metadata", files / "metadata.csv")
    turned = parse("de", *GROUPS, "--counts", files / "turned.csv.gz", "--metadata", files / "shuffled.csv")
    written = []
    for name, args in (("one", arguments), ("two", turned)):
        args.out = tmp_path / name
        args.run(args)
        written.append((tmp_path / name / "de.csv").read_bytes())
    assert written[0] == written[1]
    assert np.isfinite(pd.read_csv(tmp_path / "one" / "de.csv")["padj"]).sum() > 200


def test_bad_input_ends_with_2_and_every_fault_on_its_line(files: Path, tmp_path: Path) -> None:
    inputs = ["--counts", files / "counts.csv", "--metadata", files / "metadata.csv"]
    bad = core(
        *inputs, "--factor", "grp", "--case", "A", "--control", "B", "--covariates", "bmi", "--out", tmp_path
    )
    assert bad.returncode == 2
    lines = bad.stderr.splitlines()
    assert len(lines) == 2
    assert "there is no column 'grp'" in lines[0]
    assert "Did you mean 'group'" in lines[0]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        (["--alpha", "7"], "alpha"),
        (["--winsorise", "0.2"], "winsorise"),
        ([], "both are needed"),
        (["--dataset", "0123456789"], "the store has no such data set"),
    ],
)
def test_bad_options_are_refused_before_any_file_is_read(options: list[str], fault: str) -> None:
    from core.errors import InputError

    args = parse("de", *GROUPS, *options)
    with pytest.raises(InputError, match=fault):
        args.run(args)


def test_a_data_set_of_the_store_needs_no_files_and_no_folder(capsys: pytest.CaptureFixture[str]) -> None:
    digest = put_cohort(Store(), small_cohort())
    args = parse("de", *GROUPS, "--dataset", digest[:10])
    args.run(args)
    assert "active genes differ at padj < 0.05 (12 and 12 samples)" in capsys.readouterr().out


def test_sigterm_ends_with_1_and_leaves_nothing_half_written(tmp_path: Path) -> None:
    store = Store()
    digest = put_cohort(store, small_cohort(n_genes=6000))
    out, progress = tmp_path / "out", tmp_path / "progress.json"
    command = [
        sys.executable,
        "-m",
        "core",
        "de",
        "--dataset",
        digest,
        *GROUPS,
        "--out",
        out,
        "--progress",
        progress,
    ]
    job = subprocess.Popen(list(map(str, command)), cwd=HERE, stderr=subprocess.PIPE, start_new_session=True)
    while "Estimating dispersions" not in (progress.read_text() if progress.exists() else ""):
        assert job.poll() is None
        time.sleep(0.02)
    os.killpg(job.pid, signal.SIGTERM)
    _, errors = job.communicate(timeout=60)
    assert job.returncode == 1
    assert b"Traceback" not in errors
    assert json.loads(progress.read_text())["ended"] == "cancelled"
    assert not out.exists()
    assert [path for kind in ("fits", "de") for path in (store.root / kind).glob("*")] == []


def test_samples_are_left_out_by_name_and_told_by_token(files: Path, tmp_path: Path) -> None:
    inputs = ["--counts", files / "counts.csv", "--metadata", files / "metadata.csv", *GROUPS]
    done = core(*inputs, "--method", "limma", "--exclude", "S03:low-depth,S04", "--out", tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    run = json.loads((tmp_path / "run.json").read_text())
    assert (run["n_case"], run["n_control"]) == (11, 11)
    assert {"S03", "S04"}.isdisjoint(run["size_factors"])
    assert sorted(item.partition(":")[2] for item in run["spec"]["exclude"]) == ["chosen", "low-depth"]
    assert "S03" not in json.dumps(run["spec"])


def test_wilcoxon_refuses_covariates(files: Path) -> None:
    inputs = ["--counts", files / "counts.csv", "--metadata", files / "metadata.csv", *GROUPS]
    done = core(*inputs, "--method", "wilcoxon", "--covariates", "sex")
    assert done.returncode == 2
    assert "cannot adjust for sex" in done.stderr
