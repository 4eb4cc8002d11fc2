"""What pages read: the store, cohorts, results and the gene table, opened once per server."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from core.cohort.gene_table import GeneTable, human_genes
from core.cohort.model import Cohort
from core.cohort.stored import get_cohort
from core.de.result import DEResult, de_key
from core.de.run import find_de
from core.export.provenance import Provenance, provenance_of
from core.jobs import Jobs
from core.spec import DESpec
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


@st.cache_resource(max_entries=4, show_spinner=False)
def _store(root: str) -> Store:
    return Store()


@st.cache_resource(max_entries=4, show_spinner=False)
def _jobs(root: str) -> Jobs:
    return Jobs(_store(root))


def provenance(data: Cohort, shown: DEResult) -> Provenance:
    """Return where the numbers of a result come from."""
    return provenance_of(shown, dataset=data.name)


def data_provenance(data: Cohort, digest: str) -> Provenance:
    """Return where what is said of a cohort itself comes from."""
    return Provenance(dataset=data.name, digest=digest, simulated=data.simulated)
