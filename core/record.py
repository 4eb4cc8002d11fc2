"""What every stored result says of itself besides its numbers."""

from __future__ import annotations

import platform
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from typing import Any, Self

from core.errors import Notice, notices_from


@dataclass(frozen=True, kw_only=True)
class Record:
    """What a reader must know about any result; each kind of result adds its own.

    Parameters
    ----------
    notices : tuple of Notice
        What was left out, replaced or overridden; weaknesses; warnings of the fit.
    seconds : float
        Computing time, of resumed work only what was left.
    simulated : bool
        Whether the data are simulated.
    algorithm : str
        Version of this product's algorithm; part of the key.
    versions : mapping of str to str
        Packages that made the numbers.
    """

    notices: tuple[Notice, ...]
    seconds: float
    simulated: bool
    algorithm: str
    versions: dict[str, str] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values that JSON can hold."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Self:
        """Rebuild from `to_dict` after a passage through JSON."""
        return cls(**{**values, "notices": notices_from(values["notices"])})


def versions_of(*packages: str) -> dict[str, str]:
    """Return the versions of Python and of installed packages, by name."""
    return {"python": platform.python_version(), **{name: version(name) for name in packages}}
