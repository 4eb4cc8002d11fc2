from __future__ import annotations

import io
import json
import re
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import plotly.graph_objects as go
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page

from core.errors import InputError
from core.export.figure_file import figure_page, safe_filename
from core.figures.house.theme import finish, new_figure, plain

EVIL = "</script><script>window.hacked = true</script>"
SIZE: dict[str, Any] = {"width_mm": 85, "height_mm": 60, "font_pt": 7, "dpi": 300}


def figure(name: str = "IFIT3") -> go.Figure:
    drawn = new_figure(dark=False, x_title=plain(name), y_title="count")
    drawn.add_trace(go.Scatter(x=[1, 2, 3], y=[1, 3, 2], name=plain(name), text=[plain(name)] * 3))
    return finish(drawn, alt=f"Counts of {name}.", simulated=True, dark=False)


def page_of(name: str = "IFIT3", **changes: Any) -> str:
    options = {**SIZE, "filename": "volcano", "provenance_line": f"Simulated data · {name}", **changes}
    return figure_page(figure(name), **options)


def data_of(html: str) -> dict[str, Any]:
    found = re.search(r'id="page-data">(.*?)</script>', html, flags=re.DOTALL)
    assert found
    data: dict[str, Any] = json.loads(found[1])
    return data


def test_names_cannot_end_the_script() -> None:
    html = page_of(EVIL, filename=EVIL)
    assert "<script>window.hacked" not in html
    assert EVIL in data_of(html)["provenance"]


def test_nothing_is_fetched() -> None:
    html = page_of()
    assert not re.search(r"<(script|link|img)[^>]+(src|href)=", html.replace("<script>@", ""))


def test_text_of_the_house_style_comes_out_at_the_size_asked_for() -> None:
    drawing = data_of(page_of(width_mm=100, font_pt=8))["drawing"]
    millimetres_per_unit = 100 / drawing["width"]
    assert 13 * millimetres_per_unit / 25.4 * 72 == pytest.approx(8, rel=1e-3)


@pytest.mark.parametrize(
    "wrong", [{"width_mm": 5}, {"height_mm": 1e9}, {"font_pt": 0}, {"dpi": 5000}, {"width_mm": float("nan")}]
)
def test_impossible_sizes_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(InputError, match="is not between"):
        page_of(**wrong)


def test_all_faults_at_once_and_too_many_pixels() -> None:
    with pytest.raises(InputError) as caught:
        page_of(width_mm=1, font_pt=1)
    assert len(caught.value.faults) == 2
    with pytest.raises(InputError, match="more than a browser can draw"):
        page_of(width_mm=600, height_mm=600, dpi=1200)


@pytest.mark.parametrize(
    ("name", "safe"), [("volcano TRD/non", "volcano_TRD_non"), ("../..", "figure"), ("", "figure")]
)
def test_safe_filename(name: str, safe: str) -> None:
    assert safe_filename(name) == safe


@pytest.fixture(scope="module")
def browser_page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 400, "height": 600})
    yield page
    page.close()


def opened(page: Page, html: str) -> None:
    page.set_content(html)
    page.wait_for_selector("#save-svg:not([disabled])")


def downloaded(page: Page, button: str) -> tuple[str, bytes]:
    with page.expect_download() as download:
        page.click(f"#save-{button}")
    return download.value.suggested_filename, Path(download.value.path()).read_bytes()


@pytest.mark.browser
def test_svg_has_its_size_in_millimetres_and_its_provenance(browser_page: Page) -> None:
    opened(browser_page, page_of())
    name, data = downloaded(browser_page, "svg")
    root = ElementTree.fromstring(data)
    assert name == "volcano.svg"
    assert (root.get("width"), root.get("height")) == ("85mm", "60mm")
    _, _, width, height = map(float, root.get("viewBox", "").split())
    assert width / height == pytest.approx(85 / 60, rel=1e-3)
    texts = ["".join(element.itertext()) for element in root.iter("{http://www.w3.org/2000/svg}text")]
    assert "Simulated data" in texts
    assert "Simulated data · IFIT3" in texts


@pytest.mark.browser
def test_png_has_its_pixels_and_its_density(browser_page: Page) -> None:
    opened(browser_page, page_of())
    name, data = downloaded(browser_page, "png")
    assert name == "volcano.png"
    assert chunk(data, b"pHYs") == struct.pack(">IIB", 11811, 11811, 1)
    picture = Image.open(io.BytesIO(data))
    assert picture.size == (1004, 709)
    assert picture.info["dpi"] == pytest.approx((300, 300), abs=0.1)
    assert len(picture.convert("RGB").getcolors(maxcolors=100_000) or []) > 10


@pytest.mark.browser
def test_preview_fits_a_narrow_page_and_runs_nothing(browser_page: Page) -> None:
    opened(browser_page, page_of(EVIL, width_mm=300, height_mm=150))
    assert browser_page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert browser_page.evaluate("window.hacked === undefined")
    label = browser_page.get_attribute("#preview", "aria-label") or ""
    assert label == f"Simulated data. Counts of {EVIL}."


@pytest.mark.browser
def test_a_provenance_too_long_for_the_figure_is_said(browser_page: Page) -> None:
    browser_page.set_content(
        page_of(width_mm=25, height_mm=20, font_pt=12, provenance_line="many words " * 60)
    )
    browser_page.wait_for_selector("#fault:not([hidden])")
    assert "Make it larger" in browser_page.inner_text("#fault")


def chunk(png: bytes, kind: bytes) -> bytes:
    """Return the data of a PNG chunk whose checksum holds."""
    at = png.index(kind)
    (length,) = struct.unpack(">I", png[at - 4 : at])
    (checksum,) = struct.unpack(">I", png[at + 4 + length : at + 8 + length])
    assert checksum == zlib.crc32(png[at : at + 4 + length])
    return png[at + 4 : at + 4 + length]
