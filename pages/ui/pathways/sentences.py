"""What the gene sets say, in sentences written from the result. Returns safe HTML."""

from __future__ import annotations

import math

import pandas as pd

from core.figures.pathways.words import set_label
from core.pathways.reading.set_view import SetView
from core.pathways.sets.blood_cells import NO_MARKER
from pages.ui.genes.sentences import adjusted
from pages.ui.parts.format import enumeration, number, p_value, percent, signed
from pages.ui.parts.style import escape
from pages.ui.pathways.results import Found

REMARKABLE = 1.5  # times as many as among all tested genes
SD = (
    '<abbr title="Standard deviations between patients of the same group, after the covariates: how far '
    'apart the groups are, in units of how much patients differ anyway.">SD</abbr>'
)
STRENGTHS = {
    "gsea": "NES, the normalised enrichment score: how strongly the genes of a set gather at one end of the "
    "ranking; random sets of the same size average 1 (or −1).",
    "ora": "How many times as many significant genes the set holds as expected by chance.",
    "camera": "How far the average gene of the set is shifted against all other genes, in standard errors of "
    "a gene.",
    "ssgsea": "How far apart the groups' average scores are, in standard deviations between patients of one "
    "group (SD), with the 95 % interval.",
    "gsva": "How far apart the groups' average scores are, in standard deviations between patients of one "
    "group (SD), with the 95 % interval.",
}
ARROWS = {"up": "▲", "down": "▼", "unclear": "◆"}


def answer(found: Found) -> str:
    """Say how many sets differ, how many of them hold, and which themes are strongest."""
    run, spec = found.result.run, found.result.spec
    case, control = map(escape, found.contrast)
    if not run.n_significant:
        return (
            f"None of {number(run.n_sets)} gene sets differs between {case} and {control} at a false "
            f"discovery rate of {percent(spec.set_alpha)}. That does not prove that none does: small shifts "
            f"of few genes stay unseen. {_themes(found)}"
        )
    differ = f"differ between {case} and {control}"
    what = f"hold more of the genes that {differ} than expected" if spec.test == "ora" else differ
    return (
        f"<b>{number(run.n_significant)}</b> of {number(run.n_sets)} gene sets "
        f"({percent(run.n_significant / run.n_sets)}) {what}, at a false discovery rate of "
        f"{percent(spec.set_alpha)}. {_held(found)} {_themes(found)}"
    )


def is_checked(found: Found) -> bool:
    """Return whether the correlation-aware check could be made."""
    return bool(found.result.table["check_pvalue"].notna().any())


def _held(found: Found) -> str:
    run = found.result.run
    if not is_checked(found):
        return escape(run.check)
    held = run.n_significant - run.n_flagged
    if found.result.sample_scores is not None:
        return escape(run.check)
    if not run.n_flagged:
        return f'All of them hold under the <abbr title="{escape(run.check)}">correlation-aware check</abbr>.'
    return (
        f'<b>{number(held)}</b> of them hold under the <abbr title="{escape(run.check)}">correlation-aware '
        f"check</abbr>; {number(run.n_flagged)} may be there only because their genes move together."
    )


def _themes(found: Found) -> str:
    themes = whole_themes(found)
    known = themes[themes["difference"].notna()]
    if known.empty:
        return ""
    clear = known[known["direction"] != "unclear"]
    clear = clear.reindex(clear["difference"].abs().sort_values(ascending=False, kind="stable").index)
    parts = [f"{escape(row['theme'])} {direction_words(found, row)}" for _, row in clear.iterrows()]
    unclear = [escape(name) for name in known.loc[known["direction"] == "unclear", "theme"]]
    sentence = f"By theme: {'; '.join(parts)}." if parts else ""
    if unclear:
        sentence += f" {enumeration(unclear)}: no clear direction."
    return sentence.strip()


def whole_themes(found: Found) -> pd.DataFrame:
    """Return the rows of the themes as a whole, in the order of the theme file."""
    themes = found.result.themes
    return themes[themes["sub_theme"] == ""]


def direction_words(found: Found, row: pd.Series) -> str:
    """Say where a theme is higher, and how sure that is: HTML."""
    case = escape(found.contrast[0])
    words = {"up": f"higher in {case}", "down": f"lower in {case}", "unclear": "no clear direction"}
    return f"{words[str(row['direction'])]} ({interval(row)})"


def interval(row: pd.Series) -> str:
    """Return a theme's strength with its interval."""
    if math.isnan(row["difference"]):
        return "strength not known: the counts are not at hand"
    return (
        f"{signed(row['difference'])}&nbsp;{SD}, 95&nbsp;% interval {signed(row['lower'])} to "
        f"{signed(row['upper'])}"
    )


