"""The basket of genes that follows the viewer, and finding genes by any of their names."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from core.cohort.gene_table import human_genes
from core.cohort.model import Cohort
from core.export.tables import to_csv_bytes, to_gmt_bytes
from pages.ui.frame import access, state
from pages.ui.parts.format import enumeration, plain, plural


@dataclass(frozen=True)
class Hit:
    """A gene of the cohort found by a name; `note` says if that name is not its symbol."""

    gene: str
    symbol: str
    note: str = ""

    @property
    def by_old_name(self) -> bool:
        """Whether the name it was found by is not its present one."""
        return self.note.startswith("found under")


@st.cache_resource(max_entries=4, show_spinner=False)
def _index(digest: str) -> dict[str, int]:
    """Return row by upper-case symbol, Ensembl identifier and identifier as analysed."""
    genes = access.cohort(digest).genes
    index: dict[str, int] = {}
    for column in ("ensembl_id", "symbol", "gene"):
        index |= {name.upper(): row for row, name in enumerate(genes[column]) if name}
    return index


def symbol_of(digest: str, gene: str) -> str:
    """Return the symbol by which people know a gene; its identifier if it has none."""
    row = _index(digest).get(gene.upper())
    if row is None:
        return gene
    return str(access.cohort(digest).genes["symbol"].iat[row] or gene)


def matches(digest: str, text: str, *, limit: int) -> list[Hit]:
    """Return genes of the cohort that a text names, the exact ones first."""
    genes, index = access.cohort(digest).genes, _index(digest)
    wanted = text.strip().upper()
    hits: dict[str, Hit] = {}
    exact = _row(index, wanted)
    if exact is not None:
        _add(hits, _hit(genes, exact))
    for match in human_genes().search(text.strip(), limit=4 * limit):
        row = index.get(match.symbol.upper(), index.get(match.ensembl_id.upper()))
        if row is not None:
            _add(hits, _hit(genes, row, _via(match.via, match.found)))
    if len(wanted) >= 2:
        for name, row in index.items():
            if len(hits) >= limit:
                break
            if name.startswith(wanted):
                _add(hits, _hit(genes, row))
    return list(hits.values())[:limit]


def _row(index: dict[str, int], name: str) -> int | None:
    """Return the row that a whole name means, a version suffix allowed; None if it means none."""
    return index.get(re.sub(r"\.\d+$", "", name.upper()), index.get(name.upper()))


def _hit(genes: pd.DataFrame, row: int, note: str = "") -> Hit:
    gene = str(genes["gene"].iat[row])
    return Hit(gene, str(genes["symbol"].iat[row] or gene), note)


def _add(hits: dict[str, Hit], hit: Hit) -> None:
    hits.setdefault(hit.gene, hit)


def _via(via: str, found: str) -> str:
    if via == "alias":
        return f"found under its old name {found}"
    return found if via == "name" else ""


def panel() -> None:
    """Draw the basket in the sidebar."""
    digest, held = st.session_state.get("digest"), state.view().basket
    if digest is None:
        return
    with st.popover(
        f"Basket · {plural(len(held), 'gene')}", width="stretch", icon=":material/shopping_basket:"
    ):
        _paste(digest)
        *about, report = st.session_state.get("basket.report", ("", (), ""))
        if report and about == [digest, held]:  # until the basket is another
            st.info(plain(report))
        if held:
            _contents(digest, held)
        else:
            st.caption("Empty. Add genes from the plot, the table or a gene's page, or paste a list above.")


def _paste(digest: str) -> None:
    with st.form("basket.form", clear_on_submit=True, border=False):
        text = st.text_area(
            "Paste genes", placeholder="IFIT3, BDNF, ENSG00000096968 …", key="basket.text", height=80
        )
        if not st.form_submit_button("Add to basket"):
            return
    names = [name for name in re.split(r"[\s,;|]+", text.strip()) if name]
    found, notes, unknown = _resolve(digest, names)
    added = state.put_in_basket(found)
    report = _report(added, len(found) - added, notes, unknown)
    st.session_state["basket.report"] = (digest, state.view().basket, report)
    st.rerun()


def _resolve(digest: str, names: list[str]) -> tuple[list[str], list[str], list[str]]:
    found, notes, unknown = [], [], []
    for name in names:
        hit = exact_match(digest, name)
        if hit is None:
            unknown.append(name)
        else:
            found.append(hit.gene)
            if hit.note:
                notes.append(f"{name} is {hit.symbol} ({hit.note})")
    return found, notes, unknown


def exact_match(digest: str, name: str) -> Hit | None:
    """Return the gene a whole name stands for: symbol, identifier or unambiguous old name."""
    genes, index = access.cohort(digest).genes, _index(digest)
    row = _row(index, name)
    if row is not None:
        return _hit(genes, row)
    olds = [
        m for m in human_genes().search(name, limit=5) if m.via == "alias" and m.found.upper() == name.upper()
    ]
    rows = {index[m.symbol.upper()] for m in olds if m.symbol.upper() in index}
    if len(rows) != 1:
        return None
    return _hit(genes, rows.pop(), f"found under its old name {name}")


def _report(added: int, known: int, notes: list[str], unknown: list[str]) -> str:
    parts = [f"{plural(added, 'gene')} added."]
    if known:
        parts.append(f"{known} already there.")
    if notes:
        parts.append("; ".join(notes) + ".")
    if unknown:
        shown = enumeration(unknown[:8]) + (f" and {len(unknown) - 8} more" if len(unknown) > 8 else "")
        parts.append(f"Not in this data set: {shown}. Check the spelling, or try the Ensembl identifier.")
    return " ".join(parts)


def _contents(digest: str, held: tuple[str, ...]) -> None:
    names = {gene: symbol_of(digest, gene) for gene in held}
    symbols = Counter(names.values())
    kept = st.multiselect(
        "In the basket",
        list(held),
        default=list(held),
        # Two genes may share a symbol; the browser answers with labels, so no two may be alike.
        format_func=lambda gene: f"{names[gene]} ({gene})" if symbols[names[gene]] > 1 else names[gene],
        key=f"basket.kept.{hash(held)}",
    )
    if len(kept) != len(held):
        state.take_from_basket([gene for gene in held if gene not in kept])
        st.rerun()
    known = [gene for gene in held if gene.upper() in _index(digest)]
    if strangers := [gene for gene in held if gene not in known]:
        st.caption(f"Not in this data set, and left out of the files: {plain(enumeration(strangers[:8]))}.")
    left, middle, right = st.columns(3)
    cohort = access.cohort(digest)
    left.download_button("CSV", lambda: _csv(digest, known), "basket.csv", "text/csv", width="stretch")
    middle.download_button(
        "GMT",
        lambda: _gmt([names[gene] for gene in known], cohort),
        "basket.gmt",
        "text/plain",
        width="stretch",
    )
    if right.button("Empty it", width="stretch", key="basket.empty"):
        state.take_from_basket(list(held))
        st.rerun()


def _csv(digest: str, genes: list[str]) -> bytes:
    cohort = access.cohort(digest)
    columns = ["gene", "symbol", "name", "ensembl_id", "entrez_id", "chromosome"]
    table = cohort.genes.set_index("gene", drop=False).loc[genes, columns]
    return to_csv_bytes(table.reset_index(drop=True), access.data_provenance(cohort, digest))


def _gmt(names: list[str], cohort: Cohort) -> bytes:
    mark = " (chosen on simulated data)" if cohort.simulated else ""
    return to_gmt_bytes("basket", names, description=f"TRD Explorer basket{mark}")
