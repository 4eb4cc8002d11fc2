"""Measure the engine: against PyDESeq2's own and R's methods on one comparison, and how time grows.

``python -m tests.bench_engine`` prints both and draws ``docs/scaling.svg``; `make bench` does the
same. Every measurement is a process of its own, so that importing counts and memory is its own.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from core.de.prepare import Prepared

HERE = Path(__file__).parent
FIGURE = HERE.parent / "docs" / "scaling.svg"
ENGINES = {"rules": "PyDESeq2, R's rules", "default": "PyDESeq2 as it is"}
TWICE = ("ours", "engine")  # those with our engine are measured in a warm process too
# Name and package; limma-voom starts from edgeR's scaling.
R_METHODS = {
    "deseq2": ("R DESeq2", "DESeq2"),
    "edger": ("R edgeR QL", "edgeR"),
    "limma": ("R limma-voom", "edgeR"),
}
BASE = (293, 20_000, 7)  # samples, genes, coefficients
SHOWN = {"cores": "seconds that cores worked", "peak": "peak memory, MB"}
SAMPLES, GENES, COEFFICIENTS = (100, 300, 1_000, 3_000), (5_000, 10_000, 20_000, 40_000), (2, 4, 8, 20)


@dataclass(frozen=True)
class Run:
    """One measurement: seconds of the whole process, of the work within, of it again; peak MB.

    And the seconds that cores worked for it, which depend less on what else the machine does.
    """

    process: float
    work: float
    again: float
    peak: float
    cores: float

    def mean(self, other: Run) -> Run:
        """Return the mean of two measurements of the same."""
        return Run(*np.mean([astuple(self), astuple(other)], axis=0))


def processes(leader: int) -> dict[int, float]:
    """Return the processes of a session, and the seconds that cores worked for each."""
    found = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                words = (folder / "stat").read_text().rsplit(")", 1)[1].split()
            except (FileNotFoundError, ProcessLookupError):
                continue
            if int(words[3]) == leader:
                found[int(folder.name)] = (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")
    return found


def memory(pid: int) -> float:
    """Return the MB that a process holds, its share of pages that others hold too."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return 0.0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0) / 1024


def measure(command: list[str]) -> Run:
    """Run a command that prints the seconds of its work (and of the work again) on its last line."""
    start, peak = time.perf_counter(), 0.0
    cores: dict[int, float] = {}
    with tempfile.TemporaryFile("w+") as printed:
        process = subprocess.Popen(command, stdout=printed, start_new_session=True, cwd=HERE.parent)
        while process.poll() is None:
            cores |= processes(process.pid)
            peak = max(peak, sum(map(memory, processes(process.pid))))
            time.sleep(0.1)
        seconds = time.perf_counter() - start
        printed.seek(0)
        lines = printed.read().splitlines()
    if process.returncode:
        message = f"{command} failed"
        raise RuntimeError(message)
    numbers = [float(word) for word in lines[-1].split()]
    return Run(seconds, numbers[0], numbers[-1], peak, sum(cores.values()))


def compare(folder: Path) -> float:
    """Print a line for each method on the demonstration cohort, in one run, on the same counts.

    Returns our time in a warm process as a share of PyDESeq2's.
    """
    _write_demo(folder)
    python = [sys.executable, "-W", "ignore", "-m", "tests.bench_engine", "--work"]
    before = measure([*python, "ours", str(folder)])
    found = pd.read_csv(folder / "ours.csv", index_col="gene")
    theirs = {engine: measure([*python, engine, str(folder)]) for engine in ENGINES}
    ours = before.mean(measure([*python, "ours", str(folder)]))
    cold = ours.process - ours.again  # it computes twice
    say(
        f"{'ours, before and after':<24}{cold:7.1f} s with imports, {ours.again:6.1f} s again; "
        f"cores worked {ours.cores / 2:.0f} s each time; {ours.peak:6.0f} MB"
    )
    for engine, name in ENGINES.items():
        run = theirs[engine]
        ratio = f"{run.process / cold:.1f} and {run.work / ours.again:.1f} times ours"
        worked = f"cores worked {run.cores:.0f} s, {2 * run.cores / ours.cores:.1f} times"
        agreement = agree(found, pd.read_csv(folder / f"{engine}.csv", index_col="gene"))
        say(f"{name:<24}{run.process:7.1f} s ({ratio}); {worked}; {run.peak:6.0f} MB; {agreement}")
    say_engine(measure([*python, "engine", str(folder)]), theirs["default"], folder)
    share = ours.again / theirs["default"].work
    if shutil.which("Rscript") is None:
        say("R is not installed: DESeq2, edgeR and limma-voom are left out")
        return share
    for method, (name, package) in R_METHODS.items():
        if not has_r_package(package):
            say(f"{name:<24}is not installed: left out")
            continue
        run = measure(["Rscript", str(HERE / "bench.R"), method, package, str(folder)])
        agreement = agree(found, pd.read_csv(folder / f"{method}.csv", index_col="gene"))
        say(f"{name:<24}{run.work:7.1f} s (no shrinkage), {run.peak:6.0f} MB; {agreement}")
    return share


