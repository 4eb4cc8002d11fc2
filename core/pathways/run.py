"""Run an enrichment analysis, or find it in the store."""

from __future__ import annotations

from core.cohort.stored import get_cohort
from core.de.run import find_de, run_de
from core.de.timing import usable_cpus
from core.pathways.check import check_spec
from core.pathways.result import (
    PathwayResult,
    ThemeGlance,
    pathway_key,
    read_glance,
    read_result,
    write_result,
)
from core.progress import Reporter, silent, within
from core.spec import DESpec, PathwaySpec
from core.store import Draft, Store


def find_pathways(store: Store, digest: str, de_spec: DESpec, spec: PathwaySpec) -> PathwayResult | None:
    """Return a result if the store has it; never computes."""
    return store.find(pathway_key(digest, de_spec, spec), read_result)


def find_themes(store: Store, digest: str, de_spec: DESpec, spec: PathwaySpec) -> ThemeGlance | None:
    """Return only the themes of a result if the store has it; reads two small tables."""
    return store.find(pathway_key(digest, de_spec, spec), read_glance)


def run_pathways(
    store: Store,
    digest: str,
    de_spec: DESpec,
    spec: PathwaySpec,
    *,
    report: Reporter = silent,
    n_threads: int | None = None,
) -> PathwayResult:
    """Return a result from the store, computing what is missing once for all processes.

    Parameters
    ----------
    store : Store
        Where the cohort is and the result goes.
    digest : str
        Content hash of the cohort.
    de_spec : DESpec
        The comparison; computed first if the store lacks it.
    spec : PathwaySpec
        Which sets to test, and how.
    report : Reporter
        Told stage, fraction and time left; may raise CancelledError.
    n_threads : int, optional
        Set sizes tested at a time; all cores if not given. The result is the same.

    Raises
    ------
    DesignError
        If the comparison cannot be estimated.
    InputError
        If a specification is out of range, a collection cannot be read or the store does not
        have the cohort.
    CancelledError
        If `report` stops it; nothing is left behind.
    """
    check_spec(spec)
    found = find_pathways(store, digest, de_spec, spec)
    if found is not None:
        return found
    missing = find_de(store, digest, de_spec) is None
    compared = run_de(store, digest, de_spec, report=within(report, 0.0, 0.6)) if missing else None
    rest = within(report, 0.6, 1.0) if missing else report

    def compute(draft: Draft) -> None:
        # SciPy's sparse matrices and the theme list are of no use to pages that only find results.
        from core.pathways.compute import Comparison, analyse

        de = compared or run_de(store, digest, de_spec)
        comparison = Comparison(de.table, de_spec, digest, get_cohort(store, digest), de.run.simulated)
        result = analyse(comparison, spec, n_threads=n_threads or usable_cpus(), report=rest)
        write_result(draft, result)

    return read_result(store.get_or_compute(pathway_key(digest, de_spec, spec), compute))
