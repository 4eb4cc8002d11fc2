"""The state of one visit: what is looked at, which analysis, and how widgets change it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import fields
from typing import Any, TypeVar, overload

import streamlit as st

from core.analysis import Analysis
from core.de.spec import DESpec
from core.models.spec import ModelSpec
from core.spec import Spec
from pages.ui.frame.places import PLACES
from pages.ui.frame.view import Part, SharedView, changed

SHARED_BY_MODELS = ("factor", "case", "control", "exclude")
"""What the risk models take from the comparison."""
PARTS: tuple[type[Part], ...] = (SharedView, *(place.view for place in PLACES if place.view))
"""All that a viewer can choose to look at, in the order in which the address names it."""
OF_DATA = ("view", "spec", "models", "specs")
"""What belongs to a data set: what is looked at, its comparison, its risk models, all else analysed."""
P = TypeVar("P", bound=Part)
S = TypeVar("S", bound=Spec)
C = TypeVar("C", bound=str)


@overload
def view() -> SharedView: ...
@overload
def view(part: type[P]) -> P: ...
def view(part: type[Part] = SharedView) -> Part:
    """Return what the viewer has chosen to look at: a subject's part of it, else what all share."""
    return next(found for found in parts() if isinstance(found, part))


def parts() -> list[Part]:
    """Return all that the viewer has chosen to look at."""
    found: list[Part] = st.session_state.setdefault("view", [part() for part in PARTS])
    return found


def view_by_then(part: type[P]) -> Callable[[], P]:
    """Return what gives a part as it is by then: a download is made later, and outside the visit."""
    found = parts()
    return lambda: next(one for one in found if isinstance(one, part))


def show_parts(found: list[Part]) -> None:
    """Let the viewer look at this; one part for each of `PARTS`."""
    parts()[:] = found


def look(**changes: Any) -> None:
    """Change what is looked at, by the names of the address, whichever part they belong to."""
    show_parts(changed(parts(), changes))


def open_data(digest: str) -> None:
    """Look at another data set, as this visit last saw it; at first as it comes, by the same thresholds.

    What is in force of the present one is kept for the way back.
    """
    kept: dict[str | None, dict[str, Any]] = st.session_state.setdefault("kept", {})
    here = view()
    in_force = {name: st.session_state.pop(name) for name in OF_DATA if name in st.session_state}
    kept[st.session_state.get("digest")] = in_force
    fresh = [SharedView(padj=here.padj, lfc=here.lfc), *(part() for part in PARTS[1:])]
    st.session_state.update(kept.get(digest, {"view": fresh}))
    look(data=digest[:12])


def spec() -> DESpec | None:
    """Return the analysis in force, or None before one was chosen."""
    found: DESpec | None = st.session_state.get("spec")
    return found


def analyse(new: DESpec | None) -> None:
    """Set the analysis in force."""
    st.session_state["spec"] = new


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


def chosen(kind: Analysis[S, Any]) -> S:
    """Return the specification in force of a kind whose settings are its own alone."""
    found = others().get(kind.name)
    return found if isinstance(found, kind.spec) else kind.spec()


def choose(kind: Analysis[S, Any], new: S) -> None:
    """Set the specification in force of such a kind."""
    others()[kind.name] = new


def others() -> dict[str, Spec]:
    """Return the specifications in force of all such kinds, by name."""
    found: dict[str, Spec] = st.session_state.setdefault("specs", {})
    return found


def comparison_of(models: ModelSpec) -> DESpec:
    """Return the comparison of the groups and samples of risk models, the one in force if it is of them."""
    shared = {name: getattr(models, name) for name in SHARED_BY_MODELS}
    chosen = spec()
    if chosen and {name: getattr(chosen, name) for name in shared} == shared:
        return chosen
    return DESpec(**shared)


def put_in_force(**specs: Spec) -> None:
    """Set the analyses in force by the names of their kinds; the comparison before what starts from it."""
    for name, one in specs.items():
        match one:
            case DESpec():
                analyse(one)
            case ModelSpec():
                # The page would choose a centre of its own, so that of the specification is said always.
                usual = ModelSpec(one.factor, one.case, one.control)
                choices = {f.name: getattr(one, f.name) for f in fields(one)}
                choose_models({n: v for n, v in choices.items() if v != getattr(usual, n) or n == "centre"})
            case _:
                others()[name] = one


def show(key: str, value: object) -> None:
    """Let a widget show a value; one that shows it already is left alone, and keeps what is being typed."""
    if key not in st.session_state or st.session_state[key] != value:
        st.session_state[key] = value


def bound(name: str, widget: Callable[..., Any], label: str, *, shown: Any = None, **options: Any) -> Any:
    """Draw a widget whose value is a parameter of the view, in both directions.

    `shown` is what it shows instead where the view's value is none that it could show.
    """
    key = f"view.{name}"

    def taken() -> None:
        value = st.session_state[key]
        if value is not None:
            look(**{name: value})

    value = seen(name) if shown is None else shown
    return held(key, value, widget, label, on_change=taken, **options)


def choice(
    name: str,
    label: str,
    options: Mapping[C, str] | Collection[C],
    *,
    widget: Callable[..., Any] = st.segmented_control,
    **appearance: Any,
) -> C:
    """Draw the choice of one of several for a parameter of the view, and return it.

    Parameters
    ----------
    name : str
        Of the parameter. Where its value is not offered, the first that is stands for it.
    label : str
        Of the widget.
    options : mapping of str to str, or collection of str
        What is offered, with what each is called.
    widget : callable
        Draws it.
    **appearance
        As of the widget.
    """
    called = options.__getitem__ if isinstance(options, Mapping) else str
    value: C = seen(name)
    chosen = value if value in options else next(iter(options))
    bound(name, widget, label, shown=chosen, options=list(options), format_func=called, **appearance)
    return chosen


def seen(name: str) -> Any:
    """Return the value of a parameter of the view."""
    part = next(part for part in parts() if name in part.names())
    return getattr(part, name.removeprefix(part.prefix))


def held(key: str, value: Any, widget: Callable[..., Any], label: str, **options: Any) -> Any:
    """Draw a widget that shows a value.

    The value is its default as well: a browser that draws a widget anew, or has missed the message
    with the value, shows the default and reports it as if it had been chosen.
    """
    show(key, value)
    return widget(label, key=key, **options, **_default(widget, value, options))


def _default(widget: Callable[..., Any], value: Any, options: Mapping[str, Any]) -> dict[str, Any]:
    if widget == st.expander:
        return {"expanded": value}
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
