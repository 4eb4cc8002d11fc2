"""Run a differential-expression analysis, or find it in the store."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from core.cohort.stored import get_cohort
from core.de.check import check_spec
from core.de.prepare import Prepared, prepare
from core.de.result import FITS, SHRINKAGES, DEResult, de_key, fit_key, read_result, shrinkage_key
from core.de.timing import CostModel, Timeline, usable_cpus
from core.progress import Reporter, silent
from core.spec import DESpec
from core.store import Store

if TYPE_CHECKING:
    from core.de.fit import Engine


def find_de(store: Store, digest: str, spec: DESpec) -> DEResult | None:
    """Return a result if the store has it; never computes."""
    return store.find(de_key(digest, spec), read_result)


def run_de(
    store: Store, digest: str, spec: DESpec, *, report: Reporter = silent, n_cpus: int | None = None
) -> DEResult:
    """Return a result from the store, computing what is missing once for all processes.

    Parameters
    ----------
    store : Store
        Where the cohort is and the result goes.
    digest : str
        Content hash of the cohort.
    spec : DESpec
        What to compare. With `shrink`, the result without shrinkage is stored first, so that
        others can look at it meanwhile.
    report : Reporter
        Told stage, fraction and time left; may raise CancelledError.
    n_cpus : int, optional
        Threads; if not given, one for each core. The numbers do not depend on it.

    Raises
    ------
    DesignError
        If the comparison cannot be estimated.
    InputError
        If the specification is out of range or the store does not have the cohort.
    CancelledError
        If `report` stops it; what was finished before stays in the store.
    """
    check_spec(spec)
    found = find_de(store, digest, spec)
    if found is not None:
        return found
    report("Reading counts", 0.0)
    prepared = prepare(get_cohort(store, digest), spec)
    if spec.method != "deseq2":
        from core.de.alternatives import run_alternative

        return run_alternative(store, digest, spec, prepared=prepared, report=report)
    cost, planned = _plan(store, digest, spec, prepared=prepared, n_cpus=n_cpus)
    timeline = Timeline(report, cost, planned)
    timeline.stage("Starting")
    # PyDESeq2 takes seconds to import and 200 MB: pages that only find results do without.
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    from core.de.compute import Analysis

    engine = build_engine(spec, timeline, n_cpus=cost.n_cpus)
    analysis = Analysis(store, digest, spec, prepared=prepared, engine=engine)
    # Blocks of genes are shared out to threads: threads inside their products only get in the way.
    with threadpool_limits(limits=1):
        if spec.shrink:
            store.get_or_compute(de_key(digest, replace(spec, shrink=False)), analysis.write_unshrunken)
        return read_result(store.get_or_compute(de_key(digest, spec), analysis.write))


def build_engine(spec: DESpec, timeline: Timeline, *, n_cpus: int) -> Engine:
    """Return what computes an analysis by DESeq2, and tells the timeline."""
    from core.de.engine.coefficients import climb, search_as_r
    from core.de.engine.inference import BatchInference
    from core.de.fit import Engine

    rescue = climb if spec.scale else search_as_r
    return Engine(BatchInference(n_cpus=n_cpus, watch=timeline.passed, rescue=rescue), timeline)


def _plan(
    store: Store, digest: str, spec: DESpec, *, prepared: Prepared, n_cpus: int | None
) -> tuple[CostModel, float]:
    """Return what each kernel costs on these data, and the expected seconds of what the store lacks."""
    n_genes = int(prepared.active.sum())
    fit = store.get(fit_key(digest, spec), kind=FITS) is None
    shrink = spec.shrink and store.get(shrinkage_key(digest, spec), kind=SHRINKAGES) is None
    n_samples, n_coefficients = prepared.model.matrix.shape
    cost = CostModel(n_samples, n_coefficients, n_cpus=n_cpus or usable_cpus())
    return cost, cost.plan(n_genes=n_genes, fit=fit, shrink=shrink)
