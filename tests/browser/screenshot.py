"""Make the picture of the README: ``make screenshot``."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.conftest import FLAGS, ROOT, Server, open_page, settle

TARGET = ROOT / "docs" / "genes.png"


def main() -> None:
    """Open the Genes page on the demonstration cohort and keep a picture of it."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = Server(Path(folder))
        server.start()
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        page = open_page(browser, size={"width": 1400, "height": 900})
        page.goto(f"{server.url}/genes")
        page.locator(".js-plotly-plot").first.wait_for(timeout=600_000)
        page.get_by_text("Being computed").wait_for(state="detached", timeout=600_000)
        settle(page)
        TARGET.parent.mkdir(exist_ok=True)
        page.screenshot(path=TARGET)
        browser.close()
        server.stop()


if __name__ == "__main__":
    main()
