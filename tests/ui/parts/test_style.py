"""HTML that pages put on screen: what a line must not part, tables, shades that are legible."""

from __future__ import annotations

import pytest

from pages.ui.parts import style


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("a cut-off of 50 % calls", "50 %"),
        ("p = 7.6 × 10⁻⁹, so", "7.6 × 10"),
        ("TRD (n = 150) and", "n = 150"),
        ("▼ −0.55 of", "▼ −0.55"),
        ("51 (34 %) of", "51 (34 %)"),
        ("+0.72 (+0.49 to +0.96)", "(+0.49 to +0.96)"),
        ("66 % (60 % to 71 %) of", "(60 % to 71 %)"),
    ],
)
def test_numbers_stay_with_what_belongs_to_them(text: str, whole: str) -> None:
    shown = style.together(text)
    assert whole.replace(" ", style.SPACE) in shown
    assert shown.replace(style.SPACE, " ") == text


def test_words_still_break() -> None:
    text = "Groups (from the first to the last) differ"
    assert style.together(text) == text


def test_a_table_escapes_and_gives_prose_room() -> None:
    made = style.table(["A", "B"], [["<b>", "x" * (style.WORDS + 1)]], hints={"B": 'why "B"'})
    assert "&lt;b&gt;" in made
    assert made.count('class="trd-words"') == 1
    assert '<abbr title="why &quot;B&quot;">B</abbr>' in made


@pytest.mark.parametrize(("dark", "ground"), [(False, "#ffffff"), (True, "#14171a")])
def test_colours_of_text_are_legible(dark: bool, ground: str) -> None:
    for shades in (style.UP_TEXT, style.DOWN_TEXT):
        assert _contrast(shades[dark], ground) >= 4.5


def _contrast(one: str, other: str) -> float:
    """Return the contrast ratio of WCAG 2."""
    low, high = sorted(map(_luminance, (one, other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [x / 12.92 if x <= 0.03928 else ((x + 0.055) / 1.055) ** 2.4 for x in parts]
    return sum(weight * x for weight, x in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_a_table_of_sentences_names_its_columns_in_every_cell():
    html = style.table(["Check", 'What "it" found'], [["size", "small " * 20]])
    assert "trd-stacked" in html
    assert 'data-name="What &quot;it&quot; found"' in html
    assert "trd-stacked" not in style.table(["Gene", "n"], [["IFIT3", "3"]])
