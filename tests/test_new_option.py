"""An option of a comparison is one line; help, panel, link, words, provenance and command follow."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from core.analysis import At, key
from core.de.kind import KIND
from core.de.spec import DESpec
from core.store import Store
from tests.conftest import ROOT

SPEC = DESpec("group", "TRD", "non-TRD", ("sex",))
LINE = (
    '    of_tomorrow: int = option(3, label="Of tomorrow", help="What it will do.", '
    'words="of tomorrow {}", limits=(0, 9))'
)
AFTERWARDS = """
from dataclasses import replace

from core.analysis import At, Made, key
from core.de.kind import KIND
from core.de.spec import DESpec
from core.kinds import kind_of
from core.store import Store
from tests.analyses import run_de
from tests.app.cohorts import Case
from tests.app.conftest import link
from tests.de.cohorts import small_cohort

SPEC = DESpec("group", "TRD", "non-TRD", ("sex",))
LATER = replace(SPEC, of_tomorrow=4)


def test_it_follows(visit, prepare, started, capsys):
    assert key(KIND, At(Store(), "d"), SPEC) == "EARLIER"
    assert key(KIND, At(Store(), "d"), LATER) != "EARLIER"
    digest = prepare(Case("compared", small_cohort(), SPEC))
    at = At(Store(), digest)
    assert "of tomorrow 4" in KIND.describe(LATER)
    assert "of tomorrow 4" in KIND.provenance(Made(KIND, at, LATER, run_de(Store(), digest, LATER))).line()
    screen = visit("genes", link(digest, Case("compared", small_cohort(), SPEC)))
    screen.app.number_input(key="settings.of_tomorrow").set_value(5)
    screen.rerun().press("Run analysis")
    assert screen.app.query_params["of_tomorrow"] == "5"
    (job,) = started.values()
    assert "--of-tomorrow=5" in job.command
"""


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This tree with one line more."""
    copy = Path(tmp_path_factory.mktemp("tree"))
    for name in ("core", "pages", "data", "tests", ".streamlit"):
        left = shutil.ignore_patterns("__pycache__", "store", "london*")
        shutil.copytree(ROOT / name, copy / name, ignore=left)
    for name in ("dashboard.py", "pyproject.toml"):
        shutil.copy(ROOT / name, copy)
    place = copy / "core" / "de" / "spec.py"
    text, before = place.read_text(encoding="utf-8"), "\n    def __post_init__"
    assert text.count(before) == 1
    place.write_text(text.replace(before, f"{LINE}\n{before}"), encoding="utf-8")
    earlier = key(KIND, At(Store(), "d"), SPEC)
    (copy / "tests" / "app" / "test_of_tomorrow.py").write_text(AFTERWARDS.replace("EARLIER", earlier))
    return copy


def run(tree: Path, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", *words], cwd=tree, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_it_is_in_the_help_of_every_command_that_starts_from_a_comparison(tree: Path):
    for verb in ("de", "ladder", "permute", "subgroups"):
        text = " ".join(run(tree, "core", verb, "--help").split())
        assert "--of-tomorrow" in text
        assert "What it will do. (default 3)" in text


def test_it_is_in_panel_link_words_provenance_and_command_and_earlier_keys_stay(tree: Path):
    run(tree, "pytest", "-q", "-p", "no:cacheprovider", "tests/app/test_of_tomorrow.py")
