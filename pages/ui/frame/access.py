"""What pages read: the store, cohorts, results and the gene table, opened once per server."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd
import streamlit as st

from core import analysis
from core.analysis import Analysis, At, Made
from core.cohort.model import Cohort
from core.cohort.stored import get_cohort
from core.de.kind import KIND as COMPARISON
from core.de.result import DEResult
from core.de.spec import DESpec
from core.errors import Fault, InputError
from core.export.provenance import Provenance
from core.export.tried import EARLIER, Attempt, Tried, attempt_of, counted_kinds, tried
from core.jobs import Jobs
from core.kinds import kind_of
from core.models.reading.compare import against_baselines, compare_models
from core.models.reading.evidence import Evidence, collect_evidence
from core.models.result import ModelResult
from core.pathways.reading.set_view import SampleScale
from core.pathways.reading.set_view import sample_scale as compute_sample_scale
from core.pathways.result import PathwayResult
from core.pathways.sets.collections import list_collections
from core.pathways.spec import PathwaySpec
from core.spec import Spec
from core.store import Entry, Store, default_root, usable

S = TypeVar("S", bound=Spec)
R = TypeVar("R")
T = TypeVar("T")


def store() -> Store:
    """Return the store of this server."""
    return _store(str(default_root()))


def jobs() -> Jobs:
    """Return the jobs of this server's store."""
    return _jobs(str(default_root()))


@st.cache_resource(max_entries=4, show_spinner=False)
def cohort(digest: str) -> Cohort:
    """Open a cohort; never to be written to."""
    return get_cohort(store(), digest)


@dataclass(frozen=True)
class Here(At):
    """What an analysis starts from on this server, where data sets are kept open."""

    @cached_property
    def cohort(self) -> Cohort:
        """The data set; never to be written to."""
        return cohort(self.digest)


def at(digest: str, **before: Spec) -> At:
    """Return what an analysis of a data set starts from; `before` by the names of kinds."""
    return Here(store(), digest, before)


def find(kind: Analysis[S, R], at: At, spec: S) -> R | None:
    """Return a finished result, or None: computing is a job's business."""
    return read(kind, at, spec, kind.read)


def read(kind: Analysis[S, R], at: At, spec: S, reader: Callable[[Entry], T]) -> T | None:
    """Return what a reader makes of a finished result, or None; each is read once for all viewers.

    That there is one whose files are damaged is remembered for the end of the page, see `damaged`.
    """
    key = analysis.key(kind, at, spec)
    if (state := at.store.state(key, kind=kind.name)) == "damaged":
        damaged().add(kind.title)
    return _opened(kind.name, reader)(key, at.store) if state == "whole" else None


def damaged() -> set[str]:
    """Return the titles of results that this run found damaged, and of which the page has not told yet."""
    found: set[str] = st.session_state.setdefault("access.damaged", set())
    return found


@cache
def _opened(name: str, reader: Callable[[Entry], T]) -> Callable[[str, Store], T]:
    @lru_cache(maxsize=kind_of(name).kept)
    def open_entry(key: str, store: Store) -> T:
        entry = store.get(key, kind=name)
        assert entry is not None  # it was there a moment ago
        return reader(entry)

    return open_entry


def made(kind: Analysis[S, R], at: At, spec: S) -> Made[S, R] | None:
    """Return a finished result with what was asked, without what changes nothing in it, or None."""
    at, spec = kind.plain(at, spec)
    result = find(kind, at, spec)
    return None if result is None else Made(kind, at, spec, result)


def provenance(made: Made[Any, Any]) -> Provenance:
    """Return where the numbers of a result come from, and how many analyses were tried on its data set."""
    base: Provenance = made.kind.provenance(made)
    return replace(base, tried=analyses_tried(made.at.digest).sentence())


def result(digest: str, spec: DESpec) -> DEResult | None:
    """Return a finished comparison, or None; until shrinkage is done, the result without it stands in."""
    found = find(COMPARISON, at(digest), spec)
    return found or find(COMPARISON, at(digest), replace(spec, shrink=False))


