"""A real server and a real browser."""

from __future__ import annotations

import fcntl
import inspect
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from core.jobs import Jobs
from core.store import Store
from tests.conftest import FLAGS, ROOT

__all__ = ["FLAGS", "ROOT"]
GROUPS = ("--factor", "group", "--case", "TRD", "--control", "non-TRD")
SCREEN: ViewportSize = {"width": 1400, "height": 1000}
TELEPHONE: ViewportSize = {"width": 390, "height": 844}
IDLE = '[data-testid="stApp"][data-test-script-state="notRunning"]'
UNFINISHED = '[data-testid^="stSkeleton"], [data-testid="stAppSkeleton"]'
expect.set_options(timeout=60_000)  # a machine may be busy with other tests


Visit = Callable[[], Page]
"""Opens a page of a new visitor."""


class Server:
    """A dashboard on a free port, with a store of its own, of this tree or of a copy."""

    def __init__(self, store: Path, root: Path = ROOT):
        self.store, self.root = store, root
        self.port = _free_port()
        self.log = store / "server.log"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def start(self) -> None:
        self.store.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "streamlit", "run", "dashboard.py", "--server.port", str(self.port)],
                cwd=self.root,
                env={**os.environ, "TRD_EXPLORER_STORE": str(self.store)},
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
            )
        for _ in range(300):
            if self._answers():
                return
            time.sleep(0.1)
        pytest.fail(f"the server did not start: {self.log.read_text()}")

    def stop(self) -> None:
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=1) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        return int(probe.getsockname()[1])


# What happens in a page, noted as it happens: asked of and heard from the server, changed in the document.
WITNESS = """(() => {
  const seen = window.witnessed = {asked: 0, heard: 0, changed: 0};
  const note = what => { seen[what] = performance.now(); };
  window.WebSocket = class extends window.WebSocket {
    constructor(...given) { super(...given); this.addEventListener("message", () => note("heard")); }
    send(message) { note("asked"); super.send(message); }
  };
  const everything = {subtree: true, childList: true, attributes: true, characterData: true};
  new MutationObserver(() => note("changed")).observe(document, everything);
})();"""
# Looks are counted, not milliseconds: a browser that is too busy to look is not calm.
CALM = """([idle, part, looks, call]) => {
  const seen = window.witnessed, now = performance.now();
  const unanswered = seen.asked > seen.heard && now - seen.asked < 5000;
  const changing = now - seen.changed < 100;
  const ready = document.querySelector(idle) && !document.querySelector(part);
  if (window.settling?.call !== call || unanswered || changing || !ready) window.settling = {call, looks: 0};
  return ++window.settling.looks > looks;
}"""

# The server's messages reach this page two seconds late.
SLOW_LINE = """(() => {
  const listen = WebSocket.prototype.addEventListener;
  const late = heard => function (event) { setTimeout(() => heard.call(this, event), 2000); };
  WebSocket.prototype.addEventListener = function (what, heard, ...more) {
    return listen.call(this, what, what === "message" ? late(heard) : heard, ...more);
  };
  const slot = Object.getOwnPropertyDescriptor(WebSocket.prototype, "onmessage");
  Object.defineProperty(WebSocket.prototype, "onmessage", {
    ...slot, set(heard) { slot.set.call(this, heard && late(heard)); },
  });
})();"""


def open_page(browser: Browser, *, size: ViewportSize = SCREEN) -> Page:
    """Return a page of a new visitor, which `settle` can wait for."""
    context = browser.new_context(viewport=size, accept_downloads=True, reduced_motion="reduce")
    context.add_init_script(WITNESS)
    return context.new_page()


def settle(page: Page, *, seconds: float = 120) -> None:
    """Wait until nothing is asked of the server, drawn or loaded for about half a second."""
    asked = [IDLE, UNFINISHED, 8, time.monotonic()]
    page.wait_for_function(CALM, arg=asked, polling=50, timeout=1000 * seconds)


def eventually(page: Page, what: Callable[[], bool], *, seconds: float = 60) -> None:
    """Wait until this holds; what is read off a page is read again while the page changes."""
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, f"{inspect.getsource(what).strip()} at {page.url}"
        page.wait_for_timeout(100)


