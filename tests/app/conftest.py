"""Pages without a browser: a store with small cohorts and their results, and a visitor."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest, app_test

from core.cohort.stored import put_cohort
from core.jobs import Jobs, JobState
from core.store import Store
from pages.ui.frame.places import PLACES
from tests.analyses import run_de
from tests.app.cohorts import Case
from tests.conftest import ROOT

UNFORESEEN = "did not foresee"
WORDS = ("label", "body", "help", "text", "placeholder", "alt")
PAGES = tuple(place.name for place in PLACES)
Visit = Callable[..., "Screen"]


class RunningServer(PagesManager):
    """Pages as on a server that has seen a visitor before; AppTest alone makes every run the very first.

    The first run on a server goes through the guard and runs again, which loses what was clicked.
    """

    def __init__(self, *args: object, **kwargs: object):
        PagesManager.uses_pages_directory = False
        super().__init__(*args, **kwargs)


class Screen:
    """What a visitor sees after a run of a page."""

    def __init__(self, app: AppTest):
        self.app = app

    def rerun(self) -> Screen:
        """Run again, as the browser does after a click."""
        self.app.run()
        return self

    @property
    def title(self) -> str:
        return str(self.app.title[0].value)

    @property
    def words(self) -> list[str]:
        """Every text on screen: headings, sentences, labels, hints and text alternatives."""
        found = []
        for node in (*self.app.main, *self.app.sidebar):
            proto = getattr(node, "proto", None)
            found += [text for name in WORDS if isinstance(text := getattr(proto, name, ""), str) and text]
        return found

    @property
    def text(self) -> str:
        return "\n".join(self.words).replace("\u00a0", " ")

    @property
    def html(self) -> str:
        """Everything that reaches the browser as HTML; a hard space reads like any other."""
        return "\n".join(node.proto.body for node in self.app.get("html")).replace("\u00a0", " ")

    def has_button(self, label: str) -> bool:
        return any(button.label == label for button in self.app.button)

    def press(self, label: str) -> Screen:
        next(button for button in self.app.button if button.label == label).click()
        return self.rerun()


@pytest.fixture(scope="session")
def app_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("app-store")


@pytest.fixture(autouse=True)
def _own_store(app_store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let all pages look into the one store that holds the small cohorts."""
    monkeypatch.setenv("TRD_EXPLORER_STORE", str(app_store))


@pytest.fixture
def running_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app_test, "PagesManager", RunningServer)


@pytest.fixture(autouse=True)
def started(monkeypatch: pytest.MonkeyPatch) -> dict[str, JobState]:
    """The jobs that pages started: they run for ever at 40 %, and compute nothing."""
    found: dict[str, JobState] = {}

    def start(
        jobs: Jobs,
        key: str,
        *,
        title: str,
        request: Mapping[str, Any],
        command: str = "",
        expected: float | None = None,
    ) -> JobState:
        told = command + (" --background" if request.get("background") else "")
        state = JobState(key, title, "running", "Testing genes", 0.4, 75.0, 1.0, command=told)
        return found.setdefault(key, state)

    monkeypatch.setattr(Jobs, "start", start)
    monkeypatch.setattr(Jobs, "stand_by", lambda jobs: None)
    monkeypatch.setattr(Jobs, "state", lambda jobs, key: found.get(key))
    monkeypatch.setattr(Jobs, "running", lambda jobs: [s for s in found.values() if s.status == "running"])
    monkeypatch.setattr(Jobs, "dismiss", lambda jobs, key: found.pop(key, None))
    return found


@pytest.fixture(scope="session")
def prepare(app_store: Path) -> Callable[[Case], str]:
    """Put a case into the store, its result too if it has one, and return its content hash."""
    store, made = Store(app_store), dict[str, str]()

    def put(case: Case) -> str:
        if case.name not in made:
            made[case.name] = put_cohort(store, case.cohort)
            if case.spec and case.computed:
                run_de(store, made[case.name], case.spec, n_cpus=1)
        return made[case.name]

    return put


@pytest.fixture
def visit(running_server: None, first_visit: Visit) -> Visit:
    """Open a page of a server that has seen a visitor before."""
    return first_visit


@pytest.fixture
def first_visit(caplog: pytest.LogCaptureFixture) -> Iterator[Visit]:
    """Open a page by a link; whatever the page, nothing unforeseen may have happened in the end."""
    screens: list[Screen] = []

    def go(page: str, query: dict[str, str] | None = None) -> Screen:
        app = AppTest.from_file(ROOT / "dashboard.py", default_timeout=60)
        app.query_params.update(query or {})
        if page != "overview":  # the front page has no path of its own
            app.switch_page(f"pages/{page}.py")
        screens.append(Screen(app.run()))
        return screens[-1]

    yield go
    for screen in screens:
        assert not screen.app.exception
        assert UNFORESEEN not in screen.text, caplog.text
        assert "Traceback" not in screen.text


def link(digest: str, case: Case) -> dict[str, str]:
    """Parameters of the link to a case."""
    return {"data": digest[:12], "gene": case.gene} | (case.spec.to_query() if case.spec else {})
