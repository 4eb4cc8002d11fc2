"""A real server and a real browser."""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

IDLE = '[data-testid="stApp"][data-test-script-state="notRunning"]'
ROOT = Path(__file__).resolve().parent.parent.parent
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class Server:
    """A dashboard on a free port, with a store of its own."""

    def __init__(self, store: Path):
        self.store = store
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
                cwd=ROOT,
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


def settle(page: Page, *, seconds: float = 60) -> None:
    """Wait until the server has finished the run that is on screen."""
    for _ in range(2):
        page.wait_for_selector(IDLE, timeout=1000 * seconds)
        page.wait_for_timeout(200)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    executable = shutil.which("chromium")
    if executable is None:
        pytest.fail("Chromium is not installed; `make browser` installs Debian's")
    opened = playwright.chromium.launch(executable_path=executable, args=FLAGS)
    yield opened
    opened.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    opened = browser.new_context(viewport={"width": 1400, "height": 1000}, accept_downloads=True)
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page whose last picture is kept in shots/ if the test fails."""
    opened = context.new_page()
    failed = request.session.testsfailed
    yield opened
    if request.session.testsfailed > failed:
        opened.screenshot(path=ROOT / "shots" / f"{request.node.name}.png", full_page=True)


@pytest.fixture(scope="session")
def small_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with a small simulated cohort, compared; made once however many processes test."""
    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "small-store"
    folder = shared.with_name("small-demo")
    environment = {**os.environ, "TRD_EXPLORER_STORE": str(shared), "OMP_NUM_THREADS": "1"}

    def core(*arguments: str) -> str:
        command = [sys.executable, "-m", "core", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    shared.mkdir(parents=True, exist_ok=True)
    with (shared / "made.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        if not (shared / "digest.txt").exists():
            core("demo", "--out", str(folder), "--patients", "240", "--genes", "1200")
            files = ["--counts", str(folder / "counts.csv.gz"), "--metadata", str(folder / "metadata.csv")]
            roles = ["--patient", "patient", "--centre", "centre", "--sex", "sex"]
            digest = core("add", *files, *roles, "--name", "Small cohort")
            comparison = ["--factor", "group", "--case", "TRD", "--control", "non-TRD"]
            core("de", "--dataset", digest, *comparison)
            core("de", "--dataset", digest, *comparison, "--covariates", "sex", "--shrink")
            (shared / "digest.txt").write_text(digest, encoding="utf-8")
    return shared


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
