"""Figures for publication: SVG and PNG at a size in millimetres, made in the reader's browser."""

from __future__ import annotations

import json
import re
from html import escape
from pathlib import Path
from typing import Any

import plotly.graph_objects as go
from plotly.offline import get_plotlyjs

from core.errors import Fault, InputError
from core.export.template import fill
from core.figures.house.theme import alt_text, palette

TEMPLATE = Path(__file__).with_name("figure_page.html")

# Fonts that journals ask for and that other people's drawing programs have.
PRINT_FONT = "Arial, Helvetica, Liberation Sans, sans-serif"
# What the house style draws text with; it becomes `font_pt`, and everything else scales with it.
BASE_PX = 13.0
PX_PER_MM, PX_PER_PT = 96 / 25.4, 96 / 72
LIMITS = {
    "width_mm": (20.0, 600.0, "millimetres"),
    "height_mm": (20.0, 600.0, "millimetres"),
    "font_pt": (4.0, 40.0, "points"),
    "dpi": (72.0, 1200.0, "dots per inch"),
}
MOST_PIXELS = 120_000_000  # beyond this browsers refuse a canvas
PROVENANCE_PX, MARGIN_PX = 9.0, 10.0


def figure_page(
    figure: go.Figure,
    *,
    width_mm: float,
    height_mm: float,
    font_pt: float,
    dpi: int,
    filename: str,
    provenance_line: str,
    dark: bool = False,
) -> str:
    """Return a web page that shows a figure and saves it as SVG and PNG at exactly this size.

    The page holds everything it needs and asks no server. The figure is scaled as a whole, so
    that points, lines and margins keep their proportion to the text.

    Parameters
    ----------
    figure : plotly.graph_objects.Figure
        In the house style; left as it is.
    width_mm, height_mm : float
        Size on paper, provenance line included.
    font_pt : float
        Size of axis titles; the other texts keep their proportion to it.
    dpi : int
        Dots per inch of the PNG.
    filename : str
        Name of the files, without ending.
    provenance_line : str
        Written under the figure; "" for none.
    dark : bool
        Whether the figure was drawn for a dark background.

    Raises
    ------
    InputError
        If a size is out of range, with every fault.
    """
    _check_sizes({"width_mm": width_mm, "height_mm": height_mm, "font_pt": font_pt, "dpi": dpi})
    pixels, colours, alt = _pixels(width_mm, height_mm, dpi), palette(dark=dark), alt_text(figure)
    data = {
        "figure": _printable(figure),
        "drawing": _drawing(width_mm, height_mm, font_pt),
        "width_mm": width_mm,
        "height_mm": height_mm,
        "pixels": pixels,
        "pixels_per_metre": round(dpi / 0.0254),
        "filename": safe_filename(filename),
        "provenance": provenance_line,
        "alt": alt,
        "paper": colours.paper,
        "muted": colours.muted,
        "font": PRINT_FONT,
    }
    return fill(
        TEMPLATE,
        {
            "TITLE": escape(safe_filename(filename)),
            "ALT": escape(alt, quote=True),
            "SIZE": f"{width_mm:g} × {height_mm:g} mm · {font_pt:g} pt · {dpi} dpi ({pixels[0]:,} × "
            f"{pixels[1]:,} pixels)",
            **{name.upper(): getattr(colours, name) for name in ("foreground", "muted", "line", "paper")},
            "PLOTLY": get_plotlyjs(),
            "DATA": _script_safe(json.dumps(data, ensure_ascii=False)),
        },
    )


def _drawing(width_mm: float, height_mm: float, font_pt: float) -> dict[str, float]:
    """Return sizes in design pixels, in which text of BASE_PX comes out at `font_pt`."""
    scale = font_pt * PX_PER_PT / BASE_PX
    return {
        "width": round(width_mm * PX_PER_MM / scale, 2),
        "height": round(height_mm * PX_PER_MM / scale, 2),
        "margin": MARGIN_PX,
        "small": PROVENANCE_PX,
    }


def safe_filename(name: str) -> str:
    """Return a name that every file system takes: letters, digits, dots, dashes, underscores."""
    return re.sub(r"[^\w.-]+", "_", name, flags=re.ASCII).strip("._") or "figure"


def _printable(figure: go.Figure) -> dict[str, Any]:
    copy = go.Figure(figure)
    copy.update_layout(font_family=PRINT_FONT, width=None, height=None)
    plain: dict[str, Any] = json.loads(copy.to_json())
    return plain


def _script_safe(text: str) -> str:
    """Return JSON that cannot end the script element it stands in."""
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def _pixels(width_mm: float, height_mm: float, dpi: float) -> tuple[int, int]:
    return round(width_mm / 25.4 * dpi), round(height_mm / 25.4 * dpi)


def _check_sizes(sizes: dict[str, float]) -> None:
    faults = [
        Fault(
            "bad-size",
            f"figure, {name.split('_')[0]}",
            f"{sizes[name]:g} is not between {low:g} and {high:g} {unit}",
            f"Give a number of {unit} from {low:g} to {high:g}",
        )
        for name, (low, high, unit) in LIMITS.items()
        if not low <= sizes[name] <= high
    ]
    if faults:
        raise InputError(faults)
    across, down = _pixels(sizes["width_mm"], sizes["height_mm"], sizes["dpi"])
    if across * down > MOST_PIXELS:
        what = f"{across:,} × {down:,} pixels are more than a browser can draw"
        mend = "Choose a smaller figure or fewer dots per inch"
        raise InputError([Fault("bad-size", "figure, dpi", what, mend)])
