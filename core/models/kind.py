"""The validation of risk models, as a kind of analysis."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.analysis import Analysis, At, Made, asked_spec
from core.cohort.model import Cohort
from core.cohort.roles import suggest_roles
from core.cohort.samples.exclusion import exclusion_words
from core.commands.source import add_data_set, known_digest, read_data_set, read_digest, tokens_for
from core.de.timing import usable_cpus
from core.errors import Fault, bad_setting
from core.export.provenance import Provenance
from core.models.pipelines.cards import names
from core.models.provenance import model_provenance_of
from core.models.result import ALGORITHM, ModelResult, fold_version, read_result, write_result
from core.models.spec import SUGGEST, ModelSpec
from core.options.argv import add_options
from core.progress import Reporter
from core.store import Draft, Entry, Store

if TYPE_CHECKING:
    import pandas as pd

# Measured on two busy cores with the demonstration cohort (293 × 23,400): 660 s in all, that is seconds per
# fold of all models, sample and gene; holding out centres, learning from fewer patients and the final fit
# take as long as 16 folds, a permutation as a third of one.
SECONDS_PER_UNIT = 9e-7
OTHER_FOLDS = 16
OWN_ROLES = ("centre",)
"""Roles of columns that the specification names itself."""


class Models(Analysis[ModelSpec, ModelResult]):
    """Validate risk models of one group against another.

    Writes ``metrics.json``, ``predictions.csv``, ``folds.csv``, ``checks.csv``, ``checklist.csv``,
    ``predictors.csv``, ``selection.csv``, ``final_model.csv`` and ``reference.csv`` to a folder and keeps the
    result in the store, where the pages find it. Every fold is kept as soon as it is done, so that a run that
    was stopped or killed goes on where it was.
    """

    name = "models"
    title = "Risk models"
    plural = ("evaluation of risk models", "evaluations of risk models")
    spec = ModelSpec

    def algorithm(self, spec: ModelSpec) -> str:
        """Return the version; judgements of predictors and gene sets of scores enter by their content."""
        return f"{ALGORITHM} {fold_version()}"

    def unsided(self, spec: ModelSpec) -> ModelSpec:
        """Return an evaluation without its direction."""
        case, control = sorted((spec.case, spec.control))
        return replace(spec, case=case, control=control)

    def faults(self, spec: ModelSpec) -> Iterator[Fault]:
        """Yield what the settings say against each other."""
        if spec.case and spec.case == spec.control:
            what = f"case and control are both {spec.case!r}"
            yield bad_setting("case", what, "Choose two different levels")
        yield from _model_faults(spec)
        for field in ("clinical", "include_unsafe"):
            if spec.factor in getattr(spec, field):
                what = f"{spec.factor!r} is what is to be predicted"
                yield bad_setting(field, what, f"Take {spec.factor!r} out")
        if spec.centre and spec.centre == spec.factor:
            what = "it is the column that is to be predicted"
            yield bad_setting("centre", what, "Name another column, or none")

    def compute(self, at: At, spec: ModelSpec, draft: Draft, report: Reporter) -> None:
        """Compute every part that the store lacks, then what the parts say together."""
        report("Reading counts", 0.0)
        # SciPy, scikit-learn and the gene sets are of no use to pages that only find results.
        from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

        from core.models.compute import validate
        from core.models.validation.setting import make_setting

        setting = make_setting(at.store, at.digest, spec, at.cohort)
        # One thread per part: the threads of a matrix product inside would only wait for each other.
        with threadpool_limits(limits=1):
            result = validate(setting, report=report, n_threads=at.n_cpus or usable_cpus())
        write_result(draft, result)

    def read(self, entry: Entry) -> ModelResult:
        """Rebuild a result from its entry in the store."""
        return read_result(entry)

    def doing(self, at: At, spec: ModelSpec) -> str:
        """Say whose models are evaluated."""
        return f"Evaluating models, {spec.contrast}"

    def describe(self, spec: ModelSpec) -> str:
        """Return an evaluation in a few words."""
        parts = [
            spec.contrast,
            f"{spec.folds} folds × {spec.repeats} repeats",
            *([f"centres held out ({spec.centre})"] if spec.centre else []),
            *spec.unusual().values(),
            *([words] if (words := exclusion_words(spec.exclude)) else []),
        ]
        return ", ".join(parts)

    def seconds(self, at: At, spec: ModelSpec) -> float:
        """Return about how long an evaluation takes, from the size of the data."""
        fits = spec.folds * spec.repeats + OTHER_FOLDS + spec.label_permutations / 3
        return SECONDS_PER_UNIT * fits * at.cohort.counts.size

    def tables(self, result: ModelResult) -> dict[str, pd.DataFrame]:
        """Return predictions, folds, predictors, checks, chosen genes and the final models."""
        import pandas as pd

        from core.models.documents import check_row
        from core.models.reading.checklist import checklist

        return {
            "predictions": result.predictions,
            "folds": result.fold_table(),
            "predictors": result.predictors,
            "checks": pd.DataFrame([check_row(check) for check in result.checks]),
            "checklist": checklist(result.checks),
            "selection": result.selection,
            "final_model": result.final,
            "reference": result.reference,
        }

    def documents(self, result: ModelResult) -> dict[str, dict[str, Any]]:
        """Return each model's performance, the checks and the claim."""
        from core.models.documents import metrics

        return {"metrics": metrics(result)}

    def sentence(self, result: ModelResult) -> str:
        """Say what stops a claim, and what may be said."""
        red = [check for check in result.checks if check.severity == "red"]
        lines = [f"RED {check.title}: {check.explanation}" for check in red]
        return "\n".join([*lines, f"{result.run.claim.wording} {result.run.claim.reason}"])

    def provenance(self, made: Made[ModelSpec, ModelResult]) -> Provenance:
        """Return where the numbers come from."""
        return model_provenance_of(made.result, dataset=made.at.cohort.name)

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add those of the specification, and the files of a cohort to test on."""
        add_data_set(parser, but=OWN_ROLES)
        add_options(parser, self.spec)
        parser.add_argument(
            "--external-counts", type=Path, metavar="FILE", help="counts of a cohort to test on"
        )
        parser.add_argument("--external-metadata", type=Path, metavar="FILE", help="its metadata")

    def asked(self, args: argparse.Namespace, store: Store) -> tuple[At, ModelSpec]:
        """Return what the options ask for; a centre is found by its name, a cohort to test on is stored."""
        spec = asked_spec(self, args)
        at = At(store, read_data_set(args, store, but=OWN_ROLES))
        centre = suggested_centre(at.cohort) if spec.centre == SUGGEST else spec.centre
        spec = replace(spec, centre=centre, external=_external(store, args))
        return at, tokens_for(at.cohort, spec)


KIND = Models()


def suggested_centre(cohort: Cohort) -> str:
    """Return the column of the recruiting centre: the cohort's own, or the one whose name says so."""
    suggested = next((s.value for s in suggest_roles(cohort.metadata)["centre"]), "")
    return cohort.roles.centre or suggested


def _model_faults(spec: ModelSpec) -> Iterator[Fault]:
    if not spec.models:
        yield bad_setting("models", "there is none", "Name at least one of: " + ", ".join(names()))
    for name in spec.models:
        if name not in names():
            yield bad_setting("models", f"{name!r} is not offered", "Use some of: " + ", ".join(names()))


def _external(store: Store, args: argparse.Namespace) -> str:
    """Return the content hash of the external cohort; "" where none was named."""
    if args.external:
        return known_digest(store, args.external, option="--external")
    if not (args.external_counts or args.external_metadata):
        return ""
    return read_digest(
        store, args.external_counts, args.external_metadata, prefix="external-", instead="--external"
    )
