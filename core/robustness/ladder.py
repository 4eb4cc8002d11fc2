"""The model ladder: one comparison refitted with more and more covariates.

Every rung is an ordinary comparison of the store, under the key that the Genes page uses; the
entry of the ladder holds what is read across rungs, so that a page opens one file.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace

import numpy as np
import pandas as pd

from core.cohort.stored import get_cohort
from core.de.result import DEResult, de_key
from core.de.run import find_de, run_de
from core.progress import Reporter, silent, within
from core.robustness.ladder_themes import score_rungs
from core.robustness.steps import LeftOut, Step, base_of, plan_ladder, rung_of
from core.spec import DESpec
from core.store import Draft, Entry, Store, result_key

# Part of every key: raise it whenever a change here or in the steps can change a number.
ALGORITHM = "ladder-3"
KIND = "ladders"
NUMBERS = {"log2FoldChange": "lfc", "lfcSE": "se", "pvalue": "p", "padj": "padj"}


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
        The same for the topics of `core.robustness.literature`; that of one gene in log2 fold changes.
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
        """Return the number of the rung that adds a step (`core.robustness.steps`), None if there is none."""
        labels = [rung.label for rung in self.rungs]
        return labels.index(f"+ {step}") if f"+ {step}" in labels else None


def ladder_key(digest: str, spec: DESpec) -> str:
    """Return the key of a ladder, which also names its job.

    Shrinkage changes nothing in it; the covariates of the comparison are among the rungs.
    """
    plain = replace(spec, shrink=False)
    return result_key(dataset=digest, spec=plain, algorithm=f"{ALGORITHM} {de_key(digest, base_of(spec))}")


def find_ladder(store: Store, digest: str, spec: DESpec) -> Ladder | None:
    """Return a ladder if the store has it; never computes."""
    return store.find(ladder_key(digest, spec), _read, kind=KIND)


def missing_rungs(store: Store, digest: str, spec: DESpec, steps: tuple[Step, ...]) -> list[DESpec]:
    """Return the comparisons of a planned ladder that the store lacks."""
    specs = [rung_of(spec, step.covariates) for step in steps]
    return [one for one in specs if store.get(de_key(digest, one)) is None]


def run_ladder(store: Store, digest: str, spec: DESpec, *, report: Reporter = silent) -> Ladder:
    """Return a ladder from the store, computing the rungs that are missing.

    Raises
    ------
    DesignError
        If not even the groups alone can be compared.
    CancelledError
        If `report` stops it; finished rungs stay in the store.
    """
    found = find_ladder(store, digest, spec)
    if found is not None:
        return found
    report("Planning the rungs", 0.0)
    cohort = get_cohort(store, digest)
    plan = plan_ladder(cohort, spec)
    specs = [rung_of(spec, step.covariates) for step in plan.steps]
    n = len(specs)
    for number, one in enumerate(specs):
        part = _named(
            within(report, 0.95 * number / n, 0.95 * (number + 1) / n), plan.steps[number], number, n
        )
        part("Starting", 0.0)
        run_de(store, digest, one, report=part)
    report("Comparing the rungs", 0.95)

    def write(draft: Draft) -> None:
        results = [_found(store, digest, one) for one in specs]
        draft.write_table("genes", _across(results))
        themes, topics = score_rungs(cohort, results)
        draft.write_table("themes", themes)
        draft.write_table("topics", topics)
        rungs = [_rung(step, result) for step, result in zip(plan.steps, results, strict=True)]
        draft.run |= {
            "spec": spec.to_json(),
            "digest": digest,
            "rungs": [asdict(rung) for rung in rungs],
            "left_out": [asdict(one) for one in plan.left_out],
            "simulated": cohort.simulated,
        }

    return _read(store.get_or_compute(ladder_key(digest, spec), write, kind=KIND))


def _named(report: Reporter, step: Step, number: int, n: int) -> Reporter:
    def part(stage: str, fraction: float, *, seconds_left: float | None = None) -> None:
        # The time left is that of this rung alone; the pace of the whole gives a better one.
        report(f"Rung {number + 1} of {n}, {step.label}: {stage}", fraction)

    return part


def _found(store: Store, digest: str, spec: DESpec) -> DEResult:
    # Read back and not kept: five tables of 23,000 genes need not be in memory while fits run.
    return find_de(store, digest, spec) or run_de(store, digest, spec)


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


def _read(entry: Entry) -> Ladder:
    run = entry.run
    return Ladder(
        spec=DESpec.from_json(run["spec"]),
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
