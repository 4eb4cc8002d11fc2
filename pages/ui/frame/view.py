"""What a viewer has chosen to look at: a small part for each subject, all of them one address."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, ClassVar, Literal, Self

from core.errors import Fault, InputError
from core.spec import Spec, bad_link

Side = Literal["both", "higher", "lower"]
SIDES = {"both": "Both", "higher": "▲ Higher", "lower": "▼ Lower"}
"""What each direction is called, where one is chosen."""
ROWS_PER_PAGE = 100


def limited(default: float, low: float, high: float) -> Any:
    """Return a field that holds a number; a link may hold anything, and what no widget takes is refused."""
    return field(default=default, metadata={"limits": (low, high)})


@dataclass(frozen=True)
class Part(Spec):
    """Choices of one subject, which change what is shown and never a number of an analysis.

    A subject declares its part beside its page and names it in the list of pages, nowhere else.
    """

    prefix: ClassVar[str] = ""
    """What its parameters begin with in the address, as in ``"modules."``."""
    restarts: ClassVar[Mapping[str, frozenset[str]]] = {}
    """For each page number of a list, the parameters (of any part) whose change starts it at 1 again."""

    @classmethod
    def names(cls) -> list[str]:
        """Return the names of its parameters in the address."""
        return [cls.prefix + f.name for f in fields(cls)]

    def to_query(self) -> dict[str, str]:
        """Return URL parameters for every choice that differs from its default."""
        return {self.prefix + name: text for name, text in super().to_query().items()}

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> Self:
        """Rebuild a part from URL parameters; a number that no widget would take is a fault too."""
        own = {name.removeprefix(cls.prefix): text for name, text in query.items() if name in cls.names()}
        try:
            found = super().from_query(own)
        except InputError as error:
            mark = f"parameter '{cls.prefix}"
            named = [replace(f, where=f.where.replace("parameter '", mark)) for f in error.faults]
            raise InputError(named) from None
        faults = [
            bad_link(cls.prefix + f.name, f"{value} is not between {low:,.10g} and {high:,.10g}")
            for f in fields(cls)
            if (limits := f.metadata.get("limits")) is not None
            for low, high in [limits]
            if not low <= (value := getattr(found, f.name)) <= high
        ]
        if faults:
            raise InputError(faults)
        return found


@dataclass(frozen=True)
class SharedView(Part):
    """What all subjects share.

    Parameters
    ----------
    data : str
        First 12 characters of the data set's content hash.
    gene : str
        Identifier of the gene in focus.
    padj : float
        Adjusted p-value up to which a gene counts as significant.
    lfc : float
        Smallest absolute log2 fold change that counts.
    basket : tuple of str
        Identifiers of the genes set aside, in the order they came.
    """

    data: str = ""
    gene: str = ""
    padj: float = limited(0.05, 0.0, 1.0)
    lfc: float = limited(0.0, 0.0, 10.0)
    basket: tuple[str, ...] = ()


def changed(parts: Iterable[Part], changes: Mapping[str, Any]) -> list[Part]:
    """Return all parts with parameters changed, and lists at their first page where they are other lists."""
    parts = list(parts)
    restarted = {
        page: 1 for part in parts for page, causes in part.restarts.items() if causes & changes.keys()
    }
    wanted = restarted | dict(changes)
    if unknown := wanted.keys() - {name for part in parts for name in part.names()}:
        message = f"no part of the view has {', '.join(sorted(unknown))}"
        raise KeyError(message)
    return [replace(part, **_own(part, wanted)) for part in parts]


def _own(part: Part, changes: Mapping[str, Any]) -> dict[str, Any]:
    return {n.removeprefix(part.prefix): value for n, value in changes.items() if n in part.names()}


def usable(kinds: Iterable[type[Part]], query: Mapping[str, str]) -> tuple[list[Part], list[Fault]]:
    """Return the parts of all parameters that can be used, and the faults of the others."""
    found: list[Part] = []
    faults: list[Fault] = []
    for kind in kinds:
        good = {}
        for name in (n for n in kind.names() if n in query):
            try:
                kind.from_query({name: query[name]})
            except InputError as error:
                faults += error.faults
            else:
                good[name] = query[name]
        found.append(kind.from_query(good))
    return found, faults
