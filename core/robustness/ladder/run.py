"""The model ladder: one comparison refitted with more and more covariates.

Every rung is an ordinary comparison of the store, under the key that the Genes page uses; the
entry of the ladder holds what is read across rungs, so that a page opens one file.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from core.analysis import Analysis, At, run
from core.commands.analyses import give_way
from core.de.kind import KIND as COMPARISON
from core.de.kind import compared
from core.de.result import DEResult
from core.de.spec import DESpec
from core.progress import Reporter, rescale
from core.robustness.ladder.cost import expected_seconds
from core.robustness.ladder.steps import LeftOut, Step, base_of, plan_ladder, rung_of
from core.robustness.ladder.themes import score_rungs
from core.spec import Spec
from core.store import Draft, Entry, Store

# Part of every key: raise it whenever a change here or in the steps can change a number.
ALGORITHM = "ladder-3"
NUMBERS = {"log2FoldChange": "lfc", "lfcSE": "se", "pvalue": "p", "padj": "padj"}


@dataclass(frozen=True)
class LadderSpec(Spec):
    """A ladder has no settings of its own: its rungs follow from the comparison and the metadata."""


@dataclass(frozen=True)
class Rung:
    """A comparison of the ladder.

    Parameters
    ----------
    label : str
        How it is called on screen: "crude", "+ age, sex".
    added, covariates : tuple of str
        What it adds; all that it adjusts for.
    n_case, n_control, n_active : int
        Samples compared; genes tested.
    inflation : float
        Of the variance of every fold change through the covariates; 1 is none.
    freedom : float or None
        Degrees of freedom of the t distribution; None for the normal.
    """

    label: str
    added: tuple[str, ...]
    covariates: tuple[str, ...]
    n_case: int
    n_control: int
    n_active: int
    inflation: float
    freedom: float | None = None


@dataclass(frozen=True)
class Ladder:
    """A comparison at all rungs.

    Parameters
    ----------
    spec : DESpec
        The comparison that was asked about.
    digest : str
        Content hash of the cohort.
    rungs : tuple of Rung
        The crude one first.
    left_out : tuple of LeftOut
        What could not be adjusted for, with the reason.
    genes : pandas.DataFrame of n_genes rows
        ``gene``, ``symbol``, and for rung number *i* ``lfc_i``, ``se_i``, ``p_i``, ``padj_i``.
    themes : pandas.DataFrame
        ``theme``, ``sub_theme``, ``rung``, ``difference``, ``lower``, ``upper`` (crude standard deviations
        between patients), ``n_sets``; empty if no theme could be scored.
    topics : pandas.DataFrame
        The same for the topics of `core.robustness.replication.literature`; that of one gene in log2
        fold changes.
    simulated : bool
        Whether the data are simulated.
    """

    spec: DESpec
    digest: str
    rungs: tuple[Rung, ...]
    left_out: tuple[LeftOut, ...]
    genes: pd.DataFrame
    themes: pd.DataFrame
    topics: pd.DataFrame
    simulated: bool

    def rung_spec(self, number: int) -> DESpec:
        """Return the specification of a rung's result."""
        return rung_of(self.spec, self.rungs[number].covariates)

    def place_of(self, step: str) -> int | None:
        """Return the number of the rung that adds a step of `core.robustness.ladder.steps`, None without."""
        labels = [rung.label for rung in self.rungs]
        return labels.index(f"+ {step}") if f"+ {step}" in labels else None


