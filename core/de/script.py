"""Python scripts that make the numbers on screen: one self-contained, one short on PyDESeq2 as it comes."""

from __future__ import annotations

import ast
import textwrap
from importlib.metadata import version
from pathlib import Path

from core.cohort.samples.cell_markers import specific_markers
from core.cohort.samples.cell_scores import PREFIX
from core.de.result import DEResult
from core.de.spec import DESpec
from core.export.template import body, fill_script, source_of

TEMPLATE, OTHER, SHORT, INPUTS, SCORES = (
    Path(__file__).with_name(f"script_{name}.txt")
    for name in ("template", "other", "short", "inputs", "scores")
)
# How far PyDESeq2 as it comes agrees with the engine: see tests/de/test_short_script.py.
STOCK_CORRELATION, STOCK_OVERLAP = 0.9995, 0.92
_ENGINE = ("algebra", "rules", "shrinkage", "coefficients", "dispersions", "line_search", "wald", "inference")
# What the script carries along: the engine and the rules of DESeq2 that PyDESeq2 lacks, or another test.
# It is read, not imported: importing it would load PyDESeq2 into every server that offers the script.
CARRIED = {
    "deseq2": (
        *(f"core.de.engine.{name}" for name in _ENGINE),
        "core.de.deseq2.dispersion",
        "core.de.limma.lowess",
        "core.de.deseq2.adjust",
    ),
    "limma": ("core.de.limma.tmm", "core.de.limma.moderate", "core.de.limma.trend"),
    "wilcoxon": ("core.cohort.samples.size_factors", "core.de.wilcoxon"),
}
# What cell scores among the covariates are made with.
SCORING = (source_of("core.cohort.samples.size_factors"), source_of("core.cohort.samples.marker_scores"))
FIT = "    dds = fit(counts, design)\n"
# As on screen, where the one fit of all groups serves any two of them.
FIT_ALL = """    fitted = build_design(metadata, groups, *sorted(set(groups))[:2])
    dds = fit(counts, fitted)
    coefficients = dds.varm["LFC"].to_numpy() @ recoding(fitted, design, groups).T
    dds.varm["LFC"] = pd.DataFrame(coefficients, index=dds.var_names, columns=design.columns)
    dds.obsm["design_matrix"] = design
"""
RECODING = source_of("core.de.design.recoding")
ADD_SCORES = "    metadata = add_scores(counts, metadata)\n"
TOKENS = source_of("core.cohort.samples.tokens")
FILES = {"COUNTS": "counts.csv.gz", "METADATA": "metadata.csv", "RESULTS": "de.csv"}
OWN_IMPORTS = ("import numpy as np", "import pandas as pd")
PYDESEQ2_IMPORTS = ("from pydeseq2.dds import DeseqDataSet", "from pydeseq2.ds import DeseqStats")
OTHER_IMPORTS = ("from scipy.stats import false_discovery_control",)


def de_script(result: DEResult, *, provenance: str = "") -> str:
    """Return a Python script that reproduces a differential-expression analysis.

    It needs pandas and PyDESeq2 only (pandas and SciPy by another method), none of this product's code.

    Parameters
    ----------
    result : DEResult
        The result on screen: the script takes each covariate as it was taken there, and refuses files
        that give other group sizes.
    provenance : str
        Provenance line for the script's head.
    """
    spec, markers, inputs = result.spec, markers_of(result), _inputs()
    by_deseq2 = spec.method == "deseq2"
    # Each module once, in order.
    tests = map(source_of, CARRIED[spec.method])
    extra = (*(SCORING if markers else ()), *((RECODING,) if spec.all_groups else ()))
    carried = tuple(dict.fromkeys((*tests, *extra)))
    return fill_script(
        TEMPLATE if by_deseq2 else OTHER,
        title=f"Differential expression, {spec.contrast}, {spec.design}.",
        provenance=provenance,
        settings={
            **comparison_settings(result),
            **FILES,
            "GROUP_SIZES": result.run.group_sizes or None,
        },
        code={
            "PYDESEQ2": _pydeseq2(result),
            "IMPORTS": _imports((*carried, TOKENS), own=PYDESEQ2_IMPORTS if by_deseq2 else OTHER_IMPORTS),
            "CARRIED": "\n\n".join(body(path) for path in carried),
            "INPUTS": "\n\n".join([inputs, scoring(markers)] if markers else [inputs]),
            "ADD_SCORES": ADD_SCORES if markers else "",
            "FIT": FIT_ALL if spec.all_groups else FIT,
        },
    )


