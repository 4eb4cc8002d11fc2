"""The state of one visit: what is looked at, which analysis, and how widgets change it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from core.spec import DESpec, ModelSpec, PathwaySpec
from pages.ui.view import View

SHARED_BY_MODELS = ("factor", "case", "control", "exclude")
"""What the risk models take from the comparison."""
SETS_LISTED = {
    "theme",
    "sub_theme",
    "set_side",
    "sets_listed",
    "fold",
    "set_find",
    "set_order",
    "sets_only",
}
"""What decides which gene sets are listed, and in which order."""


def view() -> View:
    """Return what the viewer has chosen to look at."""
    found: View = st.session_state.setdefault("view", View())
    return found


def spec() -> DESpec | None:
    """Return the analysis in force, or None before one was chosen."""
    found: DESpec | None = st.session_state.get("spec")
    return found


def look(**changes: Any) -> None:
    """Change what is looked at; any change of what the table lists starts at its first page."""
    if changes.keys() & {"padj", "lfc", "side", "find", "basket_only", "order"}:
        changes.setdefault("rows", 1)
    if changes.keys() & SETS_LISTED:
        changes.setdefault("set_rows", 1)
    st.session_state["view"] = replace(view(), **changes)


def analyse(new: DESpec | None) -> None:
    """Set the analysis in force."""
    st.session_state["spec"] = new


def pathways() -> PathwaySpec:
    """Return the enrichment analysis in force."""
    found: PathwaySpec = st.session_state.setdefault("pathways", PathwaySpec())
    return found


def enrich(new: PathwaySpec) -> None:
    """Set the enrichment analysis in force."""
    st.session_state["pathways"] = new


def model_choices() -> dict[str, Any]:
    """Return the fields of the risk models' specification that are not as the page would choose them."""
    found: dict[str, Any] = st.session_state.setdefault("models", {})
    return found


def models(*, centre: str) -> ModelSpec | None:
    """Return the risk models in force, or None before groups were chosen.

    Groups and samples left out are those of the comparison; `centre` is the column of the centre where
    nobody chose one.
    """
    chosen = spec()
    if chosen is None:
        return None
    shared = {name: getattr(chosen, name) for name in SHARED_BY_MODELS}
    return ModelSpec(**{"centre": centre, **model_choices(), **shared})


def choose_models(choices: dict[str, Any]) -> None:
    """Set the fields of the risk models' specification that are not as the page would choose them."""
    st.session_state["models"] = {k: v for k, v in choices.items() if k not in SHARED_BY_MODELS}


def show(key: str, value: object) -> None:
    """Let a widget show a value; one that shows it already is left alone, and keeps what is being typed."""
    if key not in st.session_state or st.session_state[key] != value:
        st.session_state[key] = value


def bound(field: str, widget: Callable[..., Any], label: str, **options: Any) -> Any:
    """Draw a widget whose value is a field of the view, in both directions."""
    key = f"view.{field}"

    def changed() -> None:
        value = st.session_state[key]
        if value is not None:
            look(**{field: value})

    return held(key, getattr(view(), field), widget, label, on_change=changed, **options)


def held(key: str, value: Any, widget: Callable[..., Any], label: str, **options: Any) -> Any:
    """Draw a widget that shows a value.

    The value is its default as well: a browser that draws a widget anew, or has missed the message
    with the value, shows the default and reports it as if it had been chosen.
    """
    show(key, value)
    return widget(label, key=key, **options, **_default(widget, value, options))


def _default(widget: Callable[..., Any], value: Any, options: Mapping[str, Any]) -> dict[str, Any]:
    if "options" in options:
        choices = list(options["options"])
        if value not in choices:
            return {}
        return {"index": choices.index(value)} if widget == st.selectbox else {"default": value}
    if "min_value" in options:
        value = max(options["min_value"], min(options["max_value"], value))
    return {"value": value}


def in_basket(gene: str) -> bool:
    """Return whether a gene is in the basket."""
    return gene in view().basket


def put_in_basket(genes: list[str]) -> int:
    """Add genes to the basket, keep their order, and return how many were new."""
    new = [gene for gene in dict.fromkeys(genes) if gene and not in_basket(gene)]
    look(basket=(*view().basket, *new))
    return len(new)


def take_from_basket(genes: list[str]) -> None:
    """Remove genes from the basket."""
    look(basket=tuple(gene for gene in view().basket if gene not in genes))
