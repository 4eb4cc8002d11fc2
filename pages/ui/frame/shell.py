"""The frame of every page: data set, contrast, gene search, basket, jobs, errors, footer."""

from __future__ import annotations

from collections import Counter

import streamlit as st

from core.analysis import key
from core.cohort.samples.cell_scores import covariate_words
from core.cohort.simulation.demo import find_demo
from core.cohort.stored import CohortCard, find_card, find_digest, list_cohorts
from core.de.kind import KIND as COMPARISON
from core.de.methods import METHODS
from core.de.spec import DEMO_ANALYSIS, DESpec
from pages.ui.frame import access, address, basket, jobs_panel, problems, site, state
from pages.ui.parts import style
from pages.ui.parts.format import plain, plural

NAME_FITS = 22
"""Characters of a data set's name that its box in the side bar has room for."""


def digest() -> str | None:
    """Return the content hash of the data set in force, or None while there is none."""
    found: str | None = st.session_state.get("digest")
    return found


def choose_data() -> None:
    """Find the data set that the address or the viewer asks for; the demonstration otherwise."""
    style.apply()
    wanted = state.view().data
    found = find_digest(access.store(), wanted) if wanted else None
    if found and find_card(access.store(), found) is None:  # another version has written it
        found = None
    st.session_state["missing_data"] = wanted if wanted and not found else ""
    if found is None:
        found = find_demo(access.store())
        if found is None:
            jobs_panel.start_demo()
    st.session_state["digest"] = found
    if found and not wanted:
        state.look(data=found[:12])
    if found and state.spec() is None and found == find_demo(access.store()):
        state.analyse(DEMO_ANALYSIS)


def sidebar() -> None:
    """Draw the left-hand side: menu, data set, contrast, gene search, basket, jobs."""
    with st.sidebar:
        with st.container(key="menu", gap=None):
            site.menu(compared=state.spec() is not None)
        _data_set()
        _contrast()
        _gene_search()
        basket.panel()
        current, chosen = digest(), state.spec()
        jobs_panel.running_jobs(key(COMPARISON, access.at(current), chosen) if current and chosen else None)


def band() -> None:
    """Say what must not be missed: simulated data, a link whose parts could not be used."""
    current = digest()
    if current and access.cohort(current).simulated:
        st.html(
            '<div class="trd-band" role="note"><b>Simulated data.</b> These patients do not exist; '
            "the cohort shows how the tool works, not what depression does.</div>"
        )
    if st.session_state.get("missing_data"):
        st.warning(
            "The data set of this link is not on this computer, or not in a form that can be read. Load its "
            "files on the Data page and the link will work; until then you see the demonstration cohort.",
            icon=":material/link_off:",
        )
    problems.show_faults(st.session_state.get(address.FAULTS, ()))


def _data_set() -> None:
    cards = {card.digest: card for card in list_cohorts(access.store())}
    current = digest()
    if current is None or current not in cards:
        st.caption("Data set")
        st.markdown("*being prepared …*")
        return
    key = "shell.data"

    def changed() -> None:
        state.open_data(st.session_state[key])

    labels = _labels(list(cards.values()))
    state.held(
        key,
        current,
        st.selectbox,
        "Data set",
        options=list(cards),
        on_change=changed,
        format_func=labels.get,
    )
    card = cards[current]
    full = f"{card.name} · " if len(labels[current]) > NAME_FITS else ""
    simulated = "simulated, " if card.simulated else ""
    st.html(f'<div class="trd-small">{style.escape(full)}{simulated}{plural(card.n_samples, "sample")}</div>')


def _labels(cards: list[CohortCard]) -> dict[str, str]:
    """Return what to call each data set; no two alike, since the browser answers with the label."""
    names = {card.digest: card.name.removesuffix(" (simulated)") for card in cards}
    twice = {name for name, n in Counter(names.values()).items() if n > 1}
    return {found: f"{found[:6]} · {name}" if name in twice else name for found, name in names.items()}


def _contrast() -> None:
    chosen = state.spec()
    if chosen is None:
        return
    covariates = ", ".join(covariate_words(chosen.covariates)) if chosen.covariates else "nothing else"
    also = f"{_test(chosen)}{_excluded(chosen)}"
    st.html(
        '<div class="trd-contrast"><span class="trd-label">Contrast</span>'
        f"<div><b>{style.escape(chosen.case)}</b> vs <b>{style.escape(chosen.control)}</b></div>"
        f'<span class="trd-small">adjusted for {style.escape(covariates)}{also}</span></div>'
    )


def _test(spec: DESpec) -> str:
    method = "" if spec.method == "deseq2" else f" · {METHODS[spec.method].label}"
    return f"{method} · in one model of all groups" if spec.all_groups else method


def _excluded(spec: DESpec) -> str:
    return f" · {len(spec.exclude)} left out" if spec.exclude else ""


def _gene_search() -> None:
    text = st.text_input(
        "Find a gene",
        key="shell.search",
        placeholder="symbol, Ensembl or old name",
        help="For example IFIT3, ENSG00000119917, or an old name such as G1P2.",
    )
    current = digest()
    if not text.strip() or current is None:
        return
    for hit in basket.matches(current, text, limit=6):
        note = f" · {hit.note}" if hit.note else ""
        if st.button(f"{plain(hit.symbol)}{plain(note)}", key=f"hit.{hit.gene}", type="tertiary"):
            state.look(gene=hit.gene)
            st.session_state.pop("shell.search", None)
            site.go_to("gene")
