"""What pages read: the store, cohorts, results and the gene table, opened once per server."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import streamlit as st

from core.cohort.gene_table import GeneTable, human_genes
from core.cohort.model import Cohort
from core.cohort.profile import KIND, Profile, find_profile, profile_key
from core.cohort.stored import get_cohort
from core.de.result import DEResult, de_key
from core.de.run import find_de
from core.export.model_provenance import model_provenance_of
from core.export.pathway_provenance import pathway_provenance_of
from core.export.provenance import Provenance, provenance_of
from core.export.tried import Analysis, Tried, analysis_of, tried
from core.jobs import Jobs
from core.models.compare import against_baselines, compare_models
from core.models.evidence import Evidence, gather
from core.models.result import ModelResult, model_key
from core.models.run import find_models
from core.pathways.result import PathwayResult, ThemeGlance, pathway_key
from core.pathways.run import find_pathways, find_themes
from core.pathways.set_view import SampleScale
from core.pathways.set_view import sample_scale as compute_sample_scale
from core.spec import DESpec, ModelSpec, PathwaySpec
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


def profile(digest: str) -> Profile | None:
    """Return what the samples of a data set look like, or None: computing is a job's business."""
    key = profile_key(digest)
    return None if store().get(key, kind=KIND) is None else _profile(digest, key)


@st.cache_resource(max_entries=4, show_spinner=False)
def _profile(digest: str, key: str) -> Profile | None:
    return find_profile(store(), digest)


def pathways(digest: str, de_spec: DESpec, spec: PathwaySpec) -> PathwayResult | None:
    """Return a finished enrichment result of a comparison, or None."""
    # Shrinkage changes nothing in the ranking: with and without it share one result.
    plain = replace(de_spec, shrink=False)
    key = pathway_key(digest, plain, spec)
    return None if store().get(key) is None else _pathways(digest, plain, spec, key)


@st.cache_resource(max_entries=4, show_spinner=False)
def _pathways(digest: str, _de_spec: DESpec, _spec: PathwaySpec, key: str) -> PathwayResult | None:
    return find_pathways(store(), digest, _de_spec, _spec)


def theme_glance(digest: str, de_spec: DESpec, spec: PathwaySpec) -> ThemeGlance | None:
    """Return the themes of a finished enrichment result, or None; cheaper than the whole result."""
    plain = replace(de_spec, shrink=False)
    key = pathway_key(digest, plain, spec)
    return None if store().get(key) is None else _theme_glance(digest, plain, spec, key)


@st.cache_resource(max_entries=8, show_spinner=False)
def _theme_glance(digest: str, _de_spec: DESpec, _spec: PathwaySpec, key: str) -> ThemeGlance | None:
    return find_themes(store(), digest, _de_spec, _spec)


def models(digest: str, spec: ModelSpec) -> ModelResult | None:
    """Return validated risk models, or None."""
    key = model_key(digest, spec)
    return None if store().get(key) is None else _models(digest, spec, key)


@st.cache_resource(max_entries=4, show_spinner=False)
def _models(digest: str, _spec: ModelSpec, key: str) -> ModelResult | None:
    return find_models(store(), digest, _spec)


@st.cache_resource(max_entries=4, show_spinner=False)
def model_tables(key: str, _result: ModelResult) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return every model's performance, and its difference from every baseline; `key` names the result."""
    return compare_models(_result), against_baselines(_result)


@st.cache_resource(max_entries=64, show_spinner=False)
def evidence(key: str, model: str, cutoff: float, prevalence: float, _result: ModelResult) -> Evidence:
    """Return all panels of a model; `key` names the result. Never to be written to."""
    return gather(_result, model, cutoff=cutoff, prevalence=prevalence)


@st.cache_resource(max_entries=4, show_spinner=False)
def _store(root: str) -> Store:
    return Store()


@st.cache_resource(max_entries=4, show_spinner=False)
def _jobs(root: str) -> Jobs:
    return Jobs(_store(root))


def provenance(data: Cohort, shown: DEResult) -> Provenance:
    """Return where the numbers of a result come from."""
    return _weighed(provenance_of(shown, dataset=data.name))


def pathway_provenance(data: Cohort, comparison: DEResult, shown: PathwayResult) -> Provenance:
    """Return where the numbers of an enrichment come from."""
    return _weighed(pathway_provenance_of(shown, comparison, dataset=data.name))


def model_provenance(data: Cohort, shown: ModelResult) -> Provenance:
    """Return where the numbers of risk models come from."""
    return _weighed(model_provenance_of(shown, dataset=data.name))


def _weighed(told: Provenance) -> Provenance:
    """Add how many analyses were tried, which is the same for every viewer of this computer."""
    return replace(told, tried=analyses_tried(told.digest).sentence())


def data_provenance(data: Cohort, digest: str) -> Provenance:
    """Return where what is said of a cohort itself comes from."""
    return Provenance(dataset=data.name, digest=digest, simulated=data.simulated)


def comparisons(digest: str) -> list[DESpec]:
    """Return the finished comparisons of a data set, without those that only add shrinkage."""
    return [one for one in _analyses(digest) if isinstance(one, DESpec) and not one.shrink]


def analyses_tried(digest: str) -> Tried:
    """Return the distinct analyses of a data set that this computer's store holds."""
    return tried(_analyses(digest))


def _analyses(digest: str) -> list[Analysis]:
    return _known(store().root, "\n".join(store().keys())).get(digest, [])


@st.cache_resource(max_entries=4, show_spinner=False)
def _known(root: Path, keys: str) -> dict[str, list[Analysis]]:
    """Return the analyses of each data set; sorted out anew when a result comes or goes, not at each call."""
    found: dict[str, list[Analysis]] = {}
    for digest, analysis in filter(None, (_described(root, key) for key in keys.split())):
        found.setdefault(digest, []).append(analysis)
    return found


@st.cache_resource(max_entries=2048, show_spinner=False)
def _described(root: Path, key: str) -> tuple[str, Analysis] | None:
    """Return data set and specification of a result, None for other kinds and other versions."""
    entry = store().get(key)
    return None if entry is None else analysis_of(key, entry.run)


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
