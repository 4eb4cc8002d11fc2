"""The Data page: what is in use, what to compare in it, and how to bring one's own."""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from core.cohort.files import counts_file, metadata_file
from core.cohort.model import Cohort, Roles
from core.cohort.reading.preview import preview_metadata
from core.cohort.roles import suggest_roles
from core.de.spec import DESpec
from core.errors import InputError
from core.options.argv import arguments
from core.spec import option_of
from pages.ui.frame import access, jobs_panel, problems, site, state
from pages.ui.genes import settings as gene_settings
from pages.ui.parts import style
from pages.ui.parts.format import number, plain, plural

COUNT_TYPES = ["csv", "tsv", "txt", "gz", "parquet", "h5ad"]
METADATA_TYPES = ["csv", "tsv", "txt", "gz", "xlsx", "xls"]


def present_data() -> None:
    """Show the data set in use and let the viewer choose what is compared in it."""
    digest = st.session_state.get("digest")
    if digest is None:
        return
    cohort = access.cohort(digest)
    st.html(
        f'<p class="trd-answer"><b>{number(len(cohort.samples))}</b> samples and '
        f"<b>{number(len(cohort.genes))}</b> genes: {style.escape(cohort.name)}.</p>"
    )
    left, right = st.columns([2, 3], gap="large")
    with left, st.container(key="draft.data"):
        _compare(digest, cohort)
    with right:
        st.subheader("The samples")
        st.dataframe(cohort.metadata, width="stretch", height=330)
        _notices(cohort)
        _files(cohort)


def upload() -> None:
    """Take in a count table and a metadata table."""
    st.subheader("Bring your own data", divider="gray")
    left, right = st.columns(2, gap="large")
    counts = left.file_uploader(
        "Counts: raw counts per gene and sample",
        type=COUNT_TYPES,
        key="upload.counts",
        help="CSV, TSV (also gzipped), Parquet or h5ad; genes in rows or in columns. featureCounts tables "
        "and merged Salmon gene tables are read as they are.",
    )
    metadata = right.file_uploader(
        "Samples: one row per sample",
        type=METADATA_TYPES,
        key="upload.metadata",
        help="CSV, TSV or Excel; one column holds the sample names used in the counts.",
    )
    if counts is None or metadata is None:
        st.caption(
            "Files stay on the computer that runs this dashboard. Up to 0.5 GB each: a larger table shrinks "
            "to raw counts of genes (not transcripts) in Parquet or gzip. From a terminal: "
            "`python -m core add --counts FILE --metadata FILE`."
        )
        return
    paths = (_keep(counts), _keep(metadata))
    _map_and_load(*paths)


def _compare(digest: str, cohort: Cohort) -> None:
    st.subheader("What to compare")
    columns = gene_settings.group_columns(cohort)
    if not columns:
        st.warning(
            "No column of the sample table can define groups: one with 2 to 20 different values is needed."
        )
        return
    spec = state.spec() or _first_guess(cohort, columns)
    draft = gene_settings.contrast_fields(cohort, spec, prefix="data")
    draft = gene_settings.with_covariates(cohort, draft, prefix="data")
    if draft != state.spec():
        access.jobs().stand_by()
    pressed = st.button("Compare", type="primary", key="data.compare")
    if pressed and gene_settings.start(digest, draft):
        site.go_to("genes")


def _first_guess(cohort: Cohort, columns: list[str]) -> DESpec:
    suggested = suggest_roles(cohort.metadata)
    factor = suggested["factor"][0].value if suggested["factor"] else columns[0]
    levels = gene_settings.levels(cohort, factor)
    case = suggested["case"][0].value if suggested["case"] else levels[0]
    control = next(level for level in levels if level != case)
    return DESpec(factor=factor, case=case, control=control)


def _notices(cohort: Cohort) -> None:
    if cohort.notices:
        with st.expander(f"How the files were read · {plural(len(cohort.notices), 'remark')}"):
            for notice in cohort.notices:
                st.markdown(f"- {plain(notice.message)}")


