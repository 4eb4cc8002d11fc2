"""The rules of the house that no linter knows: who may import whom, how long things are, what is not used."""

from __future__ import annotations

import ast
import functools
import graphlib
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

CORE = sorted((ROOT / "core").rglob("*.py"))
PAGES = sorted((ROOT / "pages").glob("*.py"))
SHARED_BY_PAGES = sorted((ROOT / "pages" / "ui").rglob("*.py"))
SCREEN = [ROOT / "dashboard.py", *PAGES, *SHARED_BY_PAGES]
SOURCES = [*CORE, *SCREEN]

SEAMS = {"errors", "spec", "progress", "store", "words", "record", "processes"}
# What a kind of analysis stands on.
GROUND = SEAMS | {"analysis", "kinds", "options", "export", "cohort"}
# Which parts of core a part may import, beside itself, when it is imported; kinds are known by name before.
ARROWS = {
    "errors": set(),
    "words": set(),
    "kinds": set(),
    "spec": {"errors", "words"},
    "options": {"spec"},
    "record": {"errors"},
    "processes": {"errors", "kinds"},
    "progress": {"errors", "processes"},
    "store": {"errors", "spec", "processes"},
    "jobs": {"errors", "progress", "processes", "store"},
    "analysis": {"errors", "kinds", "options", "progress", "spec", "store"},
    "cohort": SEAMS | {"analysis", "options"},
    "figures": {"errors", "spec", "words"},
    "export": {"errors", "spec", "figures", "kinds"},  # knows no kind but by name
    "commands": SEAMS | {"analysis", "cohort", "kinds", "options"},
    "de": GROUND,
    "pathways": GROUND | {"de"},
    "robustness": GROUND | {"de", "pathways", "commands"},
    "models": GROUND | {"de", "pathways", "commands"},
    "__main__": {"errors", "progress", "processes", "commands", "kinds"},
    "__init__": set(),
}
# Figures draw what they are handed: with these they could compute it.
COMPUTING = {"scipy", "pydeseq2", "sklearn", "anndata", "gseapy", "statsmodels", "joblib"}
# Imported by jobs, never by the server: each costs the memory budget of many viewers.
HEAVY = ("pydeseq2", "anndata", "sklearn", "gseapy", "statsmodels", "joblib")


@functools.cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


@functools.cache
def imported(path: Path) -> frozenset[str]:
    """Dotted names that a file imports, wherever in it."""
    names: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute here"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return frozenset(names)


def module_name(path: Path) -> str:
    """Dotted name of a file: "core.cohort" for core/cohort/__init__.py."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def at_module_level(node: ast.AST) -> Iterator[ast.Import | ast.ImportFrom]:
    """Imports that run when a module is imported: not those in functions, nor those for types only."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import | ast.ImportFrom):
            yield child
        elif isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            continue
        elif not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield from at_module_level(child)


def import_graph(paths: list[Path]) -> dict[str, set[str]]:
    """Modules, and for each of them the modules of our own that importing it imports."""
    modules = {module_name(path): path for path in paths}
    graph: dict[str, set[str]] = {name: set() for name in modules}
    for name, path in modules.items():
        for node in at_module_level(tree(path)):
            if isinstance(node, ast.Import):
                graph[name] |= {alias.name for alias in node.names} & modules.keys()
            else:  # what is imported from a package is a module of it, or a name in it
                found = ((f"{node.module}.{alias.name}", str(node.module)) for alias in node.names)
                graph[name] |= {inner if inner in modules else outer for inner, outer in found}
        graph[name] &= modules.keys()
    return graph


def circle(graph: dict[str, set[str]]) -> list[str]:
    """Modules that import each other in a circle; empty if none do."""
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        return list(error.args[1])
    return []


def tops(path: Path) -> set[str]:
    """Packages that a file imports from."""
    return {name.split(".")[0] for name in imported(path)}


def offenders(paths: list[Path], find: Callable[[Path], set[str]]) -> dict[str, set[str]]:
    """What `find` holds against each file, for the files it holds something against."""
    return {str(path.relative_to(ROOT)): found for path in paths if (found := find(path))}


