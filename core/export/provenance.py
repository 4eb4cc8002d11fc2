"""Where a figure or table comes from, in one line that travels with it."""

from __future__ import annotations

from dataclasses import dataclass

DIGITS = 12  # of the content hash: enough to tell any two data sets apart, short enough to read


@dataclass(frozen=True)
class Provenance:
    """What it takes to make a figure or table again.

    Parameters
    ----------
    dataset : str
        Name of the data set.
    digest : str
        Its content hash.
    simulated : bool
        Whether the data are simulated.
    contrast : str
        The comparison and its group sizes, in words.
    design : str
        The model in R's notation.
    expression_filter : str
        Which genes were tested.
    method : str
        The test and its settings.
    outliers : str
        Whether outlier counts were dealt with.
    versions : tuple of (str, str)
        Packages that made the numbers.
    seed : int or None
        Seed of the analysis; None where nothing in it is random.
    tried : str
        How many analyses were tried on the data set, as a sentence (`core.export.tried`); "" where that
        is not known.
    """

    dataset: str
    digest: str
    simulated: bool = False
    contrast: str = ""
    design: str = ""
    expression_filter: str = ""
    method: str = ""
    outliers: str = ""
    versions: tuple[tuple[str, str], ...] = ()
    seed: int | None = None
    tried: str = ""

    def items(self) -> list[tuple[str, str]]:
        """Return what is known as pairs of name and text, for a table."""
        pairs = [
            ("Data", "simulated" if self.simulated else "as provided"),
            ("Data set", self.dataset),
            ("Content hash", self.digest),
            ("Comparison", self.contrast),
            ("Design", self.design),
            ("Genes tested", self.expression_filter),
            ("Method", self.method),
            ("Outlier handling", self.outliers),
            ("Versions", self._versions()),
            ("Seed", self._seed()),
            ("Tried", self.tried),
        ]
        return [(name, _one_line(text)) for name, text in pairs if text]

    def line(self) -> str:
        """Return all of it as one line, parts separated by middle dots."""
        parts = (
            "Simulated data" if self.simulated else "",
            f"{self.dataset} [{self.digest[:DIGITS]}]",
            self.contrast,
            self.design,
            self.expression_filter,
            self.method,
            f"outlier handling {self.outliers}" if self.outliers else "",
            self._versions(),
            self._seed(),
            self.tried,
        )
        return " · ".join(_one_line(part) for part in parts if part)

    def _versions(self) -> str:
        return ", ".join(f"{name} {version}" for name, version in self.versions)

    def _seed(self) -> str:
        return "no random step" if self.seed is None else f"seed {self.seed}"


def _one_line(text: str) -> str:
    return " ".join(text.split())