def _files(cohort: Cohort) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption("Download what was analysed:")
        counts, metadata = partial(counts_file, cohort), partial(metadata_file, cohort)
        mark = "simulated_" if cohort.simulated else ""
        st.download_button("Counts", counts, f"{mark}counts.csv.gz", "application/gzip", on_click="ignore")
        st.download_button("Samples", metadata, f"{mark}metadata.csv", "text/csv", on_click="ignore")


def _keep(upload: Any) -> Path:
    """Write an uploaded file to the store's folder once, under its content's hash and its own name."""
    known: dict[str, str] = st.session_state.setdefault("upload.paths", {})
    if upload.file_id not in known:
        folder, content = access.store().root / "uploads", upload.getbuffer()
        path = access.keep(folder, upload.name, content, digits=16, unnamed="table")
        known[upload.file_id] = str(path)
    return Path(known[upload.file_id])


def _map_and_load(counts: Path, metadata: Path) -> None:
    try:
        table = preview_metadata(metadata)
    except InputError as error:
        problems.show_faults(error.faults)
        return
    st.markdown(
        f"**{plain(metadata.name)}** · {plural(len(table), 'sample')}, {plural(table.shape[1], 'column')}"
    )
    st.dataframe(table.head(8), width="stretch")
    options = _options(table, counts)
    key = _job_key(counts, metadata, options)
    if st.button("Check and load", type="primary", key="upload.load"):
        out = _folder(key)
        access.jobs().start(
            key,
            title=f"Reading {counts.name}",
            request={
                "arguments": ["add", f"--counts={counts}", f"--metadata={metadata}", f"--out={out}", *options]
            },
        )
    _outcome(key)


def _options(table: pd.DataFrame, counts: Path) -> list[str]:
    suggested = suggest_roles(table)
    options: list[str] = []
    columns = st.columns(4)
    name = columns[0].text_input("Name of the data set", counts.name.split(".")[0], key="upload.name")
    options.append(f"--name={name.strip() or counts.name}")
    names, roles = list(map(str, table.columns)), dict[str, str]()
    for place, role in zip(columns[1:], fields(Roles), strict=True):
        found, said = next(iter(suggested[role.name]), None), option_of(role)
        # Chosen by number: a column may be called like any word that could stand for no column.
        chosen = place.selectbox(
            said.label,
            range(len(names) + 1),
            names.index(found.value) + 1 if found else 0,
            format_func=["none", *names].__getitem__,
            help=said.help + (f" Suggested because {found.reason}." if found else ""),
            key=f"upload.{role.name}",
        )
        if chosen:
            roles |= {role.name: names[chosen - 1]}
    options += arguments(Roles(**roles))
    near, dates = st.columns(2)
    if near.checkbox("Join samples whose names differ only in spelling", key="upload.near"):
        options.append("--accept-near")
    if dates.checkbox("Repair gene names that Excel has turned into dates", key="upload.dates"):
        options.append("--repair-dates")
    return options


def _job_key(counts: Path, metadata: Path, options: list[str]) -> str:
    parts = [str(counts), str(metadata), *options]
    return "add-" + hashlib.sha256("\0".join(parts).encode()).hexdigest()[:40]


def _folder(key: str) -> Path:
    return access.store().root / "checks" / key


def _outcome(key: str) -> None:
    job = jobs_panel.watch(key)
    if job is None or job.status != "done":
        return
    report = json.loads((_folder(key) / "check.json").read_text(encoding="utf-8"))
    digest = report["digest"]
    for warning in report["warnings"]:
        st.warning(_with_samples(warning), icon=":material/warning:")
    cohort = access.cohort(digest)
    st.success(
        f"{plain(cohort.name)} is loaded: {number(len(cohort.samples))} samples, "
        f"{number(len(cohort.genes))} genes.",
        icon=":material/check:",
    )
    if st.session_state.get("digest") != digest and st.button(
        "Use this data set", type="primary", key="upload.use"
    ):
        state.open_data(digest)
        st.rerun()


def _with_samples(warning: dict[str, Any]) -> str:
    samples = warning["samples"]
    named = f" ({', '.join(samples[:6])}{' …' if len(samples) > 6 else ''})" if samples else ""
    return plain(warning["message"] + named)