def has_r_package(name: str) -> bool:
    """Return whether R is there with a package."""
    asked = f"quit(status = !requireNamespace('{name}', quietly = TRUE))"
    return subprocess.run(["Rscript", "-e", asked], capture_output=True, check=False).returncode == 0


def say_engine(run: Run, default: Run, folder: Path) -> None:
    """Print how PyDESeq2 with our engine, all around it PyDESeq2's, compares with it as it is."""
    with_ours, as_is = (
        pd.read_csv(folder / f"{name}.csv", index_col="gene") for name in ("engine", "default")
    )
    cold = run.process - run.again
    say(
        f"{'PyDESeq2, our engine':<24}{cold:7.1f} s with imports, {run.again:6.1f} s again: "
        f"as it is it takes {default.process / cold:.1f} and {default.work / run.again:.1f} times as long; "
        f"{run.peak:6.0f} MB; against PyDESeq2 as it is: {agree(with_ours, as_is)}"
    )


def say(line: str) -> None:
    """Print a line at once."""
    print("  ", line, flush=True)


def agree(ours: pd.DataFrame, theirs: pd.DataFrame) -> str:
    """Say how far two results agree."""
    theirs = theirs.reindex(ours.index)
    here, there = set(ours.index[ours["padj"] < 0.05]), set(theirs.index[theirs["padj"] < 0.05])
    apart = (ours["log2FoldChange"] - theirs["log2FoldChange"]).abs()
    words = [
        f"Jaccard {len(here & there) / max(len(here | there), 1):.4f} ({len(here)} and {len(there)} genes)",
        f"r {ours['log2FoldChange'].corr(theirs['log2FoldChange']):.6f}",
        f"largest difference of log2FC {apart.max():.1g}",
    ]
    if "pvalue" in theirs:
        digits = np.abs(np.log10(ours["pvalue"].clip(1e-300)) - np.log10(theirs["pvalue"].clip(1e-300)))
        words.append(f"|Δ log10 p| ≤ 0.01 for {100 * (digits <= 0.01).mean():.2f} %")
    if "shrunken" in theirs:
        shrunken = (ours["shrunken"] - theirs["shrunken"]).abs()
        words.append(
            f"shrunken: median {shrunken.median():.1g}, largest {shrunken.max():.1g}, "
            f"≤ 0.001 for {100 * (shrunken <= 1e-3).mean():.1f} %"
        )
    return ", ".join(words)


def grow(folder: Path) -> list[dict[str, float]]:
    """Return the seconds and MB of a comparison with shrinkage for each size."""
    sizes = dict.fromkeys(
        [
            *((n, *BASE[1:]) for n in SAMPLES),
            *((BASE[0], n, BASE[2]) for n in GENES),
            *((*BASE[:2], n) for n in COEFFICIENTS),
        ]
    )
    rows = []
    for size in sizes:
        _write_simulated(folder, size)
        command = [sys.executable, "-W", "ignore", "-m", "tests.bench_engine", "--work", "ours", str(folder)]
        run = measure(command)
        rows.append(
            dict(zip(("samples", "genes", "coefficients"), size, strict=True))
            | {
                "seconds": run.again,
                "cores": run.cores / 2,
                "peak": run.peak,
            }
        )
        print("  ", *(f"{value:,.5g} {name}" for name, value in rows[-1].items()), flush=True)
    return rows


