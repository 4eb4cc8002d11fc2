"""A short Python script that makes patients' scores of gene sets, and their comparison, from the counts."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from pathlib import Path

from core.cohort.samples.marker_scores import LEAST_MEAN
from core.de.result import DEResult
from core.de.script import (
    ADD_SCORES,
    INPUTS,
    SCORING,
    TOKENS,
    comparison_settings,
    markers_of,
    scoring,
)
from core.export.template import body, fill_script, source_of
from core.pathways.result import PathwayResult

HERE = Path(__file__).parent
TEMPLATE = HERE / "scores_script_template.txt"
GENES_TEMPLATE = HERE / "script_template.txt"
VOOM, TMM = source_of("core.de.limma.voom"), source_of("core.de.limma.tmm")
# Read, not written a second time: the parts of the other scripts, and of the product, that this one shares.
DESIGN = ("def read_inputs", "def winsorise")
GENES = ("def read_comparison", "@TEST@")
LIBRARY_SIZE = ("effective_library_size", "tmm_factors", "_tmm_pair", "_within")


def pathway_scores_script(result: PathwayResult, comparison: DEResult, *, provenance: str = "") -> str:
    """Return a Python script that reproduces a test of patients' scores from the files.

    It needs pandas and SciPy only, none of this product's code.

    Parameters
    ----------
    result : PathwayResult
        The result on screen, of a test that scores patients.
    comparison : DEResult
        The comparison it started from.
    provenance : str
        Provenance line for the script's head.
    """
    spec = comparison.spec
    markers = markers_of(comparison)
    return fill_script(
        TEMPLATE,
        title=f"Patients' scores of gene sets, {spec.contrast}, {spec.design}.",
        provenance=provenance,
        settings={
            **comparison_settings(comparison),
            "COUNTS": "counts.csv.gz",
            "METADATA": "metadata.csv",
            "DE": "de.csv",
            "SETS": "sets.gmt",
            "RESULTS": "pathways.csv",
            "SCORES": "set_scores.csv",
            "SET_ALPHA": result.spec.set_alpha,
            "METHOD": result.spec.test,
            "TRIM": _constants(TMM, ("TRIM_RATIO", "TRIM_LEVEL")),
        },
        code={
            "DESIGN": f"{body(TOKENS)}\n\n{_between(INPUTS, *DESIGN)}",
            "CELLS": _cells(markers) if markers else "",
            "ADD_SCORES": ADD_SCORES if markers else "",
            "RANKING": _between(GENES_TEMPLATE, *GENES),
            "NORMALISING": _functions(VOOM, ("log_cpm",)) + _functions(TMM, LIBRARY_SIZE),
        },
    )


def _cells(markers: dict[str, tuple[str, ...]]) -> str:
    """Return the code that makes the cell scores that the comparison is adjusted for."""
    size_factors, marker_scores = SCORING
    functions = _functions(size_factors, ("median_of_ratios", "forgiving_size_factors"))
    functions += _functions(marker_scores, ("marker_scores", "standardised"))
    stops = "JobError = SystemExit  # what stops the carried code stops the script"
    return f"{stops}\nLEAST_MEAN = {LEAST_MEAN}\n\n\n{functions}{scoring(markers)}\n\n"


def _between(path: Path, start: str, stop: str) -> str:
    text = path.read_text(encoding="utf-8")
    return text[text.index(start) : text.index(stop)]


def _functions(path: Path, names: Iterable[str]) -> str:
    """Return the source of some functions of a module, without the types that only its authors need."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    return "\n\n\n".join(_untyped(found[name]) for name in names) + "\n\n\n"


def _untyped(function: ast.FunctionDef) -> str:
    function.returns = None
    for argument in function.args.args:
        argument.annotation = None
    function.body = [
        ast.Assign([node.target], node.value, lineno=node.lineno)
        if isinstance(node, ast.AnnAssign) and node.value is not None
        else node
        for node in function.body
    ]
    return ast.unparse(function)


def _constants(path: Path, names: tuple[str, ...]) -> tuple[object, ...]:
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Tuple):
            named = tuple(target.id for target in node.targets[0].elts if isinstance(target, ast.Name))
            if named == names:
                return tuple(ast.literal_eval(node.value))
    message = f"{path.name} does not set {', '.join(names)} together"
    raise ValueError(message)
