"""Widgets that take whatever a link may bring."""

from __future__ import annotations

from typing import Any

import streamlit as st


def number(
    label: str, low: float, high: float | None, value: float | None, *rest: Any, **options: Any
) -> Any:
    """Draw a number input whose limits make room for a value beyond them; the analysis judges it."""
    if value is not None:
        low = min(low, value)
        high = None if high is None else max(high, value)
    return st.number_input(label, low, high, value, *rest, **options)