class ModelLadder(Analysis[LadderSpec, Ladder]):
    """Refit a comparison with more and more covariates, and see what survives.

    Writes ``ladder.csv`` (the rungs), ``ladder_genes.csv``, ``ladder_themes.csv`` and ``ladder.json`` to a
    folder. Each rung is kept in the store as an ordinary comparison.
    """

    name = "ladder"
    title = "Model ladder"
    spec = LadderSpec
    needs = ("de",)

    def algorithm(self, spec: LadderSpec) -> str:
        """Return the version of the steps; that of the rungs enters with the comparison."""
        return ALGORITHM

    def plain(self, at: At, spec: LadderSpec) -> tuple[At, LadderSpec]:
        """Leave shrinkage out, and take a test that can adjust."""
        asked = compared(at)
        return replace(at, before={"de": rung_of(asked, asked.covariates)}), spec

    def examine(self, at: At, spec: LadderSpec) -> None:
        """Refuse a comparison of which not even the groups alone can be compared."""
        plan_ladder(at.cohort, compared(at))

    def compute(self, at: At, spec: LadderSpec, draft: Draft, report: Reporter) -> None:
        """Compute the rungs that are missing, then what is read across them; finished rungs stay."""
        report("Planning the rungs", 0.0)
        plan = plan_ladder(at.cohort, compared(at))
        specs = [rung_of(compared(at), step.covariates) for step in plan.steps]
        n = len(specs)
        for number, one in enumerate(specs):
            slice_ = rescale(report, 0.95 * number / n, 0.95 * (number + 1) / n)
            part = _named(slice_, plan.steps[number], number, n)
            part("Starting", 0.0)
            run(COMPARISON, at, one, report=part)
        report("Comparing the rungs", 0.95)
        # Read back and not kept: five tables of 23,000 genes need not be in memory while fits run.
        results = [run(COMPARISON, at, one) for one in specs]
        draft.write_table("genes", _across(results))
        themes, topics = score_rungs(at.cohort, results)
        draft.write_table("themes", themes)
        draft.write_table("topics", topics)
        rungs = [_rung(step, result) for step, result in zip(plan.steps, results, strict=True)]
        draft.run |= {
            "rungs": [asdict(rung) for rung in rungs],
            "left_out": [asdict(one) for one in plan.left_out],
            "simulated": at.cohort.simulated,
        }

    def read(self, entry: Entry) -> Ladder:
        """Rebuild a ladder from its entry in the store."""
        run = entry.run
        return Ladder(
            spec=DESpec.from_json(run["before"]["de"]),
            digest=run["digest"],
            rungs=tuple(
                Rung(**{**rung, "added": tuple(rung["added"]), "covariates": tuple(rung["covariates"])})
                for rung in run["rungs"]
            ),
            left_out=tuple(LeftOut(**one) for one in run["left_out"]),
            genes=entry.table("genes"),
            themes=entry.table("themes"),
            topics=entry.table("topics"),
            simulated=run["simulated"],
        )

    def doing(self, at: At, spec: LadderSpec) -> str:
        """Say whose ladder it is."""
        return f"Model ladder, {compared(at).contrast}"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add those of the comparison, and whether it may wait."""
        super().add_options(parser)
        parser.add_argument(
            "--background", action="store_true", help="give way to everything else that runs on this computer"
        )

    def result_of(self, args: argparse.Namespace, store: Store) -> Ladder:
        """Return the ladder that is asked for, in its own time if that was asked too."""
        if args.background:
            give_way()
        return super().result_of(args, store)

    def seconds(self, at: At, spec: LadderSpec) -> float:
        """Return the expected seconds of the rungs that the store lacks."""
        return expected_seconds(at, plan_ladder(at.cohort, compared(at)), base_of(compared(at)))

    def tables(self, result: Ladder) -> dict[str, pd.DataFrame]:
        """Return the rungs, the genes and the themes along them."""
        from core.robustness.ladder.summary import rung_counts

        counts = rung_counts(result, alpha=result.spec.alpha)
        return {"ladder": counts, "ladder_genes": result.genes, "ladder_themes": result.themes}

    def documents(self, result: Ladder) -> dict[str, dict[str, Any]]:
        """Return what was adjusted for, and what not."""
        described = {
            "dataset": result.digest,
            "spec": json.loads(result.spec.to_json()),
            "rungs": [asdict(rung) for rung in result.rungs],
            "left_out": [asdict(one) for one in result.left_out],
            "simulated": result.simulated,
        }
        return {"ladder": described}

    def sentence(self, result: Ladder) -> str:
        """Say what is left at each rung, and of what."""
        from core.robustness.ladder.summary import rung_counts
        from core.robustness.ladder.words import cells_sentence, survivors

        alpha = result.spec.alpha
        columns = ["label", "n_case", "n_control", "n_active", "n", "kept", "lost", "new"]
        lines = [rung_counts(result, alpha=alpha)[columns].to_string(index=False)]
        lines += [f"Not adjusted for: {one.column or one.step}: {one.reason}." for one in result.left_out]
        return "\n".join([*lines, survivors(result, alpha=alpha), cells_sentence(result, alpha=alpha)])


KIND = ModelLadder()


def _named(report: Reporter, step: Step, number: int, n: int) -> Reporter:
    def part(stage: str, fraction: float, *, seconds_left: float | None = None) -> None:
        # The time left is that of this rung alone; the pace of the whole gives a better one.
        report(f"Rung {number + 1} of {n}, {step.label}: {stage}", fraction)

    return part


def _across(results: list[DEResult]) -> pd.DataFrame:
    table = results[0].table[["gene", "symbol", "baseMean"]].copy()
    for number, result in enumerate(results):
        for long, short in NUMBERS.items():
            table[f"{short}_{number}"] = result.table[long].to_numpy(np.float64)
    return table


def _rung(step: Step, result: DEResult) -> Rung:
    run = result.run
    return Rung(
        step.label,
        step.added,
        step.covariates,
        run.n_case,
        run.n_control,
        run.n_active,
        run.variance_inflation,
        run.freedom,
    )
