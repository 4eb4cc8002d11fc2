"""A new kind of analysis is a folder, a page and two lines; all else follows, in a real browser."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ROOT, Server, Visit, settle

pytestmark = pytest.mark.browser
GIVEN = ROOT / "tests" / "data" / "toy"
MOST_LINES = 120


def line_added(path: Path, before: str, line: str) -> None:
    """Add one line to a file, before another."""
    text = path.read_text(encoding="utf-8")
    assert text.count(before) == 1, path
    path.write_text(text.replace(before, f"{line}\n{before}"), encoding="utf-8")


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This tree with one kind more."""
    copy = Path(tmp_path_factory.mktemp("tree"))
    for name in ("core", "pages", "data", ".streamlit"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__", "store"))
    shutil.copy(ROOT / "dashboard.py", copy)
    folder = copy / "core" / "toy"
    folder.mkdir()
    (folder / "__init__.py").write_text('"""The smallest kind of analysis."""\n')
    shutil.copy(GIVEN / "kind.py.txt", folder / "kind.py")
    shutil.copy(GIVEN / "page.py.txt", copy / "pages" / "toy.py")
    assert (
        sum(len((GIVEN / f"{name}.py.txt").read_text().splitlines()) for name in ("kind", "page"))
        < MOST_LINES
    )
    line_added(copy / "core" / "kinds.py", '    "models": ', '    "toy": "core.toy.kind:KIND",')
    places = next((copy / "pages" / "ui").rglob("places.py"))
    line_added(places, '    Place("methods"', '    Place("toy", "Expressed", ":material/tune:", "Explore"),')
    return copy


@pytest.fixture(scope="module")
def server(tree: Path, small_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    store = Path(tmp_path_factory.mktemp("store")) / "store"
    shutil.copytree(small_store, store, ignore=shutil.ignore_patterns("jobs", "locks"))
    running = Server(store, tree)
    running.start()
    yield running
    running.stop()


def test_it_has_page_settings_job_link_foot_and_script(
    page: Page, visit: Visit, server: Server, crude: str, tmp_path: Path
):
    page.goto(f"{server.url}/toy{crude}")
    settle(page)
    expect(page.get_by_role("heading", name="How many genes are on?")).to_be_visible()
    expect(page.get_by_text("has not been computed on this computer yet")).to_be_visible()
    page.get_by_text("Settings · Expressed genes").click()
    page.get_by_role("spinbutton", name="Least count").fill("9")
    page.get_by_role("spinbutton", name="Least count").press("Enter")
    page.get_by_role("textbox", name="Called").fill("genes & more")
    page.get_by_role("textbox", name="Called").press("Enter")
    expect(page.get_by_text("Settings · Expressed genes · changed")).to_be_visible()
    settle(page)
    page.get_by_role("button", name="Run analysis").click()
    expect(page.get_by_text(re.compile(r"Counting, part \d of 4")).first).to_be_visible()
    answer = page.get_by_text(re.compile(r"The median sample expresses \d+ genes & more"))
    expect(answer).to_be_visible()
    settle(page)
    expect(page).to_have_url(re.compile(r"toy\.least=9"))
    foot = page.locator(".trd-provenance")
    expect(foot).to_contain_text("from 9 counts, called genes & more")
    expect(foot).to_contain_text("1 count of expressed genes")
    with page.expect_download() as script:
        page.get_by_role("button", name="Download script").click()
    assert "index_col=0) >= 9" in Path(script.value.path()).read_text()
    with page.expect_download() as table:
        page.get_by_role("button", name=re.compile("^CSV")).first.click()
    written = pd.read_csv(table.value.path(), comment="#")
    assert list(written.columns) == ["sample", "n", "simulated"]

    other = visit()
    other.goto(page.url)
    settle(other)
    expect(other.get_by_text(re.compile("genes & more")).first).to_be_visible()
    expect(other.get_by_text("has not been computed")).to_have_count(0)


def test_it_has_a_command_whose_files_are_those_of_the_page(
    tree: Path, small_store: Path, small_digest: str, tmp_path: Path
):
    words = [
        "toy",
        f"--dataset={small_digest}",
        "--least=9",
        "--name=genes, all",
        f"--out={tmp_path / 'out'}",
    ]
    done = subprocess.run(
        [sys.executable, "-m", "core", *words],
        cwd=tree,
        env={"TRD_EXPLORER_STORE": str(small_store), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert re.search(r"The median sample expresses \d+ genes, all\.", done.stdout)
    assert list(pd.read_csv(tmp_path / "out" / "expressed.csv").columns) == ["sample", "n"]
