"""What has been tried on a data set, as far as a store remembers, whichever version computed it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any, TypeVar

from core.kinds import KINDS, kind_of
from core.spec import Spec, canonical

S = TypeVar("S", bound=Spec)
EARLIER = "results"
"""Folder of the store in which the first version kept all results, with no name of their kind."""


@dataclass(frozen=True)
class Attempt:
    """One analysis that was made.

    Parameters
    ----------
    kind : str
        Name of its kind.
    spec : Spec
        Its specification, as far as this version knows its fields.
    before : tuple of (str, Spec)
        What it started from, by kind.
    unknown : str
        Fields that this version does not know, as JSON; "" for none.
    """

    kind: str
    spec: Spec
    before: tuple[tuple[str, Spec], ...] = ()
    unknown: str = ""

    def counted(self) -> Attempt:
        """Return it without what changes no p-value: two that differ in nothing else are one."""
        before = tuple((name, kind_of(name).unsided(spec)) for name, spec in self.before)
        return Attempt(self.kind, kind_of(self.kind).unsided(self.spec), before, self.unknown)


@dataclass(frozen=True)
class Tried:
    """Distinct analyses of a data set."""

    attempts: tuple[Attempt, ...] = ()

    def of(self, kind: str) -> list[Attempt]:
        """Return those of a kind, in the order they came."""
        return [attempt for attempt in self.attempts if attempt.kind == kind]

    def specs(self, kind: type[S]) -> list[S]:
        """Return the specifications of a type, in the order they came."""
        return [attempt.spec for attempt in self.attempts if isinstance(attempt.spec, kind)]

    def sentence(self) -> str:
        """Return the counts as one sentence that travels with an export; "" where nothing was tried.

        Examples
        --------
        >>> Tried().sentence()
        ''
        """
        counts = [(len(self.of(name)), *kind_of(name).plural) for name in counted_kinds()]
        parts = [f"{n:,} {one if n == 1 else many}" for n, one, many in counts if n]
        if not parts:
            return ""
        listed = parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
        verb = "was" if len(self.attempts) == 1 else "were"
        return f"{listed} {verb} tried in this exploration."


def counted_kinds() -> list[str]:
    """Return the kinds that count as something tried: those that name what one and several of them are."""
    return [name for name in KINDS if kind_of(name).plural]


def tried(attempts: Iterable[Attempt]) -> Tried:
    """Take each distinct analysis once, in the order they come."""
    return Tried(tuple(dict.fromkeys(attempt.counted() for attempt in attempts)))


def attempt_of(run: Mapping[str, Any]) -> tuple[str, Attempt] | None:
    """Return data set and analysis of an entry of the store; None where it is of no kind that is counted.

    Parameters
    ----------
    run : mapping
        What the entry says of its run, see `core.analysis.asked_for`.
    """
    name = run.get("kind") or _earlier_kind(run)
    if name not in KINDS or not kind_of(name).plural:
        return None
    texts = run.get("before") or ({"de": run["de_spec"]} if run.get("de_spec") else {})
    spec, unknown = _known(kind_of(name).spec, run["spec"])
    before = tuple((need, _known(kind_of(need).spec, text)[0]) for need, text in texts.items())
    return str(run["digest"]), Attempt(name, spec, before, unknown)


def _known(kind: type[Spec], text: str) -> tuple[Spec, str]:
    """Return a specification of the fields that this version knows, and the others as JSON."""
    values, names = json.loads(text), {f.name for f in fields(kind)}
    others = {name: value for name, value in values.items() if name not in names}
    known = {name: value for name, value in values.items() if name in names}
    return kind.from_json(json.dumps(known)), canonical(others) if others else ""


def _earlier_kind(run: Mapping[str, Any]) -> str | None:
    """Return the kind of an entry that does not name it, by its fields."""
    if "digest" not in run or "spec" not in run:
        return None
    if run.get("de_spec"):
        return "pathways"
    named = json.loads(run["spec"]).keys()
    for name in ("de", "models"):
        known = {f.name for f in fields(kind_of(name).spec)}
        if {"factor", "case", "control"} <= named <= known:
            return name
    return None
