"""Whether the finding is the same in every centre and in both sexes.

All by limma-trend, which takes seconds where the comparison's own test would take minutes for each part.
Library sizes and cell scores do not depend on who is compared with whom: they are those of all samples.
Whether a difference depends on sex is asked by the interaction of group and sex, over all samples:
"significant in women and not in men" would not be evidence of that.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.analysis import Analysis, At, Made
from core.cohort.model import Cohort
from core.cohort.samples.cell_scores import with_scores
from core.cohort.samples.groups import level_names
from core.de.deseq2.adjust import adjust
from core.de.design.build import build_design
from core.de.kind import compared
from core.de.limma.trend import effective_size_factors
from core.de.methods import by_method
from core.de.prepare import Prepared, prepare
from core.de.spec import DESpec
from core.errors import InputError
from core.export.provenance import Provenance
from core.progress import Reporter
from core.robustness.ladder.steps import rung_of
from core.robustness.null.random_parts import FEWEST, SEED, RandomParts
from core.robustness.subgroups.shares import Share, wilson
from core.spec import Spec
from core.store import Draft, Entry

ALGORITHM = "subgroups-4"
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class SubgroupSpec(Spec):
    """The parts have no settings of their own: centres and sexes are those of the metadata."""


@dataclass(frozen=True)
class Subgroups:
    """What parts of the cohort say.

    Parameters
    ----------
    spec : DESpec
        The comparison, by limma-trend.
    digest : str
        Content hash of the cohort.
    centres : pandas.DataFrame
        A row per centre: ``centre``, ``n_case``, ``n_control``, ``n_without`` (significant without it),
        ``same`` (of those, the same direction in the centre alone), ``expected_low``, ``expected_high``
        (5 % and 95 % quantile of that share in random parts of the same size, from all centres),
        ``correlation`` (of the fold changes of those, without it and in it), ``reason`` (why it could not
        be done; "" if it could).
    sexes : pandas.DataFrame
        A row per tested gene: ``gene``, ``symbol``, for each sex ``lfc_<sex>`` and ``se_<sex>``, and
        ``difference``, ``se``, ``pvalue``, ``padj`` of the interaction; empty if it could not be done.
    sex_counts : dict of str to (int, int)
        Cases and controls of each sex.
    sex_reason : str
        Why the interaction could not be tested; "" if it could.
    """

    spec: DESpec
    digest: str
    centres: pd.DataFrame
    sexes: pd.DataFrame
    sex_counts: dict[str, tuple[int, int]]
    sex_reason: str

    def same_direction(self, row: pd.Series) -> Share:
        """Return the share of genes with the same direction in a centre, with its interval."""
        return wilson(int(row["same"]), int(row["n_without"]))


def part_spec(spec: DESpec) -> DESpec:
    """Return the comparison as the parts are compared: by limma-trend, with its covariates."""
    return by_method(rung_of(spec, spec.covariates), "limma")


class PartsOfCohort(Analysis[SubgroupSpec, Subgroups]):
    """Compare two groups without each centre, and ask whether the difference depends on sex.

    Writes ``centres.csv`` and ``sex_interaction.csv``.
    """

    name = "subgroups"
    title = "Centres and sexes"
    spec = SubgroupSpec
    needs = ("de",)

    def algorithm(self, spec: SubgroupSpec) -> str:
        """Return the version; that of limma-trend enters with the comparison."""
        return ALGORITHM

    def plain(self, at: At, spec: SubgroupSpec) -> tuple[At, SubgroupSpec]:
        """Take the comparison as the parts are compared."""
        return replace(at, before={"de": part_spec(compared(at))}), spec

    def compute(self, at: At, spec: SubgroupSpec, draft: Draft, report: Reporter) -> None:
        """Compare the parts by centre, then the sexes."""
        report("Reading counts", 0.0)
        asked = compared(at)
        cohort = _compared(at.cohort, asked)
        centres = pd.DataFrame(list(_centres(cohort, asked, report)))
        report("Comparing the sexes", 0.85)
        sexes, counts, reason = interaction(cohort, asked)
        draft.write_table("centres", centres)
        draft.write_table("sexes", sexes)
        draft.run |= {"counts": counts, "reason": reason}

    def read(self, entry: Entry) -> Subgroups:
        """Rebuild what parts say from its entry in the store."""
        run = entry.run
        return Subgroups(
            DESpec.from_json(run["before"]["de"]),
            run["digest"],
            entry.table("centres"),
            entry.table("sexes"),
            {name: (pair[0], pair[1]) for name, pair in run["counts"].items()},
            run["reason"],
        )

    def doing(self, at: At, spec: SubgroupSpec) -> str:
        """Say whose parts are compared."""
        return f"Centres and sexes, {compared(at).contrast}"

    def tables(self, result: Subgroups) -> dict[str, pd.DataFrame]:
        """Return the centres, and the interaction of every gene."""
        return {"centres": result.centres, "sex_interaction": result.sexes}

    def sentence(self, result: Subgroups) -> str:
        """Say what centres and sexes say."""
        from core.robustness.subgroups.words import centres_sentence, sex_sentence

        return f"{centres_sentence(result)}\n{sex_sentence(result)}"

    def provenance(self, made: Made[SubgroupSpec, Subgroups]) -> Provenance:
        """Return where the numbers come from, with the seed of the random parts."""
        return replace(super().provenance(made), seed=SEED)


KIND = PartsOfCohort()


def _compared(cohort: Cohort, spec: DESpec) -> Cohort:
    """Return the samples that are compared, with the cell scores that are adjusted for."""
    metadata = with_scores(cohort, spec.covariates)
    used = np.zeros(len(metadata), dtype=bool)
    used[build_design(metadata, spec).positions] = True
    return _part(replace(cohort, metadata=metadata), used)


def _centres(cohort: Cohort, spec: DESpec, report: Reporter) -> Iterator[dict[str, object]]:
    column = cohort.roles.centre
    if column is None or column not in cohort.metadata:
        return
    names = level_names(cohort.metadata[column])
    centres = sorted(names.dropna().unique())
    report("Comparing all samples", 0.0)
    prepared = prepare(cohort, spec)
    sizes = effective_size_factors(prepared.counts[prepared.active])
    chance = RandomParts(_adjusted(prepared, sizes), prepared.design.matrix.to_numpy(float)[:, -1])
    for number, centre in enumerate(centres):
        report(f"Leaving out {centre}", 0.05 + 0.75 * number / len(centres))
        inside = (names == centre).to_numpy()
        row: dict[str, object] = {"centre": centre, **_sizes(cohort, spec, inside)}
        try:
            without = _tested(_part(cohort, ~inside), spec, sizes[~inside])
            alone = _tested(_part(cohort, inside), spec, sizes[inside])
        except InputError as error:
            missing = {"n_without": 0, "same": 0, "expected_low": np.nan, "expected_high": np.nan}
            missing |= {"correlation": np.nan}
            yield row | missing | {"reason": error.faults[0].what}
            continue
        found = _concordance(without, alone, alpha=spec.alpha)
        n_case, n_control = int(str(row["n_case"])), int(str(row["n_control"]))
        low, high = chance.agreement(n_case, n_control, n_chosen=int(str(found["n_without"])))
        yield row | found | {"expected_low": low, "expected_high": high}


def _concordance(without: pd.DataFrame, alone: pd.DataFrame, *, alpha: float) -> dict[str, object]:
    there = alone[["log2FoldChange"]]
    chosen = without[without["padj"] < alpha].join(there, rsuffix="_alone", how="inner")
    one, other = chosen["log2FoldChange"], chosen["log2FoldChange_alone"]
    known = other.notna()
    return {
        "n_without": int(known.sum()),
        "same": int((one[known] * other[known] > 0).sum()),
        "correlation": float(one.corr(other)) if known.sum() > 2 else np.nan,
        "reason": "",
    }


def _adjusted(prepared: Prepared, size_factors: Floats) -> Floats:
    """Return log expression without what the covariates explain."""
    counts, design = prepared.counts[prepared.active], prepared.design.matrix.to_numpy(float)
    logs = np.log2(counts / size_factors + 0.5)
    coefficients = np.linalg.lstsq(design, logs.T, rcond=None)[0]
    adjusted: Floats = logs - (design[:, :-1] @ coefficients[:-1]).T
    return adjusted


def _part(cohort: Cohort, chosen: NDArray[np.bool_]) -> Cohort:
    return replace(
        cohort,
        counts=np.asarray(cohort.counts[:, np.flatnonzero(chosen)]),
        metadata=cohort.metadata[chosen],
    )


def _sizes(cohort: Cohort, spec: DESpec, chosen: NDArray[np.bool_]) -> dict[str, int]:
    groups = level_names(cohort.metadata[spec.factor])[chosen]
    return {"n_case": int((groups == spec.case).sum()), "n_control": int((groups == spec.control).sum())}


def _limma(counts: NDArray[np.integer], design: Floats, spec: DESpec, size_factors: Floats) -> pd.DataFrame:
    from core.de.alternatives import run_test  # loads PyDESeq2, which pages that only read do without

    return run_test(counts, design, spec, size_factors=size_factors).table


def _tested(cohort: Cohort, spec: DESpec, size_factors: Floats) -> pd.DataFrame:
    """Return fold change and adjusted p of each tested gene of a part, by gene."""
    varying = tuple(
        c for c in spec.covariates if c not in cohort.metadata or cohort.metadata[c].nunique() > 1
    )
    prepared = prepare(cohort, replace(spec, covariates=varying))
    counts = prepared.counts[prepared.active]
    used = size_factors[prepared.design.positions]
    found = _limma(counts, prepared.design.matrix.to_numpy(float), spec, used)
    padj = adjust(found["pvalue"].to_numpy(), np.ones(len(found), dtype=bool))
    genes = cohort.genes["gene"].to_numpy()[prepared.active]
    return found.assign(padj=padj).set_axis(genes)


def interaction(cohort: Cohort, spec: DESpec) -> tuple[pd.DataFrame, dict[str, tuple[int, int]], str]:
    """Test whether the difference between the groups depends on sex, over all samples at once.

    Returns
    -------
    pandas.DataFrame, dict, str
        As in `Subgroups`: ``sexes``, ``sex_counts``, ``sex_reason``.
    """
    column = cohort.roles.sex
    if column is None or column not in cohort.metadata or column == spec.factor:
        return pd.DataFrame(), {}, "no column holds the sex of the patients"
    covariates = (*(c for c in spec.covariates if c != column), column)
    try:
        prepared = prepare(cohort, replace(spec, covariates=covariates))
    except InputError as error:
        return pd.DataFrame(), {}, error.faults[0].what
    used = level_names(cohort.metadata[column].iloc[prepared.design.positions]).to_numpy()
    names = sorted(set(used))
    counts = {str(name): _of(prepared, used == name) for name in names}
    if len(names) != 2 or min(min(pair) for pair in counts.values()) < FEWEST:
        return pd.DataFrame(), counts, f"it takes two sexes with {FEWEST} samples in each group"
    return _interacting(cohort, prepared, spec, used=used, names=names), counts, ""


def _of(prepared: Prepared, chosen: NDArray[np.bool_]) -> tuple[int, int]:
    case = prepared.design.matrix.iloc[:, -1].to_numpy() == 1
    return int((case & chosen).sum()), int((~case & chosen).sum())


def _interacting(
    cohort: Cohort, prepared: Prepared, spec: DESpec, *, used: NDArray[np.object_], names: list[str]
) -> pd.DataFrame:
    counts, matrix = prepared.counts[prepared.active], prepared.design.matrix.to_numpy(float)
    table = cohort.genes.loc[prepared.active, ["gene", "symbol"]].reset_index(drop=True)
    group, second = matrix[:, -1], (used == names[1]).astype(float)
    sizes = effective_size_factors(counts)
    for name in names:
        # With the product of the other sex, the last column is the difference within this one.
        other = group * (used != name)
        found = _limma(counts, np.column_stack([matrix[:, :-1], other, group]), spec, sizes)
        table[f"lfc_{name}"], table[f"se_{name}"] = found["log2FoldChange"], found["lfcSE"]
    found = _limma(counts, np.column_stack([matrix, group * second]), spec, sizes)
    padj = adjust(found["pvalue"].to_numpy(), np.ones(len(found), dtype=bool))
    return table.assign(
        difference=found["log2FoldChange"], se=found["lfcSE"], pvalue=found["pvalue"], padj=padj
    )
