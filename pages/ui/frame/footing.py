"""The end of every page: provenance, link, command, script, whatever kind of analysis it shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from core.analysis import Made, Script, command
from core.de.kind import KIND as COMPARISON
from core.options.argv import arguments
from pages.ui.frame import access, address, problems, state
from pages.ui.parts import style

CODE, PYTHON = ":material/code:", "text/x-python"
SHOWN = "footing.shown"
FROM_FILES = ("--counts=counts.csv.gz", "--metadata=metadata.csv")


@dataclass(frozen=True)
class Download:
    """A file that the foot of a page offers.

    Parameters
    ----------
    label, name, mime, help : str
        Of the button; of the file; its type; what it is.
    make : callable
        Returns its bytes.
    """

    label: str
    name: str
    mime: str
    make: Callable[[], bytes]
    help: str | None = None
    icon: str = ":material/download:"


def tell(made: Made[Any, Any], *downloads: Download, contrast: str = "") -> None:
    """Let the foot of this run's page speak of a result, and offer these files beside its script.

    `contrast` is what the page compares, of a result that knows no groups.
    """
    st.session_state[SHOWN] = (made, downloads, contrast)


def draw(digest: str | None) -> None:
    """Draw provenance line, link, command and script: of what the page told, else of the comparison."""
    source: tuple[Made[Any, Any], tuple[Download, ...], str] | None = st.session_state.pop(SHOWN, None)
    if digest is None:
        return
    made, downloads, contrast = source or (_comparison(digest), (), "")
    if made is None:
        _link()
        return
    provenance = access.provenance(made)
    line = replace(provenance, contrast=contrast or provenance.contrast).line()
    st.html(f'<p class="trd-provenance">{style.escape(line)}</p>')
    with st.container(horizontal=True):
        _link()
        _command(made)
        scripts = [_script(script, line) for script in made.kind.scripts(made)]
        for one in (*scripts, *downloads):
            st.download_button(
                one.label, one.make, one.name, one.mime, icon=one.icon, on_click="ignore", help=one.help
            )


def _comparison(digest: str) -> Made[Any, Any] | None:
    spec = state.spec()
    result = access.result(digest, spec) if spec else None
    return None if result is None else Made(COMPARISON, access.at(digest), result.spec, result)


def _script(script: Script, line: str) -> Download:
    """Return a script as a file; it is written when it is asked for."""
    name, make = f"{script.name}.py", lambda: script.make(provenance=line).encode()
    return Download(script.label, name, PYTHON, make, script.help, CODE)


@problems.fragment
def _link() -> None:
    """Offer the address of the moment it is opened: parts of a page change it without drawing its foot."""
    offer = st.popover("Copy link", icon=":material/link:", key="footing.link", on_change="rerun")
    if offer.open:
        with offer:
            st.caption("Opens this very screen, for everybody who reaches this dashboard.")
            st.code(link(), language=None, wrap_lines=True)


def _command(made: Made[Any, Any]) -> None:
    """Offer the commands that make the numbers above, from the data set of the store and from files."""
    with st.popover("Copy command", icon=":material/terminal:"):
        st.caption("The same analysis without a screen.")
        st.code(command(made.kind, made.at, made.spec), language="bash", wrap_lines=True)
        st.caption("Or, from your files:")
        roles, own = made.at.cohort.roles, {f.name for f in fields(made.spec)}
        roles = replace(roles, **{f.name: None for f in fields(roles) if f.name in own})
        source = (*FROM_FILES, *arguments(roles))
        from_files = command(made.kind, made.at, made.spec, source=source)
        st.code(from_files, language="bash", wrap_lines=True)


def link() -> str:
    """Return the address of the present screen."""
    base = (st.context.url or "").split("?")[0]
    return f"{base}?{urlencode(address.query())}"
