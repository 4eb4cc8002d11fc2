"""Run a differential-expression analysis, or find it in the store."""

from __future__ import annotations

from dataclasses import replace

from core.cohort.stored import get_cohort
from core.de.check import check_spec
from core.de.prepare import Prepared, prepare
from core.de.result import FITS, SHRINKAGES, DEResult, de_key, fit_key, read_result
from core.de.timing import CostModel, Timeline, usable_cpus
from core.progress import Reporter, silent
from core.spec import DESpec
from core.store import Store

_WORTH_WORKERS = 10.0  # seconds of one core; starting workers takes some of it


def find_de(store: Store, digest: str, spec: DESpec) -> DEResult | None:
    """Return a result if the store has it; never computes."""
    entry = store.get(de_key(digest, spec))
    return None if entry is None else read_result(entry)


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
        Worker processes. If not given: all cores where that is worth starting them. Always 1
        inside a Streamlit server.

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
    cost, planned = _plan(store, digest, spec, prepared=prepared, n_cpus=n_cpus)
    timeline = Timeline(report, cost, planned)
    timeline.stage("Starting")
    # PyDESeq2 takes seconds to import and 200 MB: pages that only find results do without.
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    from core.de.compute import Analysis
    from core.de.fit import Engine
    from core.de.inference import BlockwiseInference

    engine = Engine(BlockwiseInference(n_cpus=cost.n_cpus, watch=timeline.passed), timeline)
    analysis = Analysis(store, digest, spec, prepared=prepared, engine=engine)
    # The matrices of one gene are tiny: threads inside them only wait for each other.
    with threadpool_limits(limits=1):
        if spec.shrink:
            store.get_or_compute(de_key(digest, replace(spec, shrink=False)), analysis.write_unshrunken)
        return read_result(store.get_or_compute(de_key(digest, spec), analysis.write))


def _plan(
    store: Store, digest: str, spec: DESpec, *, prepared: Prepared, n_cpus: int | None
) -> tuple[CostModel, float]:
    """Return what each kernel costs on these data, and the expected seconds of what the store lacks."""
    key, n_genes = fit_key(digest, spec), int(prepared.active.sum())
    fit = store.get(key, kind=FITS) is None
    shrink = spec.shrink and store.get(key, kind=SHRINKAGES) is None
    alone = CostModel(*prepared.design.matrix.shape)
    if n_cpus is None:
        seconds = alone.plan(n_genes=n_genes, fit=fit, shrink=shrink)
        n_cpus = usable_cpus() if seconds > _WORTH_WORKERS else 1
    cost = replace(alone, n_cpus=n_cpus)
    return cost, cost.plan(n_genes=n_genes, fit=fit, shrink=shrink)