def draw(rows: list[dict[str, float]], path: Path) -> None:
    """Draw seconds and memory over samples, genes and coefficients, with lines of proportion."""
    import matplotlib as mpl

    mpl.use("svg")
    from matplotlib import pyplot as plt

    mpl.rcParams["svg.hashsalt"] = "scaling"
    figure, axes = plt.subplots(2, 3, figsize=(10, 5.5), sharex="col", layout="constrained")
    table = pd.DataFrame(rows)
    marks = {"samples": SAMPLES, "genes": GENES, "coefficients": COEFFICIENTS}
    names = list(marks)
    for column, name in enumerate(names):
        others = [(table[o] == b) for o, b in zip(names, BASE, strict=True) if o != name]
        part = table[np.logical_and.reduce(others)].sort_values(name)
        for row, (value, label) in enumerate(SHOWN.items()):
            panel = axes[row, column]
            panel.loglog(part[name], part[value], "o-", color="#0072B2", label="measured")
            last = part.iloc[-1]
            panel.loglog(
                part[name], last[value] * part[name] / last[name], ":", color="grey", label="proportional"
            )
            panel.set_ylabel(label if column == 0 else "")
            panel.set_xlabel(name if row else "")
            panel.minorticks_off()
            panel.set_xticks(marks[name], [f"{mark:,}" for mark in marks[name]])
            steps = [10**n for n in range(5) if part[value].min() / 4 < 10**n < part[value].max() * 4]
            panel.set_yticks(steps, [f"{step:,}" for step in steps])
    axes[0, 0].legend(frameon=False)
    figure.suptitle(
        f"Comparison with shrinkage, simulated counts; unless varied: {BASE[0]} samples, "
        f"{BASE[1]:,} genes, {BASE[2]} coefficients",
        fontsize=10,
    )
    path.parent.mkdir(exist_ok=True)
    figure.savefig(path, metadata={"Date": None})


def demonstration() -> Prepared:
    """Return the demonstration cohort, cut down to its comparison."""
    from core.cohort.simulation.demo import make_demo
    from core.cohort.stored import get_cohort
    from core.de.prepare import prepare
    from core.de.spec import DEMO_ANALYSIS
    from core.store import Store

    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        store = Store(Path(folder))
        return prepare(get_cohort(store, make_demo(store)), DEMO_ANALYSIS)


def _write_demo(folder: Path) -> None:
    prepared = demonstration()
    names = prepared.cohort.genes["gene"].to_numpy()[prepared.active]
    matrix = prepared.design.matrix
    counts = pd.DataFrame(prepared.counts[prepared.active], index=names, columns=matrix.index)
    _write(folder, counts, matrix)
    counts.to_csv(folder / "counts.csv")
    matrix.to_csv(folder / "design.csv")


def _write_simulated(folder: Path, size: tuple[int, int, int]) -> None:
    """Write counts with the trend and scatter of dispersions usual in blood."""
    n_samples, n_genes, n_coefficients = size
    rng = np.random.default_rng(1)
    names = pd.Index([f"S{i}" for i in range(n_samples)])
    columns = [
        np.ones(n_samples),
        *rng.normal(size=(n_coefficients - 2, n_samples)),
        np.arange(n_samples) % 2,
    ]
    matrix = pd.DataFrame(np.column_stack(columns), index=names).rename(columns=str)
    counts = np.empty((n_genes, n_samples), dtype=np.int32)
    size_factors = np.exp(rng.normal(0, 0.3, n_samples))
    for gene in range(n_genes):
        mean = np.exp(rng.normal(5, 2))
        spread = (0.05 + 2 / mean) * np.exp(rng.normal(0, 0.5))
        mu = mean * size_factors * np.exp(matrix.to_numpy()[:, 1:] @ rng.normal(0, 0.1, n_coefficients - 1))
        counts[gene] = rng.poisson(rng.gamma(1 / spread, mu * spread))
    _write(folder, pd.DataFrame(counts, columns=names).rename(index="G{}".format), matrix)