@st.cache_resource(max_entries=4, show_spinner=False)
def model_tables(key: str, _result: ModelResult) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return every model's performance, and its difference from every baseline; `key` names the result."""
    return compare_models(_result), against_baselines(_result)


@st.cache_resource(max_entries=64, show_spinner=False)
def evidence(key: str, model: str, cutoff: float, prevalence: float, _result: ModelResult) -> Evidence:
    """Return all panels of a model; `key` names the result. Never to be written to."""
    return collect_evidence(_result, model, cutoff=cutoff, prevalence=prevalence)


@st.cache_resource(max_entries=4, show_spinner=False)
def _store(root: str) -> Store:
    return Store()


@st.cache_resource(max_entries=4, show_spinner=False)
def _jobs(root: str) -> Jobs:
    return Jobs(_store(root))


def data_provenance(data: Cohort, digest: str) -> Provenance:
    """Return where what is said of a cohort itself comes from."""
    return Provenance(dataset=data.name, digest=digest, simulated=data.simulated)


def comparisons(digest: str) -> list[DESpec]:
    """Return the finished comparisons of a data set, without those that only add shrinkage."""
    specs = Tried(tuple(_attempts(digest))).specs(DESpec)
    return [spec for spec in specs if not spec.shrink and analysis.is_there(COMPARISON, at(digest), spec)]


def analyses_tried(digest: str) -> Tried:
    """Return the distinct analyses of a data set that this computer's store holds."""
    return tried(_attempts(digest))


def _attempts(digest: str) -> list[Attempt]:
    kinds = (*counted_kinds(), EARLIER)
    keys = "\n".join(f"{kind}/{key}" for kind in kinds for key in store().keys(kind=kind))
    return _known(store().root, keys).get(digest, [])


@st.cache_resource(max_entries=4, show_spinner=False)
def _known(root: Path, keys: str) -> dict[str, list[Attempt]]:
    """Return the analyses of each data set; sorted out anew when a result comes or goes, not at each call."""
    found: dict[str, list[Attempt]] = {}
    for digest, attempt in filter(None, (_described(root, key) for key in keys.split())):
        found.setdefault(digest, []).append(attempt)
    return found


@st.cache_resource(max_entries=2048, show_spinner=False)
def _described(root: Path, key: str) -> tuple[str, Attempt] | None:
    """Return data set and analysis of an entry of the store, None for one that is not counted."""
    kind, _, name = key.partition("/")
    entry = store().get(name, kind=kind)
    return None if entry is None else attempt_of(entry.run)


@st.cache_resource(max_entries=2, show_spinner=False)
def sample_scale(key: str, _cohort: Cohort, _comparison: DEResult, _result: PathwayResult) -> SampleScale:
    """Return what the scores of any set need of the samples; `key` names the result."""
    return compute_sample_scale(_cohort, _result, size_factors=_comparison.size_factors)


def own_sets() -> list[str]:
    """Return the paths of the GMT files that users brought, by name."""
    return sorted(str(path) for path in own_folder().glob("*/*"))


def refuse_foreign_sets(spec: PathwaySpec) -> None:
    """Refuse files of gene sets that nobody brought here through the page: no link may have them read.

    Raises
    ------
    InputError
        With each of them.
    """
    shipped = {card.name for card in list_collections()}
    if foreign := [name for name in spec.collections if name not in shipped.union(own_sets())]:
        raise InputError(
            [
                Fault(
                    "unknown-collection",
                    f"collection {name.rsplit('/', 1)[-1]!r}",
                    "it is not on this computer",
                    "Choose shipped collections in the settings, or upload the GMT file there",
                )
                for name in foreign
            ]
        )


def keep(folder: Path, name: str, content: bytes | memoryview, *, digits: int, unnamed: str) -> Path:
    """Keep a user's file in a folder by the first digits of its content's hash, and return where.

    Raises
    ------
    StoreError
        If the disk is full or must not be written.
    """
    safe = re.sub(r"[^\w.-]+", "_", Path(name).name).lstrip(".") or unnamed
    path = folder / hashlib.sha256(content).hexdigest()[:digits] / safe
    with usable(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return path


def own_folder() -> Path:
    """Return where users' GMT files are kept."""
    return store().root.resolve() / "gmt"