def has_short_script(spec: DESpec) -> bool:
    """Return whether PyDESeq2 as it comes can make a comparison."""
    scored = any(name.startswith(PREFIX) for name in spec.covariates)
    return spec.method == "deseq2" and spec.winsorise is None and not scored


def short_script(result: DEResult, *, provenance: str = "") -> str:
    """Return a script of about a hundred lines on PyDESeq2 as it comes, which says how far it agrees.

    The parameters are those of `de_script`.
    """
    return fill_script(
        SHORT,
        title=f"Differential expression by PyDESeq2, {result.spec.contrast}, {result.spec.design}.",
        provenance=provenance,
        settings={**comparison_settings(result), **FILES},
        code={
            "PYDESEQ2": _pydeseq2(result),
            "IMPORTS": _imports((TOKENS,), own=PYDESEQ2_IMPORTS),
            "INPUTS": _inputs(),
            "CORRELATION": str(STOCK_CORRELATION),
            "OVERLAP": f"{STOCK_OVERLAP:.0%}",
        },
    )


def comparison_settings(result: DEResult) -> dict[str, object]:
    """Return what a script must know to read files as a comparison does: groups, covariates, active genes.

    Each covariate is taken as it was taken in `result`.
    """
    spec, kinds = result.spec, {info.name: info.kind for info in result.run.covariates}
    return spec.constants() | {"COVARIATES": {name: kinds.get(name, "auto") for name in spec.covariates}}


def markers_of(result: DEResult) -> dict[str, tuple[str, ...]]:
    """Return the markers of each cell type whose score is a covariate, by every name a file may give them."""
    wanted = [name.removeprefix(PREFIX) for name in result.spec.covariates if name.startswith(PREFIX)]
    known = specific_markers() if wanted else {}
    names = {}
    for cell in (cell for cell in wanted if cell in known):
        rows = result.table[result.table["symbol"].isin(known[cell])]
        names[cell] = tuple(sorted({*rows["symbol"], *rows["gene"]}))
    return names


def scoring(markers: dict[str, tuple[str, ...]]) -> str:
    """Return the code that scores cell types, but for the modules in `SCORING`."""
    listed = textwrap.indent("\n".join(_listed(*item) for item in markers.items()), "    ")
    table = f"# Genes typical of one blood cell type (BTM plus).\nMARKERS = {{\n{listed}\n}}\n"
    return f"{table}\n\n{SCORES.read_text(encoding='utf-8')}"


def _listed(cell: str, genes: tuple[str, ...]) -> str:
    lines = textwrap.wrap(" ".join(f"{gene!r}," for gene in genes), width=92, break_on_hyphens=False)
    return f"{cell!r}: (\n{textwrap.indent(chr(10).join(lines), '    ')}\n),"


def _inputs() -> str:
    """Return the code that reads the files and codes the design."""
    return f"{body(TOKENS)}\n\n{INPUTS.read_text(encoding='utf-8')}"


def _pydeseq2(result: DEResult) -> str:
    return result.run.versions.get("pydeseq2") or version("pydeseq2")


def _imports(carried: tuple[Path, ...], *, own: tuple[str, ...]) -> str:
    """Return what template and modules import, but for this product itself: one line each, sorted."""
    lines = {*OWN_IMPORTS, *own}
    for path in carried:
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.Import):
                lines.add(ast.unparse(node))
            elif isinstance(node, ast.ImportFrom) and not str(node.module).startswith(("core", "__future__")):
                lines.update(f"from {node.module} import {ast.unparse(name)}" for name in node.names)
    return "\n".join(sorted(lines))
