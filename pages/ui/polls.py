"""Polls of a page that was left meanwhile, turned away.

While something is being computed, the browser asks for its progress every second
(`run_every` of a fragment), naming the page it believes it shows. Streamlit 1.67 runs such
a request as one of that page. Where the server has moved on (`st.switch_page` over a slow
line), it thereby goes back, and the browser empties the page that the viewer has reached.
Streamlit has no setting for this, so its reception of requests is wrapped here; a browser
test with a slow line fails without it.
"""

from __future__ import annotations

import functools
import inspect

from streamlit.navigation.page import Page
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.scriptrunner import get_script_run_ctx

_request_rerun = inspect.unwrap(AppSession.request_rerun)  # also where this file is read again after an edit


def turn_stale_ones_away() -> None:
    """Put the reception in place, for all visitors of this server."""
    AppSession.request_rerun = _request_present_rerun  # type: ignore[method-assign]


def leave_for(page: Page) -> None:
    """Count polls as stale from now on, not only once the page to which the server moves on is begun."""
    context = get_script_run_ctx()
    if context is not None:
        context.pages_manager.set_script_intent(page._script_hash, "")


@functools.wraps(_request_rerun)
def _request_present_rerun(session: AppSession, client_state: ClientState | None) -> None:
    if not (client_state and client_state.is_auto_rerun and _is_left(session, client_state)):
        _request_rerun(session, client_state)


def _is_left(session: AppSession, asked: ClientState) -> bool:
    """Return whether a request is of another page than the one that is shown or being drawn."""
    pages = session._pages_manager
    drawn = pages.intended_page_script_hash or pages.current_page_script_hash
    return bool(drawn != asked.page_script_hash)
