"""A short Python script that makes the numbers on screen with public packages alone."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

from core.de.result import DEResult
from core.spec import DESpec

TEMPLATE = Path(__file__).with_name("script_template.txt")
# DESeq2's rules that PyDESeq2 lacks, which the script carries along. They are read, not imported:
# importing them would load PyDESeq2 into every server that offers the script.
RULES = tuple(Path(__file__).parents[1] / "de" / f"{name}.py" for name in ("rules", "dispersion", "adjust"))
MARK = re.compile(r"@([A-Z0-9_]+)@")


def de_script(
    spec: DESpec,
    *,
    counts: str = "counts.csv.gz",
    metadata: str = "metadata.csv",
    results: str = "de.csv",
    result: DEResult | None = None,
    provenance: str = "",
) -> str:
    """Return a Python script that reproduces a differential-expression analysis.

    It needs pandas and PyDESeq2 only, none of this product's code.

    Parameters
    ----------
    spec : DESpec
        The analysis.
    counts, metadata, results : str
        Files that the script reads and writes.
    result : DEResult, optional
        The result on screen: the script then takes each covariate as it was taken there, and
        refuses files that give other group sizes.
    provenance : str
        Provenance line for the script's head.
    """
    kinds = {info.name: info.kind for info in result.run.covariates} if result else {}
    values = {
        "COUNTS": counts,
        "METADATA": metadata,
        "RESULTS": results,
        "FACTOR": spec.factor,
        "CASE": spec.case,
        "CONTROL": spec.control,
        "COVARIATES": {name: kinds.get(name, "auto") for name in spec.covariates},
        "MIN_COUNT": spec.min_count,
        "MIN_SAMPLES": spec.min_samples,
        "ALPHA": spec.alpha,
        "LFC_THRESHOLD": spec.lfc_threshold,
        "SHRINK": spec.shrink,
        "WINSORISE": spec.winsorise,
        "GROUP_SIZES": (result.run.n_case, result.run.n_control) if result else None,
    }
    return _fill(
        {
            **{name: repr(value) for name, value in values.items()},
            "TITLE": _in_docstring(f"Differential expression, {spec.contrast}, {spec.design}."),
            "PROVENANCE": _in_docstring(provenance or "(no provenance line)"),
            "PYDESEQ2": _pydeseq2(result),
            "RULES": "\n\n".join(_body(path) for path in RULES),
        }
    )


def _pydeseq2(result: DEResult | None) -> str:
    used = result.run.versions.get("pydeseq2") if result else None
    return used or version("pydeseq2")


def _body(path: Path) -> str:
    """Return a module's source without its docstring and imports, which the template has."""
    source = path.read_text(encoding="utf-8")
    head = ast.Expr | ast.Import | ast.ImportFrom
    first = next(node for node in ast.parse(source).body if not isinstance(node, head))
    return "\n".join(source.splitlines()[first.lineno - 1 :]) + "\n"


def _fill(values: Mapping[str, str]) -> str:
    # One pass: a value that looks like a mark itself is left alone.
    return MARK.sub(lambda mark: values[mark[1]], TEMPLATE.read_text(encoding="utf-8"))


def _in_docstring(text: str) -> str:
    """Return text that cannot end or escape the docstring it stands in."""
    harmless = text.replace("\\", "/").replace('"', "'")
    return "\n".join(textwrap.wrap(" ".join(harmless.split()), width=96))
