"""Measure the budgets: ``make bench`` prints each with what this machine makes of it.

Seconds depend on the machine and on what else it does; so every row also gives its ratio
to the budget, and the table starts with a yardstick (a fixed piece of Python work) taken
before and after, by which two runs can be compared.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, sync_playwright

from core.cohort.simulation.demo import find_demo
from core.cohort.stored import get_cohort
from core.de.spec import DEMO_ANALYSIS
from core.jobs import Jobs
from core.models.spec import ModelSpec
from core.store import Store
from pages.ui.frame.site import PLACES
from tests.browser.conftest import FLAGS, IDLE, Server
from tests.models.results import made_up_result, put_result

REPEATS = 5
VIEWERS = 5
THINKING = 5000  # milliseconds between a changed setting and the button
PAGES = {place.title: place.name if place is not PLACES[0] else "" for place in PLACES}
# From a click to the first frame after which nothing long runs.
WATCH = """
() => {
  const app = document.querySelector('[data-testid="stApp"]');
  window.bench = {clicked: performance.now(), ran: 0};
  if (window.benchWatch) window.benchWatch.disconnect();
  window.benchWatch = new MutationObserver(() => {
    if (app.getAttribute('data-test-script-state') === 'notRunning') window.bench.ran += 1;
  });
  window.benchWatch.observe(app, {attributes: true, attributeFilter: ['data-test-script-state']});
}
"""
PAINTED = """
() => new Promise(done => {
  let quiet = performance.now();
  const frame = last => requestAnimationFrame(now => {
    if (now - last > 60) quiet = now;
    if (now - quiet > 250) done(quiet - window.bench.clicked); else frame(now);
  });
  frame(performance.now());
})
"""


@dataclass
class Table:
    """The rows to print."""

    rows: list[tuple[str, str, str, str]] = field(default_factory=list)

    def add(self, what: str, measured: float, budget: float | None, unit: str) -> None:
        """Add a figure with its budget, if it has one; both in the same unit."""
        against = (f"{budget:g} {unit}", f"{measured / budget:.2f}") if budget else ("", "")
        row = (what, f"{measured:.2f} {unit}", *against)
        self.rows.append(row)
        print("  " + " | ".join(row), flush=True)

    def show(self) -> None:
        """Print all rows, aligned."""
        rows = [("what", "measured", "budget", "measured / budget"), *self.rows]
        widths = [max(len(row[i]) for row in rows) for i in range(4)]
        print()
        for row in rows:
            print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)))


def yardstick() -> float:
    """Return the seconds of a fixed piece of Python work."""
    start = time.perf_counter()
    sum(i * i % 7 for i in range(3_000_000))
    return time.perf_counter() - start


def memory(pid: int) -> float:
    """Return the resident memory of a process in MB."""
    line = next(x for x in Path(f"/proc/{pid}/status").read_text().splitlines() if x.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


@contextmanager
def served(store: Path) -> Iterator[Server]:
    """Run a dashboard on a store."""
    server = Server(store)
    server.start()
    try:
        yield server
    finally:
        server.stop()


class DrawTimes:
    """How long the server drew, from its log."""

    def __init__(self, server: Server):
        self._log = server.log
        self._read = 0

    def longest(self) -> float:
        """Return the longest drawing since the last call: a page's or, alone, that of one of its parts."""
        text = self._log.read_text()
        found = re.findall(r"drawn in ([\d.]+) s", text[self._read :])
        self._read = len(text)
        return max(map(float, found), default=0.0)


def measure(page: Page, drawn: DrawTimes, act: Callable[[], None]) -> tuple[float, float]:
    """Return the seconds the server drew after an action and those to its painted result."""
    page.evaluate(WATCH)
    drawn.longest()
    act()
    page.wait_for_function("() => window.bench.ran > 0")
    page.wait_for_selector(IDLE)
    painted = page.evaluate(PAINTED) / 1000
    return drawn.longest(), painted


def first_page(browser: Browser, store: Path, *, cold: bool) -> float:
    """Return the seconds from starting the server to a first page that can be read."""
    start = time.perf_counter()
    with served(store) as server:
        page = browser.new_page()
        page.goto(server.url)
        page.get_by_role("progressbar" if cold else "heading").first.wait_for(timeout=60_000)
        if cold:
            begun = time.perf_counter() - start
            page.locator(".trd-card").first.wait_for(timeout=600_000)
            print(f"  cold start: progress on screen after {begun:.1f} s", flush=True)
        else:
            page.locator(".trd-card").first.wait_for(timeout=60_000)
        seconds = time.perf_counter() - start
        page.close()
    return seconds


def link_to(page: Page, name: str) -> Locator:
    """Return the sidebar's link to a page."""
    return page.locator('[data-testid="stSidebar"]').get_by_role("link", name=name, exact=True)


def warm_up(page: Page, store: Path) -> None:
    """Open every page, and wait until what the visits started has ended."""
    for name in PAGES:
        link_to(page, name).click()
        page.wait_for_timeout(1000)
        page.wait_for_selector(IDLE, timeout=60_000)
        wait_for_jobs(store)