def _write(folder: Path, counts: pd.DataFrame, matrix: pd.DataFrame) -> None:
    np.save(folder / "counts.npy", counts.to_numpy())
    matrix.to_parquet(folder / "design.parquet")
    (folder / "genes.json").write_text(json.dumps(list(counts.index)))


def work(engine: str, folder: Path) -> None:
    """Fit, test and shrink with one engine, `TWICE` with ours; print the seconds, write the result."""
    start = time.perf_counter()
    counts, matrix = np.load(folder / "counts.npy"), pd.read_parquet(folder / "design.parquet")
    runs = [start]
    for _ in range(1 + (engine in TWICE)):
        found = (_pydeseq2 if engine in ("default", "engine") else _product)(counts, matrix, engine)
        runs.append(time.perf_counter())
    found.index = pd.Index(json.loads((folder / "genes.json").read_text()), name="gene")
    found.to_csv(folder / f"{engine}.csv")
    print(*np.diff(runs))


def _product(counts: np.ndarray, matrix: pd.DataFrame, engine: str) -> pd.DataFrame:
    from core.de.deseq2.fit import Engine, estimate_size_factors, fit_model, shrink_factor, wald_tests
    from core.de.design.build import Design
    from core.de.engine.inference import BatchInference
    from core.de.timing import CostModel, Timeline, usable_cpus
    from core.progress import silent

    inference = BatchInference(n_cpus=usable_cpus())
    if engine == "rules":
        from tests.de.reference import DESeq2Inference

        inference = DESeq2Inference(n_cpus=usable_cpus())
    made = Engine(inference, Timeline(silent, CostModel(*matrix.shape), 1.0))
    design = Design(matrix, pd.Series("", index=matrix.index), np.arange(len(matrix)), (), ())
    size_factors = estimate_size_factors(counts, design, engine=made)
    fit = fit_model(counts, design, size_factors=size_factors, engine=made)
    tested = wald_tests(fit, counts, design, alpha=0.05, lfc_threshold=0.0, engine=made)
    shrunken = shrink_factor(fit, counts, design, engine=made)
    return tested.assign(shrunken=shrunken["log2FoldChangeShrunken"])


def _pydeseq2(counts: np.ndarray, matrix: pd.DataFrame, engine: str) -> pd.DataFrame:
    from pydeseq2.default_inference import DefaultInference

    from core.de.engine.inference import BatchInference
    from core.de.engine.rules import PYDESEQ2
    from core.de.timing import usable_cpus
    from tests.de.reference import run_pydeseq2

    inference = DefaultInference(n_cpus=usable_cpus())
    if engine == "engine":
        inference = BatchInference(n_cpus=usable_cpus(), rules=PYDESEQ2)
    _, stats = run_pydeseq2(counts, matrix, inference=inference)
    found = stats.results_df.copy()
    stats.lfc_shrink(coeff=matrix.columns[-1])
    return found.assign(shrunken=stats.results_df["log2FoldChange"])


def report(*, growth: bool) -> float:
    """Measure and print; return what `compare` does."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        print("\ncomparison with shrinkage, demonstration cohort:")
        share = compare(Path(folder))
        if growth:
            print("\nhow time grows (second run in a process):")
            draw(grow(Path(folder)), FIGURE)
            say(f"drawn: {FIGURE.relative_to(HERE.parent)}")
    return share


def main() -> None:
    """Measure all, or do one piece of work that is measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", nargs=2, metavar=("ENGINE", "FOLDER"), help=argparse.SUPPRESS)
    parser.add_argument("--no-growth", action="store_true", help="leave out how time grows")
    parser.add_argument("--no-comparison", action="store_true", help="only how time grows")
    arguments = parser.parse_args()
    if arguments.work:
        work(arguments.work[0], Path(arguments.work[1]))
    elif arguments.no_comparison:
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            draw(grow(Path(folder)), FIGURE)
    else:
        report(growth=not arguments.no_growth)


if __name__ == "__main__":
    main()
