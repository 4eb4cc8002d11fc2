"""The widget of any field of a specification, from what is said of the field where it is declared."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import fields, replace
from typing import Any, TypeVar, get_origin, get_type_hints

import streamlit as st

from core.spec import Option, Spec, choices_of, option_of, plain_type

S = TypeVar("S", bound=Spec)
EDGE = 0.001
"""How near a number may come to a limit that it must not reach."""


def draw(
    spec: S,
    name: str,
    *,
    prefix: str,
    labels: Mapping[str, str] | None = None,
    disabled: bool = False,
) -> S:
    """Draw the widget of a field; return the specification with what was chosen.

    Parameters
    ----------
    spec : Spec
        As it is.
    name : str
        Of the field.
    prefix : str
        Of the widget's key.
    labels : mapping of str to str, optional
        How choices are called: those of the field's type, or of the names that a tuple may hold.
    disabled : bool
        Whether it is only shown.
    """
    f = next(f for f in fields(spec) if f.name == name)
    said, hint = option_of(f), get_type_hints(type(spec))[name]
    common = {"label": said.label, "help": said.help, "key": key(prefix, name), "disabled": disabled}
    value = _widget(plain_type(hint), getattr(spec, name), labels, said=said, common=common)
    return spec if disabled else replace(spec, **{name: value})


def key(prefix: str, name: str) -> str:
    """Return the key of a field's widget; another one once its panel was given other settings from elsewhere.

    A browser keeps what a widget showed under a key, whatever value the widget is drawn with.
    """
    turn = st.session_state.get(f"{prefix.partition('.')[0]}.turn", 0)
    return f"{prefix}.{name}" + (f".{turn}" if turn else "")


def draw_rest(spec: S, *, prefix: str, but: Collection[str]) -> S:
    """Draw every field that is not hidden and was not drawn yet: an option added since is among them."""
    for f in fields(spec):
        if not option_of(f).hidden and f.name not in but:
            spec = draw(spec, f.name, prefix=prefix)
    return spec


def _widget(
    kind: Any, value: Any, labels: Mapping[str, str] | None, *, said: Option, common: dict[str, Any]
) -> Any:
    if kind is bool:
        return st.checkbox(value=value, **common)
    if get_origin(kind) is not tuple and (choices := labels or {name: name for name in choices_of(kind)}):
        called = {choice: label or choice for choice, label in choices.items()}
        options = list(called)
        index = options.index(value)
        return st.selectbox(options=options, index=index, format_func=called.__getitem__, **common)
    if get_origin(kind) is tuple:
        return _several(value, labels or {}, common)
    if kind in (int, float):
        return _number(kind, value, said, common)
    return st.text_input(value=value, **common)


def _several(value: tuple[str, ...], labels: Mapping[str, str], common: dict[str, Any]) -> tuple[str, ...]:
    """Draw the choice of several names; the same choice is one value, however it was clicked together."""
    called = {**labels, **{name: name for name in value if name not in labels}}
    picked = st.multiselect(
        options=list(called), default=list(value), format_func=called.__getitem__, **common
    )
    return value if set(picked) == set(value) else tuple(name for name in called if name in picked)


def _number(
    kind: type[int] | type[float], value: float | None, said: Option, common: dict[str, Any]
) -> float | None:
    """Draw a number; its limits make room for a value beyond them, which the analysis judges."""
    low, high = said.limits or (-math.inf, math.inf)
    edge = EDGE if said.strict else 0
    lowest = None if low == -math.inf else kind(low + edge if value is None else min(low + edge, value))
    highest = None if high == math.inf else kind(high - edge if value is None else max(high - edge, value))
    if kind is float:
        fine = high <= 1
        common = {**common, "step": 0.01 if fine else 0.1, "format": "%.3f" if fine else "%.2f"}
    chosen = st.number_input(
        min_value=lowest, max_value=highest, value=value, placeholder=said.empty, **common
    )
    return None if chosen is None else kind(chosen)
