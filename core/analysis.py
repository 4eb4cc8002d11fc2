"""An analysis is one object, declared in one folder; everything else follows from it.

A kind of analysis says what it is asked (its specification), what it starts from, how it computes and how
its result is read; `core.kinds` lists the kinds. Written here, once for all of them: the key of a result,
finding it, computing it, checking what is asked, and the command that does the same without a screen.
"""

from __future__ import annotations

import shlex
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from core.errors import Fault, InputError
from core.kinds import kind_of
from core.options.argv import arguments, spec_from
from core.progress import Reporter, silent
from core.spec import Spec
from core.store import Draft, Entry, Store, result_key

if TYPE_CHECKING:
    import argparse

    import pandas as pd
    import plotly.graph_objects as go

    from core.cohort.model import Cohort
    from core.export.provenance import Provenance

S = TypeVar("S", bound=Spec)
R = TypeVar("R")
PYTHON = ("python", "-m", "core")


@dataclass(frozen=True)
class At:
    """What an analysis starts from.

    Parameters
    ----------
    store : Store
        Where the data set is and results go.
    digest : str
        Content hash of the data set; "" where there is none yet.
    before : mapping of str to Spec
        Specifications of the analyses it starts from, by their kinds' names.
    n_cpus : int or None
        Cores it may use; None for all. No number depends on it.
    """

    store: Store
    digest: str
    before: Mapping[str, Spec] = field(default_factory=dict)
    n_cpus: int | None = None

    @cached_property
    def cohort(self) -> Cohort:
        """The data set, opened once.

        Raises
        ------
        InputError
            If the store does not have it.
        """
        from core.cohort.stored import get_cohort

        return get_cohort(self.store, self.digest)


@dataclass(frozen=True)
class Made(Generic[S, R]):
    """A result with all that is known of it.

    Parameters
    ----------
    kind, at, spec
        What was asked.
    result : R
        What came of it.
    """

    kind: Analysis[S, R]
    at: At
    spec: S
    result: R

    def before(self, need: str) -> Made[Any, Any] | None:
        """Return the result of an analysis that it started from; None where the store has lost it."""
        return made(kind_of(need), self.at, self.at.before[need])


@dataclass(frozen=True)
class Script:
    """A Python script that makes the numbers of a result.

    Parameters
    ----------
    name : str
        Of its file, without the ending.
    make : callable
        Writes it; told the provenance line for its head.
    label, help : str
        How it is offered.
    """

    name: str
    make: Callable[..., str]
    label: str = "Download script"
    help: str = (
        "A Python script that needs only public packages and gives the numbers of this page; its head says "
        "which files it reads."
    )