def part_of(path: Path) -> str:
    """First name below core: "cohort" for core/cohort/reading/load.py, "store" for core/store.py."""
    return path.relative_to(ROOT / "core").parts[0].removesuffix(".py")


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function without its docstring and decorators."""
    lines = (function.end_lineno or function.lineno) - function.lineno + 1
    first = function.body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
        lines -= (first.end_lineno or first.lineno) - first.lineno + 1
    return lines


def calls(path: Path) -> Iterator[ast.Call]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            yield node


def n_lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_every_part_is_looked_at():
    assert {"errors", "store", "cohort", "de", "figures", "export", "commands"} <= {*map(part_of, CORE)}
    assert {"overview.py", "data.py", "genes.py", "gene.py", "methods.py"} <= {p.name for p in PAGES}
    assert len(SHARED_BY_PAGES) > 10


def test_core_knows_nothing_of_the_screen():
    outside = {"streamlit", "pages", "dashboard", "tests"}
    assert offenders(CORE, lambda path: tops(path) & outside) == {}


def test_arrows_inside_core_run_one_way():
    graph = import_graph(SOURCES)

    def against(path: Path) -> set[str]:
        used = {name.split(".")[1] for name in graph[module_name(path)] if name.startswith("core.")}
        return used - ARROWS[part_of(path)] - {part_of(path)}

    assert offenders(CORE, against) == {}


def test_arrows_make_no_circle():
    left = {part: set(used) for part, used in ARROWS.items()}
    while free := {part for part, used in left.items() if not used & left.keys()}:
        left = {part: used for part, used in left.items() if part not in free}
    assert left == {}


def test_imports_make_no_circle():
    graph = import_graph(SOURCES)
    assert len(graph) == len(SOURCES)
    assert {"core.store", "core.processes.standby"} <= graph["core.jobs"]
    assert circle(graph) == []


def test_a_circle_of_imports_would_be_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(globals(), "ROOT", tmp_path)
    (tmp_path / "core" / "a").mkdir(parents=True)
    paths = [tmp_path / "core" / name for name in ("a/__init__.py", "a/b.py", "c.py", "d.py")]
    sources = ("", "from core import c\n", "if True:\n    from core.d import x\n", "import core.a.b\n")
    for path, source in zip(paths, sources, strict=True):
        path.write_text(source)
    assert set(circle(import_graph(paths))) == {"core.a.b", "core.c", "core.d"}
    for lazy in ("def f():\n    from core.d import x\n", "if TYPE_CHECKING:\n    from core.d import x\n"):
        paths[2].write_text(lazy)
        tree.cache_clear()
        assert circle(import_graph(paths)) == []


def test_figures_compute_nothing():
    figures = [path for path in CORE if part_of(path) == "figures"]
    assert offenders(figures, lambda path: tops(path) & COMPUTING) == {}


def test_what_pages_share_knows_no_single_page():
    def pages(path: Path) -> set[str]:
        return {name for name in imported(path) if name.startswith("pages.") and name.split(".")[1] != "ui"}

    assert offenders(SHARED_BY_PAGES, pages) == {}


def test_a_page_calls_the_guard_before_anything_else():
    def first_statement(path: Path) -> set[str]:
        docstring, *rest = tree(path).body
        assert isinstance(docstring, ast.Expr)
        first = next(s for s in rest if not isinstance(s, ast.Import | ast.ImportFrom))
        return {ast.unparse(first)} - {"site.guard()"}

    assert offenders(PAGES, first_statement) == {}


def test_a_page_that_stops_leaves_room_for_its_foot_and_address():
    def stops(path: Path) -> set[str]:
        return {ast.unparse(call) for call in calls(path)} & {"st.stop()"}

    assert offenders(SCREEN, stops) == {}


def test_every_page_is_on_the_map():
    from pages.ui.frame.site import PLACES

    assert sorted(place.file for place in PLACES) == PAGES


def test_every_file_that_pages_share_lies_in_a_folder():
    assert [path.name for path in (ROOT / "pages" / "ui").glob("*.*")] == ["__init__.py"]


def test_a_test_lies_where_what_it_tests_lies():
    modules = [*CORE, *SHARED_BY_PAGES]
    mirrored = [path.relative_to(ROOT / ("core" if path in CORE else "pages")) for path in modules]
    places: dict[tuple[str, str], set[Path]] = {}
    for path in mirrored:
        places.setdefault((path.parts[0], f"test_{path.name}"), set()).add(ROOT / "tests" / path.parent)

    def elsewhere(path: Path) -> set[str]:
        known = places.get((path.relative_to(ROOT / "tests").parts[0], path.name), {path.parent})
        return set() if path.parent in known else {str(place) for place in known}

    assert offenders(sorted((ROOT / "tests").rglob("test_*.py")), elsewhere) == {}


def test_functions_and_files_are_short():
    assert offenders(SOURCES, lambda path: {f.name for f in functions(path) if length(f) > 60}) == {}
    assert [str(path) for path in SOURCES if n_lines(path) > 400] == []
    assert n_lines(ROOT / "dashboard.py") < 80


def test_half_of_all_functions_are_under_fifteen_lines():
    lengths = sorted(length(f) for path in SOURCES for f in functions(path))
    assert lengths[len(lengths) // 2] < 15


def test_nothing_is_pickled():
    forbidden_arguments = {"allow_pickle=True", "persist='disk'", "persist=True"}

    def pickling(path: Path) -> set[str]:
        arguments = {ast.unparse(word) for call in calls(path) for word in call.keywords}
        methods = {ast.unparse(call.func).split(".")[-1] for call in calls(path)}
        return (
            tops(path) & {"pickle", "cPickle", "cloudpickle", "dill", "shelve"}
            | arguments & forbidden_arguments
            | methods & {"to_pickle", "read_pickle"}
        )

    assert offenders(SOURCES, pickling) == {}


def test_every_cache_is_bounded():
    def unbounded(path: Path) -> set[str]:
        return {
            function.name
            for function in functions(path)
            for decorator in function.decorator_list
            if "st.cache_" in ast.unparse(decorator) and "max_entries=" not in ast.unparse(decorator)
        }

    assert offenders(SCREEN, unbounded) == {}


def test_no_outdated_widths():
    def outdated(path: Path) -> set[str]:
        return {str(word.arg) for call in calls(path) for word in call.keywords} & {"use_container_width"}

    assert offenders(SCREEN, outdated) == {}


def test_the_server_does_without_the_libraries_that_compute():
    modules = ", ".join(map(module_name, SHARED_BY_PAGES))
    script = f"import sys, {modules}; print([m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_the_kernel_stays_small():
    kernel = [path for path in CORE if path.parent.name == "core"]
    assert len(kernel) > 10
    assert sum(len(path.read_text(encoding="utf-8").splitlines()) for path in kernel) <= 1600
