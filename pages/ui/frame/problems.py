"""Every error on screen: a sentence that says what, where and how to mend."""

from __future__ import annotations

import contextlib
import functools
import logging
import os
import time
from collections.abc import Callable, Iterable, Iterator
from typing import ParamSpec

import streamlit as st

from core.errors import ExplorerError, Fault, InputError, Notice, StoreError
from pages.ui.frame import address
from pages.ui.parts import style
from pages.ui.parts.format import plain

LOG = logging.getLogger("trd_explorer")
if level := os.environ.get("TRD_EXPLORER_LOG"):
    logging.basicConfig()
    LOG.setLevel(level)
P = ParamSpec("P")


def fragment(draw: Callable[P, None]) -> Callable[P, None]:
    """Make a part of a page that is redrawn alone, shows its own errors, and tells the address."""

    @functools.wraps(draw)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> None:
        with handled_errors():
            draw(*args, **kwargs)
        address.write_from_fragment()

    return st.fragment(guarded)


@contextlib.contextmanager
def handled_errors() -> Iterator[None]:
    """Show every error as a sentence; what nobody foresaw is logged with its traceback.

    How long the drawing took is logged too, for whoever sets ``TRD_EXPLORER_LOG=DEBUG``.
    """
    began = time.perf_counter()
    try:
        yield
        LOG.debug("drawn in %.3f s", time.perf_counter() - began)
    except InputError as error:
        show_faults(error.faults)
        for title, table in error.tables.items():
            st.markdown(f"**{plain(title)}**")
            st.dataframe(table, width="stretch")
    except ExplorerError as error:
        st.error(plain(error), icon=":material/error:")
    except Exception:
        LOG.exception("page failed")
        st.error(
            "Something went wrong on this page that we did not foresee. Nothing of your data is lost. "
            "Reload the page; if it comes back, send the server's log to whoever runs this dashboard.",
            icon=":material/error:",
        )


@contextlib.contextmanager
def store_permitting() -> Iterator[None]:
    """Do what nobody has asked for; where the store cannot be used, say so and go on with what is there."""
    try:
        yield
    except StoreError as error:
        st.warning(plain(error), icon=":material/hard_drive:")


def remark(notices: Iterable[Notice]) -> None:
    """Write what a reading or an analysis remarks, in small print."""
    for notice in notices:
        st.caption(plain(notice.message))


def show_faults(faults: tuple[Fault, ...]) -> None:
    """Show faults as a table: where, what, how to mend."""
    if not faults:
        return
    if len(faults) == 1:
        fault = faults[0]
        st.error(
            f"**{plain(fault.where)}**: {plain(fault.what)}. {plain(fault.mend)}.", icon=":material/error:"
        )
        return
    st.error(f"{len(faults)} things need mending:", icon=":material/error:")
    st.html(style.table(["Where", "What", "How to mend"], [[f.where, f.what, f.mend] for f in faults]))
