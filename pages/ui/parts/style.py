"""The little styling that the theme cannot express."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import plotly.graph_objects as go
import streamlit as st

CHART = {"displaylogo": False, "modeBarButtonsToRemove": ["toImage", "autoScale2d", "zoomIn2d", "zoomOut2d"]}
CSS = """
<style>
[data-testid="stSidebarHeader"]::before {content: "TRD Explorer"; font-weight: 650; font-size: 1.05rem;
  align-self: center}
.block-container {padding: 3.8rem 2.4rem 2rem 2.4rem; max-width: 1500px}
.trd-cards {display: grid; grid-template-columns: repeat(auto-fit, minmax(16rem, 1fr)); gap: 1rem}
h1 {letter-spacing: -0.01em; padding-bottom: 0.2rem !important}
.trd-band {border-left: 4px solid #b88600; background: color-mix(in srgb, #b88600 12%, transparent);
  padding: 0.35rem 0.8rem; font-size: 0.9rem; margin-bottom: 0.4rem}
.trd-answer {font-size: 1.12rem; line-height: 1.5; max-width: 62rem; margin: 0.35rem 0 0.6rem 0}
.trd-contrast {display: flex; flex-direction: column; line-height: 1.35}
.trd-label {font-size: 0.85rem; opacity: 0.8}
.trd-small {font-size: 0.82rem; opacity: 0.75}
.trd-card {border: 1px solid color-mix(in srgb, currentColor 18%, transparent); border-radius: 6px;
  padding: 0.9rem 1.1rem}
.trd-card h3 {margin: 0; padding: 0; font-size: 0.95rem; font-weight: 600; opacity: 0.8}
.trd-figure {font-size: 2rem; font-weight: 600; line-height: 1.2; font-variant-numeric: tabular-nums}
.trd-biology {font-size: 0.9rem; line-height: 1.3; border-collapse: collapse; width: 100%}
.trd-biology th, .trd-biology td {display: block; text-align: left; padding: 0; border: none}
.trd-biology th {font-weight: 400; padding-top: 0.25rem} .trd-biology td {font-weight: 600}
.trd-provenance {font-size: 0.78rem; opacity: 0.75; overflow-wrap: anywhere;
  border-top: 1px solid color-mix(in srgb, currentColor 18%, transparent); padding-top: 0.5rem}
