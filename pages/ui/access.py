"""What pages read: the store, cohorts, results and the gene table, opened once per server."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import replace
from pathlib import Path

import streamlit as st

from core.cohort.gene_table import GeneTable, human_genes
from core.cohort.model import Cohort
from core.cohort.stored import get_cohort
from core.de.result import DEResult, de_key
from core.de.run import find_de
from core.export.pathway_provenance import pathway_provenance_of
from core.export.provenance import Provenance, provenance_of
from core.jobs import Jobs
from core.pathways.result import PathwayResult, pathway_key
from core.pathways.run import find_pathways
from core.pathways.set_view import SampleScale
from core.pathways.set_view import sample_scale as compute_sample_scale
from core.spec import DESpec, PathwaySpec
from core.store import Store, default_root


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


@st.cache_resource(max_entries=1, show_spinner=False)
def gene_table() -> GeneTable:
    """Return the table of human genes."""
    return human_genes()


def result(digest: str, spec: DESpec) -> DEResult | None:
    """Return a finished result, or None: computing is a job's business.

    While shrinkage is still under way, the result without it stands in.
    """
    for wanted in (spec, replace(spec, shrink=False)):
        key = de_key(digest, wanted)
        if store().get(key) is not None:
            return _result(digest, wanted, key)
    return None


@st.cache_resource(max_entries=8, show_spinner=False)
def _result(digest: str, _spec: DESpec, key: str) -> DEResult | None:
    return find_de(store(), digest, _spec)


def pathways(digest: str, de_spec: DESpec, spec: PathwaySpec) -> PathwayResult | None:
    """Return a finished enrichment result of a comparison, or None."""
    # Shrinkage changes nothing in the ranking: with and without it share one result.
    plain = replace(de_spec, shrink=False)
    key = pathway_key(digest, plain, spec)
    return None if store().get(key) is None else _pathways(digest, plain, spec, key)


@st.cache_resource(max_entries=4, show_spinner=False)
def _pathways(digest: str, _de_spec: DESpec, _spec: PathwaySpec, key: str) -> PathwayResult | None:
    return find_pathways(store(), digest, _de_spec, _spec)


@st.cache_resource(max_entries=4, show_spinner=False)
def _store(root: str) -> Store:
    return Store()


@st.cache_resource(max_entries=4, show_spinner=False)
def _jobs(root: str) -> Jobs:
    return Jobs(_store(root))


def provenance(data: Cohort, shown: DEResult) -> Provenance:
    """Return where the numbers of a result come from."""
    return provenance_of(shown, dataset=data.name)


def pathway_provenance(data: Cohort, comparison: DEResult, shown: PathwayResult) -> Provenance:
    """Return where the numbers of an enrichment come from."""
    return pathway_provenance_of(shown, comparison, dataset=data.name)


def data_provenance(data: Cohort, digest: str) -> Provenance:
    """Return where what is said of a cohort itself comes from."""
    return Provenance(dataset=data.name, digest=digest, simulated=data.simulated)


def comparisons(digest: str) -> list[DESpec]:
    """Return the finished comparisons of a data set, without those that only add shrinkage."""
    results = store().keys()
    described = [_described(store().root, key) for key in results]
    return [spec for found, spec in filter(None, described) if found == digest and not spec.shrink]


@st.cache_resource(max_entries=512, show_spinner=False)
def _described(root: Path, key: str) -> tuple[str, DESpec] | None:
    """Return data set and specification of a comparison, None for other results and older algorithms."""
    entry = store().get(key)
    if entry is None or "de_spec" in entry.run or "spec" not in entry.run:
        return None
    fields = json.loads(entry.run["spec"])
    if not {"factor", "case", "control"} <= fields.keys():
        return None
    digest, spec = str(entry.run["digest"]), DESpec.from_json(entry.run["spec"])
    return (digest, spec) if de_key(digest, spec) == key else None


@st.cache_resource(max_entries=2, show_spinner=False)
def sample_scale(key: str, _cohort: Cohort, _comparison: DEResult, _result: PathwayResult) -> SampleScale:
    """Return what the scores of any set need of the samples; `key` names the result."""
    return compute_sample_scale(_cohort, _result, size_factors=_comparison.size_factors)


def own_sets() -> list[str]:
    """Return the paths of the GMT files that users brought, by name."""
    return sorted(str(path) for path in _own_folder().glob("*/*"))


def own_sets_name(path: str) -> str:
    """Return the name of a user's GMT file without its place."""
    return Path(path).name


def is_own_sets(path: str) -> bool:
    """Return whether a path is that of a GMT file that a user brought through the page."""
    return path in own_sets()


def keep_own_sets(name: str, content: bytes) -> Path:
    """Keep a user's GMT file, once for each content, and return where."""
    safe = re.sub(r"[^\w.-]+", "_", Path(name).name).lstrip(".") or "sets.gmt"
    folder = _own_folder() / hashlib.sha256(content).hexdigest()[:12]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / safe).write_bytes(content)
    return folder / safe


def _own_folder() -> Path:
    return store().root.resolve() / "gmt"
