"""Requests of a page that was left are turned away; what a person asks for never is."""

from __future__ import annotations

import logging
import sys
from types import SimpleNamespace
from typing import Any, cast

import pytest
from streamlit.navigation.page import Page
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.runtime import scriptrunner
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.pages_manager import PagesManager

from pages.ui.frame import polls

STALE = ClientState(page_script_hash="gene", is_auto_rerun=True)


@pytest.fixture(autouse=True)
def reached(monkeypatch: pytest.MonkeyPatch) -> list[ClientState | None]:
    """The requests that were let in."""
    found: list[ClientState | None] = []
    monkeypatch.setattr(
        AppSession, "request_rerun", lambda _session, client_state: found.append(client_state)
    )
    polls._step_aside.cache_clear()
    polls.turn_stale_ones_away()
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
    AppSession.request_rerun(session, request)
    assert reached == [request] * let_in


def test_a_request_without_a_state_is_let_in(session: AppSession, reached: list[Any]):
    AppSession.request_rerun(session, None)
    assert reached == [None]


def test_the_reception_is_put_in_place_once(session: AppSession, reached: list[Any]):
    polls.turn_stale_ones_away()
    AppSession.request_rerun(session, client_state=None)
    assert reached == [None]


def test_polls_are_stale_from_the_moment_of_leaving(
    session: AppSession, reached: list[Any], monkeypatch: pytest.MonkeyPatch
):
    context = SimpleNamespace(pages_manager=session._pages_manager)
    monkeypatch.setattr(scriptrunner, "get_script_run_ctx", lambda: context)
    polls.leave_for(cast(Page, SimpleNamespace(_script_hash="gene")))
    AppSession.request_rerun(session, ClientState(page_script_hash="genes", is_auto_rerun=True))
    assert reached == []


@pytest.mark.parametrize("gone", ["_pages_manager", "intended_page_script_hash", "current_page_script_hash"])
def test_a_session_that_keeps_its_page_elsewhere_has_every_request_let_in(
    gone: str, reached: list[Any], caplog: pytest.LogCaptureFixture
):
    pages = {"intended_page_script_hash": "", "current_page_script_hash": "genes"}
    pages.pop(gone, None)
    moved = {"_pages_manager": SimpleNamespace(**pages)}
    moved.pop(gone, None)
    for _ in range(2):
        AppSession.request_rerun(cast(AppSession, SimpleNamespace(**moved)), STALE)
    assert reached == [STALE, STALE]
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
    assert gone in caplog.text


def test_a_request_that_does_not_say_who_asks_is_let_in(session: AppSession, reached: list[Any]):
    request = SimpleNamespace(page_script_hash="gene")
    AppSession.request_rerun(session, cast(ClientState, request))
    assert reached == [request]


def test_without_the_class_of_sessions_or_its_reception_the_server_starts(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    with monkeypatch.context() as patch:
        patch.delattr(AppSession, "request_rerun")
        polls.turn_stale_ones_away()
        assert not hasattr(AppSession, "request_rerun")
    monkeypatch.setitem(sys.modules, "streamlit.runtime.app_session", None)
    polls.turn_stale_ones_away()
    assert len(caplog.records) == 2


@pytest.mark.parametrize(
    ("owner", "gone"),
    [(scriptrunner, "get_script_run_ctx"), (PagesManager, "set_script_intent"), (Page, "_script_hash")],
)
def test_leaving_needs_nothing_private(
    owner: object,
    gone: str,
    session: AppSession,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
):
    context = SimpleNamespace(pages_manager=session._pages_manager)
    monkeypatch.setattr(scriptrunner, "get_script_run_ctx", lambda: context)
    monkeypatch.delattr(owner, gone)
    polls.leave_for(Page("page.py", title="Page"))
    assert gone in caplog.text


def test_streamlit_has_what_is_needed_today(session: AppSession, caplog: pytest.LogCaptureFixture):
    AppSession.request_rerun(session, STALE)
    assert isinstance(Page._script_hash, property)
    assert "_pages_manager" in AppSession.__init__.__code__.co_names
    assert not caplog.records
