"""The pages in the order of the story, each with what a viewer can choose to look at there."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pages.ui.cohort.view import CohortView
from pages.ui.frame.view import Part
from pages.ui.genes.view import GenesView, OneGeneView
from pages.ui.models.view import ModelsView
from pages.ui.pathways.view import PathwaysView
from pages.ui.robustness.view import RobustnessView

FOLDER = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Place:
    """One page of the site.

    Parameters
    ----------
    name, title, icon : str
        In the address, in the menu, and beside it there.
    group : str
        Under which the menu lists it.
    view : type of Part or None
        Its part of what a viewer can choose to look at.
    of_comparison : bool
        Whether it has nothing to say before groups were chosen.
    """

    name: str
    title: str
    icon: str
    group: str
    view: type[Part] | None = None
    of_comparison: bool = True
    kind: str = ""  # of the analysis it shows, where that has another name

    @property
    def file(self) -> Path:
        """Absolute path of the page's script."""
        return FOLDER / f"{self.name}.py"


PLACES = (
    Place("overview", "Overview", ":material/home:", "Start"),
    Place("data", "Data", ":material/upload_file:", "Start", of_comparison=False),
    Place("cohort", "Cohort", ":material/groups:", "Explore", CohortView),
    Place("genes", "Genes", ":material/scatter_plot:", "Explore", GenesView, kind="de"),
    Place("gene", "Gene", ":material/genetics:", "Explore", OneGeneView),
    Place("pathways", "Pathways", ":material/hub:", "Explore", PathwaysView),
    Place("robustness", "Robustness", ":material/shield:", "Question", RobustnessView),
    Place("models", "Models", ":material/target:", "Question", ModelsView),
    Place("methods", "Methods", ":material/menu_book:", "Share", of_comparison=False),
)
