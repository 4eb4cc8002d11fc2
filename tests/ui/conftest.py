"""A visit without a page: its state is a plain dictionary."""

from __future__ import annotations

from typing import Any

import pytest
import streamlit as st


@pytest.fixture(autouse=True)
def session(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    found: dict[str, Any] = {}
    monkeypatch.setattr(st, "session_state", found)
    return found
