"""Polls of a page that was left meanwhile, turned away.

While something is being computed, the browser asks for its progress every second
(`run_every` of a fragment), naming the page it believes it shows. Streamlit 1.67 runs such
a request as one of that page. Where the server has moved on (`st.switch_page` over a slow
line), it thereby goes back, and the browser empties the page that the viewer has reached.
Streamlit has no setting for this, so its reception of requests is wrapped here; a browser
test with a slow line fails without it. What this takes from Streamlit is private: where an
upgrade has moved it, every request is let in, as without this module, and the log says so.
"""

from __future__ import annotations

import functools
import inspect
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from streamlit.navigation.page import Page
    from streamlit.proto.ClientState_pb2 import ClientState
    from streamlit.runtime.app_session import AppSession

LOG = logging.getLogger("trd_explorer")
MOVED = (ImportError, AttributeError, TypeError)  # how Python says that something is not where it was


def turn_stale_ones_away() -> None:
    """Put the reception in place, for all visitors of this server."""
    try:
        from streamlit.runtime.app_session import AppSession

        # Unwrapped: this is called at every run, and this file may have been read again after an edit.
        AppSession.request_rerun = _present_only(inspect.unwrap(AppSession.request_rerun))  # type: ignore[method-assign]
    except MOVED as error:
        _step_aside(str(error))


def leave_for(page: Page) -> None:
    """Count polls as stale from now on, not only once the page to which the server moves on is begun."""
    try:
        from streamlit.runtime.scriptrunner import get_script_run_ctx

        if (context := get_script_run_ctx()) is not None:
            context.pages_manager.set_script_intent(page._script_hash, "")
    except MOVED as error:
        _step_aside(str(error))


def _present_only(receive: Callable[..., None]) -> Callable[..., None]:
    @functools.wraps(receive)
    def request_rerun(
        session: AppSession, client_state: ClientState | None, *more: Any, **named: Any
    ) -> None:
        if not (client_state and _is_stale(session, client_state)):
            receive(session, client_state, *more, **named)

    return request_rerun


def _is_stale(session: AppSession, asked: ClientState) -> bool:
    """Return whether a request is a poll of another page than the one that is shown or being drawn."""
    try:
        pages = session._pages_manager
        drawn = pages.intended_page_script_hash or pages.current_page_script_hash
        return bool(asked.is_auto_rerun and drawn != asked.page_script_hash)
    except MOVED as error:
        _step_aside(str(error))
        return False


@functools.cache
def _step_aside(moved: str) -> None:
    """Say once that polls are not judged any more."""
    LOG.warning("Streamlit has changed (%s): polls of pages that were left are not turned away.", moved)
