"""The samples one by one: quality, principal components, and which to leave out."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
import streamlit as st

from core.analysis import Made
from core.cohort.model import Cohort
from core.cohort.samples.balance import describable
from core.cohort.samples.exclusion import REASONS, exclusion, left_out
from core.cohort.samples.profile import Profile, ProfileSpec
from core.cohort.samples.quality import patient_column, repeated_patients
from core.de.design.build import as_text
from core.de.spec import DESpec
from core.export.provenance import Provenance
from core.figures.cohort.samples import Axes, sample_points
from core.figures.house.grid import correlation_map, share_grid
from pages.ui.cohort.comparison import MEASURES, GroupComparison, explained_shares
from pages.ui.frame import problems, state
from pages.ui.genes import settings as gene_settings
from pages.ui.parts import charts, style, tables
from pages.ui.parts.format import number, percent, plain, plural

COMPONENTS = ("1-2", "1-3", "2-3", "3-4")


def draw(comparison: GroupComparison, made: Made[ProfileSpec, Profile], provenance: Provenance) -> None:
    """Draw the samples of a data set."""
    digest, cohort, spec = comparison.digest, comparison.cohort, comparison.spec
    profile = made.result
    st.subheader("Which samples deserve a second look?")
    _flagged(digest, cohort, spec, profile)
    left, right = st.columns([11, 10], gap="medium")
    with left:
        st.subheader("What do samples differ in most?")
        _components(cohort, spec, profile, provenance)
    with right:
        st.subheader("What goes with it?")
        _explained(cohort, made)
    label = "Depth, detected genes, sex and sample correlation"
    quality = state.bound("quality", st.expander, label, icon=":material/fact_check:")
    if quality.open:  # four pictures that few visitors ask for
        with quality:
            _quality(cohort, spec, profile)
    _downloads(profile, provenance)


def flags_of(profile: Profile) -> dict[str, list[str]]:
    """Return the reasons for which each sample deserves a second look."""
    flags: dict[str, list[str]] = {}
    for notice in profile.notices:
        for sample in notice.samples:
            flags.setdefault(sample, []).append(notice.code)
    return flags


def _flagged(digest: str, cohort: Cohort, spec: DESpec, profile: Profile) -> None:
    for notice in profile.notices:
        st.warning(plain(notice.message), icon=":material/warning:")
    if not profile.notices:
        st.success(
            "None: no sample is shallow, full of haemoglobin, unlike all others, twice there, of another sex "
            "than recorded, or of a patient who has another.",
            icon=":material/check:",
        )
    _repeats(digest, cohort, spec)
    reasons = dict(left_out(map(str, cohort.samples), spec.exclude))
    flags = flags_of(profile)
    offered = [*flags, *(sample for sample in reasons if sample not in flags)]
    with st.form("cohort.exclusion", border=bool(offered)):
        ticked = {}
        for sample in offered:
            codes = dict.fromkeys(flags.get(sample, [reasons.get(sample, "chosen")]))
            why = ", ".join(REASONS.get(code, code) for code in codes)
            ticked[sample] = st.checkbox(
                f"Leave out **{plain(sample)}** · {plain(why)}", sample in reasons, key=f"cohort.out.{sample}"
            )
        others = st.multiselect(
            "Leave out other samples",
            [sample for sample in map(str, cohort.samples) if sample not in ticked],
            key="cohort.others",
            placeholder="choose samples by name",
        )
        pressed = st.form_submit_button("Compare without the ticked samples", type="primary")
    st.caption(
        "Reasons and a code for each sample, never its name, go into the link and the provenance line."
    )
    if pressed:
        chosen = [sample for sample, is_out in ticked.items() if is_out]
        exclude = _exclusions(cohort, [*chosen, *others], flags, reasons)
        gene_settings.compare_instead(digest, spec, exclude=exclude)


def _repeats(digest: str, cohort: Cohort, spec: DESpec) -> None:
    """Show who is there more than once, and offer to keep one sample of each."""
    repeats = repeated_patients(cohort)
    if repeats.empty:
        return
    groups = as_text(cohort.metadata[spec.factor]).fillna("not recorded")
    with st.expander("Patients with several samples", icon=":material/content_copy:"):
        rows = [
            [str(patient), ", ".join(f"{sample} ({groups[sample]})" for sample in part.index)]
            for patient, part in repeats.groupby("patient", sort=True)
        ]
        st.html(style.table([str(patient_column(cohort)), "Samples"], rows))
    names = list(map(str, cohort.samples))
    later = {exclusion(names, str(s), reason="repeated-patient") for s in repeats.index[~repeats["is_first"]]}
    if later <= set(spec.exclude):
        return
    if st.button("Keep one sample of each patient", key="cohort.one_each", help="The first by name."):
        gene_settings.compare_instead(digest, spec, exclude=tuple(sorted({*spec.exclude, *later})))


def _exclusions(
    cohort: Cohort, samples: Iterable[str], flags: dict[str, list[str]], reasons: dict[str, str]
) -> tuple[str, ...]:
    names = list(map(str, cohort.samples))
    found = {}
    for sample in samples:
        why = reasons.get(sample) or flags.get(sample, ["chosen"])[0]
        found[sample] = exclusion(names, sample, reason=why if why in REASONS else "chosen")
    return tuple(sorted(found.values()))


@problems.fragment
def _components(cohort: Cohort, spec: DESpec, profile: Profile, provenance: Provenance) -> None:
    options = [spec.factor, *(c for c in colours(cohort, profile) if c != spec.factor)]
    left, right = st.columns(2)
    with left:
        picked = state.choice("colour", "Colour", options, widget=st.selectbox)
    with right:
        pcs = state.choice("pcs", "Components", COMPONENTS)
    first, second = (int(part) - 1 for part in pcs.split("-"))
    scores = profile.components
    if max(first, second) >= scores.shape[1]:
        first, second = 0, min(1, scores.shape[1] - 1)
    points = _points(scores.iloc[:, first], scores.iloc[:, second], cohort, profile, colour=picked)
    x, y = (f"PC{i + 1}, {percent(profile.shares[i])} of the variance" for i in (first, second))
    figure = sample_points(
        points,
        axes=Axes(x, y),
        colour=picked,
        groups=(spec.case, spec.control) if picked == spec.factor else None,
        **charts.look(cohort),
    )
    charts.offer(figure, "cohort.pca", "principal_components", provenance)


def colours(cohort: Cohort, profile: Profile) -> list[str]:
    """Return what samples can be coloured by: metadata, quality and cell scores."""
    return [
        *describable(cohort.metadata, without=[cohort.roles.patient or ""]),
        *(name for name in MEASURES if name in profile.samples),
        *(f"score:{cell}" for cell in profile.scores),
    ]


def _points(x: pd.Series, y: pd.Series, cohort: Cohort, profile: Profile, *, colour: str) -> pd.DataFrame:
    known = cohort.metadata if colour in cohort.metadata else profile.samples
    values = known[colour]
    if not (pd.api.types.is_numeric_dtype(values) and values.nunique() > 2):
        values = as_text(values)
    flags = {sample: ", ".join(reasons) for sample, reasons in flags_of(profile).items()}
    flag = [flags.get(str(sample), "") for sample in x.index]
    return pd.DataFrame({"x": x, "y": y, "colour": values, "flag": flag}, index=x.index)


def _explained(cohort: Cohort, made: Made[ProfileSpec, Profile]) -> None:
    profile = made.result
    shares, marked = explained_shares(made.at.digest, made.spec)
    columns = [f"PC{i + 1}<br>{percent(profile.shares[i])}" for i in range(shares.shape[1])]
    n = len(profile.samples)
    figure = share_grid(
        shares.set_axis(columns, axis=1),
        x_title="principal component<br>(share of all variance)",
        what="Share of each principal component that a characteristic explains",
        marked=marked,
        **charts.look(cohort),
    )
    charts.show(figure, "cohort.explained")
    st.caption(
        f"Percent of a component's variance that a characteristic explains, over {plural(n, 'sample')} and "
        f"{number(profile.n_genes)} genes; * p < 0.05 after Bonferroni."
    )


def _quality(cohort: Cohort, spec: DESpec, profile: Profile) -> None:
    colour = spec.factor
    groups = (spec.case, spec.control)
    samples = profile.samples
    left, right = st.columns(2, gap="medium")
    with left:
        for key, y in {"depth": "detected", "globin": "globin_share"}.items():
            points = _points(samples["library_size"], samples[y], cohort, profile, colour=colour)
            axes = Axes("reads, log scale", MEASURES[y], log_x=True)
            _figure(points, axes, colour, groups, cohort, key=key)
    with right:
        if "xist_cpm" in samples:
            sex = cohort.roles.sex or "molecular"
            points = _points(samples["xist_cpm"] + 0.1, samples["y_cpm"] + 0.1, cohort, profile, colour=sex)
            axes = Axes(
                "XIST, counts per million + 0.1, log scale",
                "Y genes, counts per million + 0.1",
                log_x=True,
                log_y=True,
            )
            _figure(points, axes, sex, None, cohort, key="sex")
        else:
            st.info("The sex of samples cannot be checked: the counts have neither XIST nor Y genes.")
        order = _order(cohort, spec)
        figure = correlation_map(
            np.asarray(profile.correlation)[np.ix_(order, order)],
            order=f"ordered by {spec.factor}",
            **charts.look(cohort),
        )
        charts.show(figure, "cohort.correlation")


def _order(cohort: Cohort, spec: DESpec) -> list[int]:
    names = as_text(cohort.metadata[spec.factor]).fillna("").to_numpy(dtype=str)
    return [int(i) for i in np.argsort(names, kind="stable")]


def _figure(
    points: pd.DataFrame, axes: Axes, colour: str, groups: tuple[str, str] | None, cohort: Cohort, *, key: str
) -> None:
    figure = sample_points(points, axes=axes, colour=colour, groups=groups, **charts.look(cohort))
    charts.show(figure, f"cohort.{key}")


def _downloads(profile: Profile, provenance: Provenance) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption("What was measured of each sample, cell scores included (with sample names):")
        table = profile.samples.rename_axis("sample").reset_index()
        tables.downloads(table, "samples", provenance)
