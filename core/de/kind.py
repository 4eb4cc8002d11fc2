"""The comparison of two groups gene by gene, as a kind of analysis."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from core.analysis import Analysis, At, Made, Script
from core.cohort.samples.cell_scores import covariate_words, with_scores
from core.cohort.samples.exclusion import exclusion_words
from core.de.design.build import build_designs
from core.de.methods import METHODS, unsupported
from core.de.prepare import prepare
from core.de.provenance import provenance_of
from core.de.result import ALGORITHM, DEResult, read_result
from core.de.spec import DESpec
from core.de.timing import CostModel, usable_cpus
from core.errors import Fault, bad_setting
from core.export.provenance import Provenance
from core.progress import Reporter
from core.store import Draft, Entry

if TYPE_CHECKING:
    import pandas as pd

SHORT_SCRIPT_HELP = (
    "About a hundred lines on PyDESeq2 as it comes. Its numbers differ a little from those on screen; its "
    "head says how far."
)


class Comparison(Analysis[DESpec, DEResult]):
    """Compare two groups gene by gene (differential expression).

    Writes ``de.csv`` and ``run.json`` to a folder and keeps the result in the store, where the
    pages find it.
    """

    name = "de"
    title = "Comparison"
    plural = ("comparison", "comparisons")
    spec = DESpec
    kept = 8

    def algorithm(self, spec: DESpec) -> str:
        """Return the version of what the method computes."""
        return METHODS[spec.method].algorithm or ALGORITHM

    def unsided(self, spec: DESpec) -> DESpec:
        """Return a comparison without direction, shrinkage and order of covariates."""
        case, control = sorted((spec.case, spec.control))
        covariates = tuple(sorted(spec.covariates))
        return replace(spec, case=case, control=control, shrink=False, covariates=covariates)

    def faults(self, spec: DESpec) -> Iterator[Fault]:
        """Yield what the settings say against each other."""
        if spec.case and spec.case == spec.control:
            what = f"case and control are both {spec.case!r}"
            yield bad_setting("case", what, "Choose two different levels to compare")
        if spec.factor and spec.factor in spec.covariates:
            what = f"{spec.factor!r} is the factor that is compared and also a covariate"
            yield bad_setting("covariates", what, f"Take {spec.factor!r} out of the covariates")
        yield from unsupported(spec)

    def examine(self, at: At, spec: DESpec) -> None:
        """Refuse a design that cannot be estimated, with the table that shows why."""
        build_designs(with_scores(at.cohort, spec.covariates), spec)

    def compute(self, at: At, spec: DESpec, draft: Draft, report: Reporter) -> None:
        """Compute by the method that is asked for; with shrinkage, what is there without it comes first."""
        report("Reading counts", 0.0)
        prepared = prepare(at.cohort, spec)
        # PyDESeq2 takes seconds to import and 200 MB: pages that only find results do without.
        from core.de.deseq2.compute import run_deseq2

        if spec.method == "deseq2":
            run_deseq2(at, spec, draft, report, prepared=prepared)
        else:
            from core.de.alternatives import run_alternative

            run_alternative(at, spec, draft, report, prepared=prepared)

    def read(self, entry: Entry) -> DEResult:
        """Rebuild a result from its entry in the store."""
        return read_result(entry)

    def doing(self, at: At, spec: DESpec) -> str:
        """Say what is compared."""
        return f"Comparing {spec.contrast}"

    def describe(self, spec: DESpec) -> str:
        """Return a comparison in a few words."""
        covariates = covariate_words(spec.covariates)
        adjusted = f"adjusted for {', '.join(covariates)}" if covariates else "not adjusted"
        test = [] if spec.method == "deseq2" else [f"by {METHODS[spec.method].label}"]
        excluded = [words] if (words := exclusion_words(spec.exclude)) else []
        return ", ".join([spec.contrast, *test, adjusted, *spec.unusual().values(), *excluded])

    def seconds(self, at: At, spec: DESpec) -> float | None:
        """Return about how long it takes, from the size of the data."""
        n_genes, n_samples = at.cohort.counts.shape
        cost = CostModel(n_samples, len(spec.covariates) + 2, at.n_cpus or usable_cpus())
        return cost.plan(n_genes=n_genes, fit=True, shrink=spec.shrink) if spec.method == "deseq2" else None

    def tables(self, result: DEResult) -> dict[str, pd.DataFrame]:
        """Return the table of all genes."""
        return {"de": result.table}

    def documents(self, result: DEResult) -> dict[str, dict[str, Any]]:
        """Return what was asked and how it was made."""
        run = {
            "dataset": result.digest,
            "spec": json.loads(result.spec.to_json()),
            "design": result.spec.design,
            "contrast": result.spec.contrast,
            **result.run.to_dict(),
            "size_factors": {str(sample): factor for sample, factor in result.size_factors.items()},
        }
        return {"run": run}

    def sentence(self, result: DEResult) -> str:
        """Say how many genes differ, and what the fit remarks."""
        spec, run = result.spec, result.run
        significant = int((result.table["padj"] < spec.alpha).sum())
        found = (
            f"{spec.contrast}, {spec.design}: {significant} of {run.n_active} active genes differ at "
            f"padj < {spec.alpha:g} ({run.n_case} and {run.n_control} samples)."
        )
        return "\n".join([found, *(notice.message for notice in run.notices)])

    def provenance(self, made: Made[DESpec, DEResult]) -> Provenance:
        """Return where the numbers come from."""
        return provenance_of(made.result, dataset=made.at.cohort.name)

    def scripts(self, made: Made[DESpec, DEResult]) -> list[Script]:
        """Return the script that makes the numbers again, and a shorter one where PyDESeq2 can."""
        from core.de.script import de_script, has_short_script, short_script

        whole = partial(de_script, made.result)
        scripts = [Script("differential_expression", whole, "Self-contained script")]
        if has_short_script(made.spec):
            short = partial(short_script, made.result)
            name, label = "differential_expression_short", "Short script (PyDESeq2)"
            scripts.append(Script(name, short, label, SHORT_SCRIPT_HELP))
        return scripts


KIND = Comparison()


def compared(at: At) -> DESpec:
    """Return the comparison that an analysis starts from."""
    spec = at.before[KIND.name]
    assert isinstance(spec, DESpec)
    return spec


def without_shrinkage(at: At) -> At:
    """Return the start of an analysis that shrinkage does not change: with and without share a result."""
    return replace(at, before={**at.before, KIND.name: replace(compared(at), shrink=False)})
