"""What a cut-off would do to a hundred patients."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from core.figures.house.theme import CASE, CONTROL, empty_figure, finish, new_figure, palette, plain, rgba
from core.figures.models.parts import hatched
from core.words import percent

NOTHING = "This model has no predictions, so nobody can be called."
MET = 100


def cutoff_figure(
    *,
    prevalence: float,
    sensitivity: float,
    specificity: float,
    groups: tuple[str, str],
    cutoff: float,
    simulated: bool = False,
    dark: bool = False,
) -> go.Figure:
    """Draw a hundred patients of a clinic: called a case or not, rightly or wrongly.

    Parameters
    ----------
    prevalence : float
        Share of cases among them.
    sensitivity, specificity : float
        At the cut-off.
    groups : tuple of str
        Names of cases and controls.
    cutoff : float
        As on screen.
    simulated, dark : bool
        Whether the data are simulated; whether the page is dark.
    """
    if sensitivity != sensitivity or specificity != specificity:
        return empty_figure(NOTHING, simulated=simulated, dark=dark)
    case, control = map(plain, groups)
    hits, alarms = MET * prevalence * sensitivity, MET * (1 - prevalence) * (1 - specificity)
    misses, spared = MET * prevalence - hits, MET * (1 - prevalence) - alarms
    n_hits, n_misses, n_alarms, n_spared = whole((hits, misses, alarms, spared))
    figure = new_figure(
        dark=dark,
        x_title=f"of {MET} patients, {percent(prevalence)} of them {case}",
        y_title="",
        height=235,
    )
    rows = (f"called {case}", "not called")
    of_cases = _bars(
        rows, (hits, misses), (n_hits, n_misses), name=f"really {case}", shade=(CASE, "/"), dark=dark
    )
    of_controls = _bars(
        rows, (alarms, spared), (n_alarms, n_spared), name=f"really {control}", shade=(CONTROL, ""), dark=dark
    )
    figure.add_traces([of_cases, of_controls])
    figure.update_layout(barmode="stack", bargap=0.25)
    figure.update_xaxes(range=[0, MET], fixedrange=True)
    # Turned round, with a free line for the mark of simulated data.
    figure.update_yaxes(range=[2.0, -0.55], fixedrange=True, ticks="", showline=False)
    alt = (
        f"Of {MET} patients, {percent(prevalence)} of them {groups[0]}, a cut-off of "
        f"{percent(cutoff)} calls {n_hits + n_alarms} {groups[0]}: {n_hits} rightly, "
        f"{n_alarms} wrongly; it misses {n_misses}."
    )
    return finish(figure, alt=alt, simulated=simulated, dark=dark, corner="bottom right")


def _bars(
    rows: tuple[str, str],
    values: tuple[float, float],
    people: tuple[int, int],
    *,
    name: str,
    shade: tuple[str, str],
    dark: bool,
) -> go.Bar:
    """Return the patients of one group, called and not called; `shade` is their colour and pattern."""
    colour, pattern = shade
    return go.Bar(
        y=rows,
        x=values,
        orientation="h",
        name=name,
        text=[str(n) if n >= 3 else "" for n in people],
        customdata=people,
        textangle=0,
        constraintext="none",
        textposition="inside",
        insidetextanchor="middle",
        textfont={"size": 12, "color": palette(dark=dark).foreground},
        hovertemplate=f"%{{customdata}} %{{y}}, {name}<extra></extra>",
        marker={
            "color": rgba(colour, 0.4),
            "line": {"color": colour, "width": 1},
            "pattern": hatched(pattern, colour, size=6),
        },
    )


def whole(parts: Sequence[float]) -> list[int]:
    """Return parts of a hundred patients as whole patients who are a hundred together.

    Rounded down, and the patients left over go to the largest remainders.
    """
    counts = [int(part) for part in parts]
    remainders = sorted(range(len(parts)), key=lambda at: counts[at] - parts[at])
    for at in remainders[: round(sum(parts)) - sum(counts)]:
        counts[at] += 1
    return counts