.trd-theme {line-height: 1.45} .trd-theme h3 {margin: 0; padding: 0; font-size: 1.02rem; font-weight: 600}
.trd-theme .trd-figure {font-size: 1.35rem} .trd-gap {margin-top: 0.6rem}
.trd-note {border-left: 4px solid #b88600; padding: 0.2rem 0.7rem; font-size: 0.85rem; margin-top: 0.6rem;
  background: color-mix(in srgb, #b88600 10%, transparent)}
[class*='st-key-stale'] {opacity: 0.45}
table, [data-testid="stMetricValue"] {font-variant-numeric: tabular-nums}
.trd-scroll {overflow-x: auto}
.trd-table {border-collapse: collapse; width: 100%; font-size: 0.9rem}
.trd-table th, .trd-table td {text-align: left; vertical-align: top; padding: 0.35rem 0.8rem 0.35rem 0;
  border: none; border-bottom: 1px solid color-mix(in srgb, currentColor 15%, transparent)}
.trd-table th {font-weight: 600} .trd-table td.trd-words {min-width: 10rem}
.trd-facts {border-collapse: collapse; width: 100%; font-size: 0.92rem}
.trd-facts th, .trd-facts td {text-align: left; vertical-align: top; padding: 0.28rem 0.5rem 0.28rem 0;
  border: none; border-bottom: 1px solid color-mix(in srgb, currentColor 12%, transparent)}
.trd-facts th {font-weight: 500; opacity: 0.75; white-space: nowrap; width: 1%; padding-right: 1rem}
[data-testid="stSidebar"] hr {margin: 0.6rem 0}
.st-key-menu a {padding-top: 0.1rem; padding-bottom: 0.1rem} [class*='st-key-dimmed'] {opacity: 0.5}
[data-testid="stSelectbox"] input {text-overflow: ellipsis}
[data-testid="stCaptionContainer"] {opacity: 0.8}
[data-testid="stFileUploaderDropzoneInstructions"] * {white-space: normal}
[data-testid="stButtonGroup"] button[data-selected="true"] {color: inherit !important}
[data-testid="stCheckbox"] p {white-space: normal}
[data-testid="stSliderThumbValue"] {color: inherit}
@media (max-width: 640px) {.block-container {padding-left: 0.9rem; padding-right: 0.9rem}
  [data-testid="stMain"] {overflow-x: hidden} .trd-table td.trd-words {min-width: 14rem}
  .trd-stacked, .trd-stacked tbody, .trd-stacked tr, .trd-stacked td {display: block}
  .trd-stacked tr:first-child, .trd-stacked td:empty {display: none}
  .trd-stacked tr {padding: 0.45rem 0;
    border-bottom: 1px solid color-mix(in srgb, currentColor 15%, transparent)}
  .trd-table.trd-stacked td {border: none; padding: 0.1rem 0; min-width: 0}
  .trd-stacked td:not(:first-child):not([data-name=""])::before {
    content: attr(data-name) ": "; opacity: 0.7}
  [data-testid="stButtonGroup"] [role="radiogroup"] {flex-wrap: wrap; overflow: visible}
  h1 {font-size: 1.35rem !important} .trd-figure {font-size: 1.5rem} .trd-answer {font-size: 1rem}}
</style>
"""
# The figures' two colours of direction, darker on white and lighter on black: small text needs a contrast
# of 4.5 with its ground, which a mark in a figure does not.
UP_TEXT = {False: "#B84F00", True: "#F28C3A"}
DOWN_TEXT = {False: "#0072B2", True: "#5BB0E8"}


def apply() -> None:
    """Put the style sheet into the page."""
    up, down = UP_TEXT[dark()], DOWN_TEXT[dark()]
    ground = st.get_option(f"theme.{'dark' if dark() else 'light'}.backgroundColor")
    st.html(
        f"{CSS}<style>.trd-up {{color: {up}}} .trd-down {{color: {down}}}"
        "@media (max-width: 640px) {.trd-table:not(.trd-stacked) :is(th, td):first-child "
        f"{{position: sticky; left: 0; background: {ground}}}}}</style>"
    )


def dark() -> bool:
    """Return whether the viewer's theme is dark."""
    return st.context.theme.type == "dark"


SPACE = "\u00a0"
# What a line must not part: a number and its percent sign, its power of ten or its arrow; the number of
# patients; a whole interval in brackets.
JOINED = re.compile(
    r"\d %|\d × 10|\b[np] = |[▲▼◆] (?=[\d+−–])|[\d,]+ \(\d+ %\)"
    r"|\([+−]?[\d.,]+(?: %)? to [+−]?[\d.,]+(?: %)?\)"
)


def together(text: str) -> str:
    """Return text whose numbers stay on one line with what belongs to them."""
    return JOINED.sub(lambda found: found[0].replace(" ", SPACE), text)


def escape(text: object) -> str:
    """Return text from outside, harmless inside HTML."""
    return html.escape(str(text))


def answer(sentence: str) -> None:
    """Write the sentence under the title that answers it; `sentence` is trusted HTML."""
    st.html(f'<p class="trd-answer">{together(sentence)}</p>')


@dataclass(frozen=True)
class Card:
    """A title, one figure, what it is, and what stands against it; all trusted HTML."""

    title: str
    figure: str
    caption: str
    but: str

    def html(self) -> str:
        """Return the card as HTML."""
        return together(
            f'<div class="trd-card"><h3>{self.title}</h3><div class="trd-figure">{self.figure}</div>'
            f'<div>{self.caption}</div><div class="trd-small" style="margin-top:.5rem">{self.but}</div></div>'
        )


def cards(*shown: Card) -> None:
    """Draw cards of equal height side by side, below each other where there is no room."""
    st.html(f'<div class="trd-cards">{"".join(card.html() for card in shown)}</div>')


def alt(figure: go.Figure) -> str:
    """Return the text alternative that a figure carries."""
    return str((figure.layout.meta or {}).get("alt", ""))


def facts(pairs: dict[str, str]) -> str:
    """Return a list of facts as an HTML table; values are escaped."""
    rows = "".join(f"<tr><th>{escape(k)}</th><td>{together(escape(v))}</td></tr>" for k, v in pairs.items())
    return f'<table class="trd-facts">{rows}</table>'


SHORT = 16
"""A name of so many characters stays on one line."""


def unbroken(name: str) -> str:
    """Return a short name that a narrow column does not break."""
    return name.replace(" ", SPACE) if len(name) <= SHORT else name


WORDS = 40
"""A cell with more characters than this is prose, and is not squeezed to one word a line."""
SENTENCE = 60
"""A cell with more characters than this is too long for a column on a phone."""


def table(header: list[str], rows: list[list[str]], *, hints: dict[str, str] | None = None) -> str:
    """Return a small table whose text wraps, as HTML; everything is escaped.

    `hints` explains columns, by their name in the header, to whoever points at them.
    """
    return table_of_html(
        [heading(name, (hints or {}).get(name, "")) for name in header],
        [[escape(cell) for cell in row] for row in rows],
    )


def columns(shown: Mapping[str, Iterable[object]]) -> str:
    """Return such a table from its columns, by their names in the header."""
    return table(list(shown), [list(map(str, row)) for row in zip(*shown.values(), strict=True)])


def heading(name: str, hint: str = "") -> str:
    """Return a column's name as HTML, explained to whoever points at it."""
    return f'<abbr title="{escape(hint)}">{escape(name)}</abbr>' if hint else escape(name)


def table_of_html(header: list[str], rows: list[list[str]], *, stacked: bool = False) -> str:
    """Return a small table whose cells are trusted HTML; it scrolls by itself where it is too wide.

    One that holds sentences, or is `stacked`, is read from top to bottom on a phone, each cell with its
    column's name.
    """
    head = "".join(f"<th>{together(cell)}</th>" for cell in header)
    names = [_shown(name) for name in header]
    cells = ([_cell(*cell) for cell in zip(row, names, strict=True)] for row in rows)
    body = "".join(f"<tr>{''.join(row)}</tr>" for row in cells)
    stacked = stacked or any(len(_shown(cell)) > SENTENCE for row in rows for cell in row)
    kind = "trd-table trd-stacked" if stacked else "trd-table"
    return f'<div class="trd-scroll"><table class="{kind}"><tr>{head}</tr>{body}</table></div>'


def _cell(content: str, name: str) -> str:
    kind = ' class="trd-words"' if len(_shown(content)) > WORDS else ""
    return f'<td data-name="{name}"{kind}>{together(content)}</td>'


def _shown(content: str) -> str:
    return re.sub("<[^>]*>", "", content).replace('"', "&quot;")