def make_up_models(store: Store) -> None:
    """Put made-up risks of the demonstration's patients in: the real evaluation takes minutes."""
    digest = find_demo(store)
    assert digest is not None
    cohort, asked = get_cohort(store, digest), DEMO_ANALYSIS
    spec = ModelSpec(asked.factor, asked.case, asked.control, centre=cohort.roles.centre)
    y = [int(group == asked.case) for group in cohort.metadata[asked.factor]]
    result = made_up_result(list(map(str, cohort.samples)), y, spec=spec, digest=digest)
    known = {name: cohort.metadata[name].astype(str).to_numpy() for name in ("centre", "sex")}
    put_result(store, replace(result, patients=result.patients.assign(**known)))


def interaction(page: Page, server: Server, table: Table) -> None:
    """Measure page switches and threshold changes on a warm server."""
    drawn, switches = DrawTimes(server), []
    for name in [*PAGES] * 3:
        switches.append((name, *measure(page, drawn, link_to(page, name).click)))
    for name in PAGES:
        warm = [row for row in switches[len(PAGES) :] if row[0] == name]
        table.add(f"to page {name}, server", statistics.median(r[1] for r in warm), 0.5, "s")
        table.add(f"to page {name}, painted", statistics.median(r[2] for r in warm), 1.5, "s")
    link_to(page, "Genes").click()
    page.get_by_role("spinbutton", name="|log2FC| from").wait_for()
    page.wait_for_timeout(2000)
    changes = []
    for value in ("0.1", "0.3", "0.2", "0.15", "0"):
        box = page.get_by_role("spinbutton", name="|log2FC| from")
        box.fill(value)
        changes.append(measure(page, drawn, lambda box=box: box.press("Enter")))
    table.add("threshold, server", statistics.median(c[0] for c in changes), 0.3, "s")
    table.add("threshold, volcano painted", statistics.median(c[1] for c in changes), 1.0, "s")


def reanalysis(page: Page, server: Server, table: Table) -> None:
    """Measure how long it takes from the button to the new result after settings were changed."""
    page.goto(f"{server.url}/genes")
    page.locator(".js-plotly-plot").first.wait_for(timeout=60_000)
    for setting, label, value in (
        ("smallest count 11, fitted anew", "Smallest count", "11"),
        ("false discovery rate 0.01, no new fit", "False discovery rate", "0.01"),
    ):
        page.get_by_text("Settings of the analysis").click()
        box = page.get_by_role("spinbutton", name=label)
        box.fill(value)
        box.press("Enter")
        button = page.get_by_role("button", name="Run analysis")
        page.get_by_text("changed, results are from before").wait_for()
        page.wait_for_timeout(THINKING)
        start = time.perf_counter()
        button.click()
        page.get_by_text("until then: the earlier analysis").wait_for()
        page.get_by_text("until then: the earlier analysis").wait_for(state="detached", timeout=120_000)
        page.wait_for_selector(IDLE)
        table.add(f"{setting}: button to result", time.perf_counter() - start, None, "s")
        wait_for_jobs(server.store)


def viewers(browser: Browser, server: Server, table: Table) -> None:
    """Measure the memory of one viewer and of each further one."""
    one = memory(server.pid)
    table.add("memory, server with one viewer", one, 600, "MB")
    contexts = []
    for _ in range(VIEWERS):
        context = browser.new_context()
        page = context.new_page()
        page.goto(f"{server.url}/genes")
        page.locator(".js-plotly-plot").first.wait_for(timeout=60_000)
        contexts.append(context)
    time.sleep(2)
    table.add("memory, each further viewer", (memory(server.pid) - one) / VIEWERS, 5, "MB")
    for context in contexts:
        context.close()


def main() -> None:
    """Measure everything and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--warm-store", type=Path, help="a store with the demonstration's result, to save time"
    )
    parser.add_argument("--screens-only", action="store_true", help="leave out the analyses")
    parser.add_argument("--no-growth", action="store_true", help="leave out how time grows")
    arguments = parser.parse_args()
    table, before = Table(), yardstick()
    os.environ["TRD_EXPLORER_LOG"] = "DEBUG"  # the server then says how long it drew
    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
            store = folder / "store"
            if arguments.warm_store:
                shutil.copytree(
                    arguments.warm_store, store, ignore=shutil.ignore_patterns("jobs", "locks", "model-folds")
                )
            else:
                table.add("first page, cold store", first_page(browser, store, cold=True), 60, "s")
                wait_for_jobs(store)
            make_up_models(Store(store))
            table.add("first page, warm store", first_page(browser, store, cold=False), 5, "s")
            with served(store) as server:
                page = browser.new_page(viewport={"width": 1400, "height": 1000})
                page.goto(server.url)
                page.locator(".trd-card").first.wait_for(timeout=60_000)
                warm_up(page, store)
                interaction(page, server, table)
                reanalysis(page, server, table)
                viewers(browser, server, table)
            browser.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if not arguments.screens_only:
        analyses(table, growth=not arguments.no_growth)
    table.show()
    print(f"\nyardstick: {before:.2f} s before, {yardstick():.2f} s after")


def analyses(table: Table, *, growth: bool) -> None:
    """Measure a comparison with shrinkage against PyDESeq2 and R, on the same counts in the same run."""
    from tests.bench_engine import report

    share = report(growth=growth)
    table.add("comparison with shrinkage, share of PyDESeq2's time", share, 0.1, "×")


def wait_for_jobs(store: Path) -> None:
    """Wait until what visits started has ended."""
    while Jobs(Store(store)).running():
        time.sleep(1)


if __name__ == "__main__":
    main()
