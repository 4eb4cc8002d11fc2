"""The pages in the order of the story, each with what a viewer can choose to look at there."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pages.ui.view import Part
from pages.ui.view_cohort import CohortView
from pages.ui.view_genes import GenesView, OneGeneView
from pages.ui.view_models import ModelsView
from pages.ui.view_pathways import PathwaysView
from pages.ui.view_robustness import RobustnessView

FOLDER = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Place:
    """One page of the site, and its part of the view."""

    name: str
    title: str
    icon: str
    view: type[Part] | None = None
    kind: str = ""  # of the analysis it shows, where that has another name

    @property
    def file(self) -> Path:
        """Absolute path of the page's script."""
        return FOLDER / f"{self.name}.py"


PLACES = (
    Place("overview", "Overview", ":material/home:"),
    Place("data", "Data", ":material/upload_file:"),
    Place("cohort", "Cohort", ":material/groups:", CohortView),
    Place("genes", "Genes", ":material/scatter_plot:", GenesView, kind="de"),
    Place("gene", "Gene", ":material/genetics:", OneGeneView),
    Place("pathways", "Pathways", ":material/hub:", PathwaysView),
    Place("robustness", "Robustness", ":material/shield:", RobustnessView),
    Place("models", "Models", ":material/target:", ModelsView),
    Place("methods", "Methods", ":material/menu_book:"),
)
