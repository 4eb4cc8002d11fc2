"""Validate risk models, or find them in the store."""

from __future__ import annotations

from core.cohort.stored import get_cohort
from core.de.timing import usable_cpus
from core.models.check import check_spec
from core.models.result import ModelResult, model_key, read_result, write_result
from core.progress import Reporter, silent
from core.spec import ModelSpec
from core.store import Draft, Store


def find_models(store: Store, digest: str, spec: ModelSpec) -> ModelResult | None:
    """Return a result if the store has it; never computes."""
    return store.find(model_key(digest, spec), read_result)


def run_models(
    store: Store, digest: str, spec: ModelSpec, *, report: Reporter = silent, n_threads: int | None = None
) -> ModelResult:
    """Return a result from the store, computing what is missing once for all processes.

    Every fold is kept in the store as soon as it is done, so that a run that was stopped or killed goes on
    where it was.

    Parameters
    ----------
    store : Store
        Where the cohort is and the result goes.
    digest : str
        Content hash of the cohort.
    spec : ModelSpec
        Which models to validate, and how.
    report : Reporter
        Told stage, fraction and time left; may raise CancelledError.
    n_threads : int, optional
        Parts computed at a time; all cores if not given. The result is the same.

    Raises
    ------
    InputError
        If the specification is out of range, does not fit the cohort, or the store does not have it.
    CancelledError
        If `report` stops it; folds that were finished stay in the store.
    """
    check_spec(spec)
    found = find_models(store, digest, spec)
    if found is not None:
        return found
    report("Reading counts", 0.0)
    # SciPy, scikit-learn and the gene sets are of no use to pages that only find results.
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    from core.models.compute import validate
    from core.models.setting import make_setting

    def compute(draft: Draft) -> None:
        setting = make_setting(store, digest, spec, get_cohort(store, digest))
        # One thread per part: the threads of a matrix product inside would only wait for each other.
        with threadpool_limits(limits=1):
            result = validate(setting, report=report, n_threads=n_threads or usable_cpus())
        write_result(draft, result)

    return read_result(store.get_or_compute(model_key(digest, spec), compute))
