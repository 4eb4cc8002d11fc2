"""Templates of the files that readers take with them, and how they are filled in."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]
MARK = re.compile(r"@([A-Z0-9_]+)@")


def fill(template: Path, values: Mapping[str, str]) -> str:
    """Return a template's text with every ``@NAME@`` replaced by the value of that name."""
    # One pass: a value that looks like a mark itself is left alone.
    return MARK.sub(lambda mark: values[mark[1]], template.read_text(encoding="utf-8"))


def fill_script(
    template: Path,
    *,
    title: str,
    provenance: str,
    settings: Mapping[str, object],
    code: Mapping[str, str] | None = None,
) -> str:
    """Return a Python script from its template.

    Parameters
    ----------
    template : Path
        Text of the script with its marks, ``@TITLE@`` and ``@PROVENANCE@`` in its docstring.
    title, provenance : str
        What it makes; the provenance line, "" for none.
    settings : mapping
        Values by the names of their marks, written as Python literals.
    code : mapping of str to str, optional
        Python code by the names of its marks, written as it stands.
    """
    values = {name: repr(value) for name, value in settings.items()} | dict(code or {})
    head = {"TITLE": title, "PROVENANCE": provenance or "(no provenance line)"}
    return fill(template, values | {name: _in_docstring(text) for name, text in head.items()})


def source_of(module: str) -> Path:
    """Return the file of a module of this product, to be read where importing it would load too much."""
    return ROOT.joinpath(*module.split(".")).with_suffix(".py")


def body(path: Path) -> str:
    """Return a module's source without its docstring and imports, which the template has."""
    source = path.read_text(encoding="utf-8")
    head = ast.Expr | ast.Import | ast.ImportFrom
    first = next(node for node in ast.parse(source).body if not isinstance(node, head))
    return "\n".join(source.splitlines()[first.lineno - 1 :]) + "\n"


def _in_docstring(text: str) -> str:
    """Return text that cannot end or escape the docstring it stands in."""
    harmless = text.replace("\\", "/").replace('"', "'")
    return "\n".join(textwrap.wrap(" ".join(harmless.split()), width=96))
