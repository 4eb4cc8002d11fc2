"""The pages in the order of the story, and the guard that keeps each inside the shell."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import Page

from pages.ui import address

FOLDER = Path(__file__).resolve().parent.parent
ICON = FOLDER / "ui" / "icon.png"
inside_shell: ContextVar[bool] = ContextVar("inside_shell", default=False)


@dataclass(frozen=True)
class Place:
    """One page of the site."""

    name: str
    title: str
    icon: str

    @property
    def file(self) -> Path:
        """Absolute path of the page's script."""
        return FOLDER / f"{self.name}.py"


PLACES = (
    Place("overview", "Overview", ":material/home:"),
    Place("data", "Data", ":material/upload_file:"),
    Place("genes", "Genes", ":material/scatter_plot:"),
    Place("gene", "Gene", ":material/genetics:"),
    Place("pathways", "Pathways", ":material/hub:"),
    Place("methods", "Methods", ":material/menu_book:"),
)


def pages() -> list[Page]:
    """Return the pages for `st.navigation`; the first is the front page."""
    return [
        st.Page(p.file, title=p.title, icon=p.icon, url_path=p.name, default=p is PLACES[0]) for p in PLACES
    ]


def go_to(name: str) -> None:
    """Leave for another page, its whole address at once: the browser's back button then leads back here."""
    st.switch_page(FOLDER / f"{name}.py", query_params=address.query())


def guard() -> None:
    """Send a visitor who reached a page without the shell through the front door.

    The first deep link after a server start runs the page's file alone, because a
    ``pages/`` folder stands beside the main script. Declaring the navigation here
    turns that off for good, and the rerun comes through dashboard.py.
    """
    if not inside_shell.get():
        st.navigation(pages())
        st.rerun()