def tell(pages: list[Page], request: pytest.FixtureRequest) -> None:
    """After a failure, print and picture (in shots/) what pages show."""
    for number, page in enumerate(pages):
        print(f"{page.url} shows:\n{page.locator('body').aria_snapshot()}")
        page.screenshot(path=ROOT / "shots" / f"{request.node.name}-{number}.png", full_page=True)


@pytest.fixture
def visit(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """Open pages of visitors of their own, who have nothing from before."""
    pages: list[Page] = []

    def opened() -> Page:
        pages.append(open_page(browser))
        return pages[-1]

    failed = request.session.testsfailed
    yield opened
    if request.session.testsfailed > failed:
        tell(pages, request)
    for page in pages:
        page.context.close()


@pytest.fixture(scope="session")
def tabs(browser: Browser) -> Iterator[list[Page]]:
    """The one tab in which a visitor goes from test to test: a new one loads for longer than a test takes."""
    kept: list[Page] = []
    yield kept
    for page in kept:
        page.context.close()


@pytest.fixture
def page(browser: Browser, tabs: list[Page], request: pytest.FixtureRequest) -> Iterator[Page]:
    """A visitor's page, the same for many tests; scripts and listeners of one test belong to a `visit`."""
    if not tabs:
        tabs.append(open_page(browser))
    page = tabs[0]
    page.set_viewport_size(SCREEN)
    page.context.clear_cookies()
    failed = request.session.testsfailed
    yield page
    if request.session.testsfailed > failed:
        tell([tabs.pop()], request)
        page.context.close()
    else:
        page.evaluate("localStorage.clear()")
        page.goto("about:blank")  # the server need not go on drawing what nobody looks at


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """Return a folder that all testing processes share, filled by whoever comes first."""
    base = factory.getbasetemp()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / name
    shared.mkdir(parents=True, exist_ok=True)
    with shared.with_suffix(".lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        if not (done := shared.with_suffix(".made")).exists():
            make(shared)
            done.touch()
    return shared


def core(store: Path, *arguments: str) -> str:
    """Run a command of the product on a store, and return what it prints."""
    environment = {**os.environ, "TRD_EXPLORER_STORE": str(store), "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "core", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def _small_cohort(store: Path) -> None:
    folder = store.with_name("small-demo")
    core(store, "demo", "--out", str(folder), "--patients", "240", "--genes", "1200")
    files = ["--counts", str(folder / "counts.csv.gz"), "--metadata", str(folder / "metadata.csv")]
    roles = ["--patient", "patient", "--centre", "centre", "--sex", "sex"]
    digest = core(store, "add", *files, *roles, "--name", "Small cohort")
    core(store, "de", "--dataset", digest, *GROUPS)
    core(store, "de", "--dataset", digest, *GROUPS, "--covariates", "sex", "--shrink")
    (store / "digest.txt").write_text(digest, encoding="utf-8")


@pytest.fixture(scope="session")
def small_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with a small simulated cohort, compared; made once however many processes test."""
    return made_once(tmp_path_factory, "small-store", _small_cohort)


@pytest.fixture(scope="session")
def small_digest(small_store: Path) -> str:
    return (small_store / "digest.txt").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def server(small_store: Path) -> Iterator[Server]:
    """A dashboard on the small store."""
    running = Server(small_store)
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def crude(small_digest: str) -> str:
    """The query of the comparison without covariates."""
    return f"?data={small_digest[:12]}&factor=group&case=TRD&control=non-TRD"


@pytest.fixture
def work_of_others(small_store: Path) -> Iterator[str]:
    """The title of a job that somebody else has started and that does not end."""
    key, title = "work-of-others", "Work of somebody else"
    jobs = Jobs(Store(small_store))
    jobs.start(key, title=title, request={"arguments": ["demo", "--out", str(small_store / "of-others")]})
    pid = json.loads((jobs.folder(key) / "job.json").read_text(encoding="utf-8"))["pid"]
    os.killpg(pid, signal.SIGSTOP)
    yield title
    os.killpg(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    jobs.state(key)
    jobs.dismiss(key)