class Analysis(ABC, Generic[S, R]):
    """A kind of analysis with specification `S` and result `R`; its docstring is told by its command."""

    name: ClassVar[str]
    """Verb of the command line, kind of its entries in the store, prefix of its URL parameters."""
    title: ClassVar[str]
    """What it is called: the heading of its settings."""
    plural: ClassVar[tuple[str, ...]] = ()
    """One of them and several, as they are counted among what was tried; not counted where not said."""
    spec: type[S]
    needs: ClassVar[tuple[str, ...]] = ()
    """Kinds of which it takes one result; their keys enter its own."""

    script_name: ClassVar[str] = ""
    """Name of the script's file, without its ending; "" where there is none."""
    kept: ClassVar[int] = 4
    """Results that a server keeps in memory."""

    @abstractmethod
    def algorithm(self, spec: S) -> str:
        """Return version and content of inputs; part of the key. Raised when a number can change."""

    @abstractmethod
    def compute(self, at: At, spec: S, draft: Draft, report: Reporter) -> None:
        """Compute the result into an entry of the store in the making."""

    @abstractmethod
    def read(self, entry: Entry) -> R:
        """Rebuild a result from its entry in the store."""

    def plain(self, at: At, spec: S) -> tuple[At, S]:
        """Return what is asked without that which changes nothing in the result."""
        return at, spec

    def unsided(self, spec: S) -> S:
        """Return a specification without what changes no p-value: analyses tried are counted so."""
        return spec

    def faults(self, spec: S) -> Iterable[Fault]:
        """Yield what is wrong with a specification beyond the limits of its fields, without data."""
        return ()

    def examine(self, at: At, spec: S) -> None:
        """Raise InputError if what is asked does not fit the data; what computing would raise at once."""

    def doing(self, at: At, spec: S) -> str:
        """Return what its job does, as people read it."""
        return self.title

    def describe(self, spec: S) -> str:
        """Return a specification in a few words."""
        return ", ".join([self.title, *spec.unusual().values()])

    def seconds(self, at: At, spec: S) -> float | None:
        """Return about how long it takes; None where nobody can tell."""
        return None

    def tables(self, result: R) -> dict[str, pd.DataFrame]:
        """Return what the command writes as CSV files, by their names without ending."""
        return {}

    def documents(self, result: R) -> dict[str, dict[str, Any]]:
        """Return what the command writes as JSON files, by their names without ending."""
        return {}

    def figures(self, result: R) -> dict[str, Callable[..., go.Figure]]:
        """Return what draws each figure of a result, by name."""
        return {}

    def sentence(self, result: R) -> str:
        """Return the answer in words: what the command prints, a report or an overview says."""
        return ""

    def provenance(self, made: Made[S, R]) -> Provenance:
        """Return where the numbers come from: the data set, or what it started from, and its own settings."""
        from core.export.provenance import Provenance

        cohort, own = made.at.cohort, self.describe(made.spec)
        base = Provenance(cohort.name, made.at.digest, simulated=cohort.simulated)
        for need in self.needs:
            start, said = made.before(need), kind_of(need).describe(made.at.before[need])
            base = replace(base, method=said) if start is None else start.kind.provenance(start)
        return replace(base, method=f"{base.method}; then {own[:1].lower()}{own[1:]}" if base.method else own)

    def scripts(self, made: Made[S, R]) -> list[Script]:
        """Return the scripts of a result: one, where it has a name."""
        return [Script(self.script_name, partial(self.script, made))] if self.script_name else []

    def script(self, made: Made[S, R], *, provenance: str = "") -> str:
        """Return a Python script that makes the numbers with public packages."""
        raise NotImplementedError

    def words(self, at: At, spec: S, *, data: list[str], out: str) -> Iterator[list[str]]:
        """Yield the words of each command that a person types for this analysis, in order."""
        before = [word for need in self.needs for word in arguments(at.before[need])]
        yield [self.name, *data, *before, *arguments(spec), f"--out={out}"]

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the options of its command."""
        from core.commands import analyses

        analyses.add_options(parser, self)

    def asked(self, args: argparse.Namespace, store: Store) -> tuple[At, S]:
        """Return what the options of its command ask for.

        Raises
        ------
        InputError
            If files or options cannot be used, with every fault.
        """
        from core.commands import analyses

        return analyses.asked(args, store, self)

    def result_of(self, args: argparse.Namespace, store: Store) -> R:
        """Return what its command asks for, computed if need be."""
        at, spec = self.asked(args, store)
        return run(self, at, spec, report=args.report)


def check(kind: Analysis[S, R], spec: S) -> None:
    """Refuse what cannot be meant, before anything is read.

    Raises
    ------
    InputError
        With every fault of single fields and of their combination.
    """
    faults = list(spec.faults())
    faulty = {fault.code for fault in faults}
    faults += [fault for fault in kind.faults(spec) if fault.code not in faulty]
    if faults:
        raise InputError(faults)


def asked_spec(kind: Analysis[S, R], args: argparse.Namespace) -> S:
    """Return the specification that parsed options ask for, or refuse it with every fault."""
    spec = spec_from(args, kind.spec)
    check(kind, spec)
    return spec


def examine(kind: Analysis[S, R], at: At, spec: S) -> None:
    """Refuse what cannot be meant, or does not fit the data, before it is computed.

    Raises
    ------
    InputError
        With every fault, and tables that explain them.
    """
    check(kind, spec)
    kind.examine(at, spec)


def key(kind: Analysis[S, R], at: At, spec: S) -> str:
    """Return the key of a result in the store, which also names its job.

    It is made of the data set, the keys of what the analysis starts from, what of the specification
    differs from the defaults, and the version of the algorithm.
    """
    at, spec = kind.plain(at, spec)
    source = [at.digest, *(key(kind_of(need), at, at.before[need]) for need in kind.needs)]
    return result_key(dataset=" ".join(source), spec=spec, algorithm=f"{kind.name} {kind.algorithm(spec)}")


def find(kind: Analysis[S, R], at: At, spec: S) -> R | None:
    """Return a result if the store has it; never computes."""
    return at.store.find(key(kind, at, spec), kind.read, kind=kind.name)


def made(kind: Analysis[S, R], at: At, spec: S) -> Made[S, R] | None:
    """Return a result with all that is known of it if the store has it; never computes."""
    at, spec = kind.plain(at, spec)
    result = find(kind, at, spec)
    return None if result is None else Made(kind, at, spec, result)


def is_there(kind: Analysis[S, R], at: At, spec: S) -> bool:
    """Return whether the store has a result, without reading it."""
    return at.store.get(key(kind, at, spec), kind=kind.name) is not None


def run(kind: Analysis[S, R], at: At, spec: S, *, report: Reporter = silent) -> R:
    """Return a result from the store, computing what is missing once for all processes.

    Raises
    ------
    InputError
        If the specification is out of range, does not fit the data, or the store does not have them.
    CancelledError
        If `report` stops it; parts that were finished stay in the store.
    """
    check(kind, spec)
    found = find(kind, at, spec)
    if found is not None:
        return found
    at, spec = kind.plain(at, spec)

    def compute(draft: Draft) -> None:
        draft.run |= asked_for(kind, at, spec)
        kind.compute(at, spec, draft, report)

    return kind.read(at.store.get_or_compute(key(kind, at, spec), compute, kind=kind.name))


def asked_for(kind: Analysis[S, R], at: At, spec: S) -> dict[str, Any]:
    """Return what an entry says of its request: kind, data set, specification, what it starts from."""
    before = {need: at.before[need].to_json() for need in kind.needs}
    return {"kind": kind.name, "digest": at.digest, "spec": spec.to_json(), "before": before}


def request_of(run: Mapping[str, Any], store: Store) -> tuple[Analysis[Any, Any], At, Spec]:
    """Return the kind of analysis that made an entry, what it started from, and its specification."""
    kind: Analysis[Any, Any] = kind_of(run["kind"])
    before = {need: kind_of(need).spec.from_json(text) for need, text in run["before"].items()}
    return kind, At(store, run["digest"], before), kind.spec.from_json(run["spec"])


def command(
    kind: Analysis[S, R], at: At, spec: S, *, source: Sequence[str] = (), out: str = "results"
) -> str:
    """Return the shell commands that repeat an analysis without a screen, as one types them.

    Parameters
    ----------
    kind, at, spec
        The analysis.
    source : sequence of str
        Options that name the data set; the hash of that in the store if none are given.
    out : str
        Folder for the files.
    """
    data = list(source) or ([f"--dataset={at.digest}"] if at.digest else [])
    return "\n".join(shlex.join([*PYTHON, *words]) for words in kind.words(at, spec, data=data, out=out))
