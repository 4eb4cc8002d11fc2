"""Requests of a page that was left are turned away; what a person asks for never is."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest
from streamlit.navigation.page import Page
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.pages_manager import PagesManager

from pages.ui import polls


@pytest.fixture
def reached(monkeypatch: pytest.MonkeyPatch) -> list[ClientState | None]:
    """The requests that were let in."""
    found: list[ClientState | None] = []
    monkeypatch.setattr(polls, "_request_rerun", lambda _session, request: found.append(request))
    return found


@pytest.fixture
def session() -> AppSession:
    manager = PagesManager("dashboard.py")
    manager.set_script_intent("genes", "")
    return cast(AppSession, SimpleNamespace(_pages_manager=manager))


@pytest.mark.parametrize(
    ("page", "automatic", "let_in"),
    [("genes", True, True), ("gene", True, False), ("gene", False, True)],
)
def test_only_automatic_requests_of_another_page_are_turned_away(
    page: str, automatic: bool, let_in: bool, session: AppSession, reached: list[Any]
):
    request = ClientState(page_script_hash=page, is_auto_rerun=automatic)
    polls._request_present_rerun(session, request)
    assert reached == [request] * let_in


def test_a_request_without_a_state_is_let_in(session: AppSession, reached: list[Any]):
    polls._request_present_rerun(session, None)
    assert reached == [None]


def test_polls_are_stale_from_the_moment_of_leaving(
    session: AppSession, reached: list[Any], monkeypatch: pytest.MonkeyPatch
):
    context = SimpleNamespace(pages_manager=session._pages_manager)
    monkeypatch.setattr(polls, "get_script_run_ctx", lambda: context)
    polls.leave_for(cast(Page, SimpleNamespace(_script_hash="gene")))
    polls._request_present_rerun(session, ClientState(page_script_hash="genes", is_auto_rerun=True))
    assert reached == []
