"""The pages in the order of the story, and the guard that keeps each inside the shell."""

from __future__ import annotations

import contextlib
import gc
import itertools
from contextvars import ContextVar
from typing import TYPE_CHECKING, NoReturn

import streamlit as st
from streamlit.runtime.scriptrunner import StopException

from pages.ui.frame import address, polls
from pages.ui.frame.places import FOLDER, PLACES, Place

if TYPE_CHECKING:  # where it stands is private
    from streamlit.navigation.page import Page

ICON = FOLDER / "ui" / "frame" / "icon.png"
inside_shell: ContextVar[bool] = ContextVar("inside_shell", default=False)


def navigation() -> Page:
    """Declare the pages, the first of them the front page, and return the one that was asked for.

    Streamlit's own menu stays hidden (`client.showSidebarNavigation`): before the first run it would
    list the files of ``pages/``.
    """
    return st.navigation([_page(place) for place in PLACES], position="hidden")


def menu(*, compared: bool) -> None:
    """Draw the menu by groups; pages that have nothing to say before a comparison are dimmed until then.

    Every link carries the whole address, so that back and forward find it again.
    """
    query = address.query()
    for group, places in itertools.groupby(PLACES, key=lambda place: place.group):
        st.html(f'<div class="trd-label">{group}</div>')
        for place in places:
            dimmed = place.of_comparison and not compared
            with st.container(key=f"{'dimmed' if dimmed else 'menu'}.{place.name}"):
                st.page_link(_page(place), width="stretch", query_params=query)


def _page(place: Place) -> Page:
    front = place is PLACES[0]
    return st.Page(place.file, title=place.title, icon=place.icon, url_path=place.name, default=front)


def stop() -> NoReturn:
    """End a page here; `st.stop` would end the run, in which the page's foot and its address are to come."""
    raise StopException


def run(page: Page) -> None:
    """Draw a page inside the shell."""
    token = inside_shell.set(True)
    try:
        with contextlib.suppress(StopException):
            page.run()
    finally:
        inside_shell.reset(token)


def page_of(kind: str) -> str:
    """Return the name of the page that shows a kind of analysis."""
    return next(place.name for place in PLACES if kind in (place.kind, place.name))


def go_to(name: str) -> None:
    """Leave for another page, its whole address at once: the browser's back button then leads back here."""
    page = _page(next(place for place in PLACES if place.name == name))
    polls.leave_for(page)
    st.switch_page(page, query_params=address.query())


@st.cache_resource(max_entries=1, show_spinner=False)
def keep_what_is_loaded() -> None:
    """Count what is loaded after the first page as there for good, once per server.

    Python otherwise looks through all of it, plotly and pandas included, for garbage every few
    pages: 0.15 s in the middle of drawing one.
    """
    gc.collect()
    gc.freeze()


def guard() -> None:
    """Send a visitor who reached a page without the shell through the front door.

    The first deep link after a server start runs the page's file alone, because a
    ``pages/`` folder stands beside the main script. Declaring the navigation here
    turns that off for good, and the rerun comes through dashboard.py.
    """
    if not inside_shell.get():
        navigation()
        st.rerun()