def theme_answer(found: Found, row: pd.Series, counts: str) -> str:
    """Say what one theme, or a part of it, does; `counts` is safe HTML."""
    name = f"{row['theme']}, {row['sub_theme']}" if row["sub_theme"] else str(row["theme"])
    sentence = f"<b>{direction_words(found, row)}</b>, {counts}{adjusted(found.shown.result.spec)}"
    return f"<b>{escape(name)}</b>: {sentence}."


def set_answer(found: Found, row: int, view: SetView) -> str:
    """Say what one set does, as a clinician would read it."""
    table = found.result.table.iloc[row]
    case = escape(found.contrast[0])
    name = f"<b>{escape(set_label(table['set']))}</b>"
    side = {"up": f"higher in {case}", "down": f"lower in {case}", "both": "over-represented"}
    sentence = side[str(table["direction"])] if table["significant"] else "not distinguishable from chance"
    effect = view.effect
    patients = (
        f" The score of the set in patients is {signed(effect['standardised'])}&nbsp;{SD} apart (95&nbsp;% "
        f"interval {signed(effect['standardised_lower'])} to {signed(effect['standardised_upper'])})"
    )
    # Where the test itself scores patients, it has been said.
    scored = "" if view.scored_by == "zscore" else "Patients' scores were compared between the groups"
    return (
        f"{name}: <b>{sentence}</b> ({strength_words(found, table)}, adjusted p&nbsp;=&nbsp;"
        f"{p_html(table['padj'])}). {check_words(found, table)} {scored or patients}"
        f"{adjusted(found.shown.result.spec)}."
    )


def strength_words(found: Found, row: pd.Series) -> str:
    """Return how strong a set is, in the terms of its test."""
    test = found.result.spec.test
    if test == "gsea":
        return f'<abbr title="{escape(STRENGTHS[test])}">NES</abbr> {signed(row["nes"])}'
    if test in ("ssgsea", "gsva"):
        return f"score {interval(row)}"
    if test == "camera":
        return (
            f'<abbr title="{escape(STRENGTHS[test])}">mean shift</abbr> of its genes {signed(row["shift"])}'
        )
    return (
        f"{int(row['overlap'])} of its {int(row['size'])} genes significant, {row['expected']:.1f} expected"
    )


def check_words(found: Found, row: pd.Series) -> str:
    """Say whether a set holds when the correlation of its genes is allowed for."""
    if not is_checked(found):
        return "Not checked for correlation between its genes."
    p = f"adjusted p&nbsp;=&nbsp;{p_html(row['check_padj'])}"
    if row["flag"]:
        return (
            f"<b>Flag: {escape(row['flag'])}.</b> The correlation-aware check does not confirm it ({p}), so "
            "the p-value may only reflect that its genes rise and fall together."
        )
    if row["significant"] and row["check_padj"] < found.result.spec.set_alpha:
        return f"It holds under the correlation-aware check ({p})."
    return f"Correlation-aware check: {p}."


def cells_words(cells: pd.DataFrame, *, most: int = 3) -> str:
    """Say of which blood cells the carrying genes are typical: HTML."""
    none = cells[cells["cell"] == NO_MARKER]
    if none.empty or not cells["n_genes"].any():
        return "No gene carries it."
    known = cells[(cells["cell"] != NO_MARKER) & (cells["n_genes"] > 1)]
    above = known[known["share"] > REMARKABLE * known["share_tested"]].head(most)
    parts = [
        f"{escape(_cell(name))} ({number(n)})"
        for name, n in above[["cell", "n_genes"]].itertuples(index=False)
    ]
    share, n_none = float(none["share"].iloc[0]), int(none["n_genes"].iloc[0])
    rest = f"{number(n_none)} ({percent(share)}) are markers of no cell type"
    return f"{enumeration(parts)}; {rest}" if parts else f"no cell type in particular; {rest}"


def _cell(name: str) -> str:
    """Return a cell type within a sentence: "neutrophils", but "T cells"."""
    return name[0].lower() + name[1:] if name[1:2].islower() else name


def p_html(p: float) -> str:
    """Return a p-value that does not break over a line."""
    return p_value(p).replace(" ", "&nbsp;")


def interval_short(row: pd.Series) -> str:
    """Return a strength with its interval for a narrow column, without its unit."""
    if math.isnan(row["difference"]):
        return "–"
    return f"{signed(row['difference'])} ({signed(row['lower'])} to {signed(row['upper'])})"
