"""Validated risk models: what a result holds, and how the store keeps it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal, Self

import pandas as pd

from core.cohort.samples.cell_markers import COLLECTION as CELL_COLLECTION
from core.models.pipelines.cards import PATHWAY_COLLECTION
from core.models.pipelines.predictors import table_digest
from core.models.spec import ModelSpec
from core.pathways.result import collections_digest
from core.record import Record
from core.store import Draft, Entry, result_key

# Parts of keys. Raise the first whenever a change in core/models can change what is predicted in a fold,
# which computes everything anew; the second when it changes what is made of the folds, a matter of seconds.
FOLD_ALGORITHM = "models-2"
ALGORITHM = "models-8"
FOLDS = "model-folds"  # kind of the entries that a result is made of

Severity = Literal["red", "amber", "note", "passed", "not applicable"]
Rung = Literal["exploratory", "internal", "centre", "external"]

TABLES = {
    "predictions": ("sample", "model", "repeat", "fold", "y", "p", "scheme"),
    "patients": ("sample", "y", "group", "patient", "person", "centre", "sex"),
    "models": (
        *("model", "title", "description", "baseline", "available", "not_available_reason", "n_predictors"),
        *("stability", "stability_lower", "stability_upper", "strength"),
    ),
    "permuted": ("model", "permutation", "auc"),
    "outside": ("sample", "repeat", "fold", "y", "p"),
    "learning": ("model", "n_train", "auc", "lower", "upper"),
    "selection": (
        *("model", "feature", "symbol", "frequency", "coefficient", "coefficient_sd", "sign_stability"),
        *("importance", "importance_sd"),
    ),
    "coefficients": ("model", "scheme", "repeat", "fold", "feature", "coefficient"),
    "contributions": ("model", "sample", "repeat", "feature", "value", "contribution"),
    "predictors": ("column", "known_before", "reason", "used", "why_not"),
    "final": ("model", "feature", "coefficient", "mean", "sd"),
    "reference": ("gene", "log_geometric_mean"),
}
"""Tables of a result and their columns."""


@dataclass(frozen=True)
class CheckResult:
    """What a check found.

    Parameters
    ----------
    code, title : str
        Short stable name; a few words.
    severity : {"red", "amber", "note", "passed", "not applicable"}
        Red stops a claim; amber weakens it; a note is always true of such data.
    explanation : str
        What was found, with its numbers, in plain sentences.
    not_applicable_because : str
        "" unless the check could not be made.
    tripod, probast : tuple of str
        Numbers of the items of TRIPOD+AI and PROBAST+AI that it bears on.
    """

    code: str
    title: str
    severity: Severity
    explanation: str
    not_applicable_because: str = ""
    tripod: tuple[str, ...] = ()
    probast: tuple[str, ...] = ()


@dataclass(frozen=True)
class Claim:
    """How much may be said.

    Parameters
    ----------
    rung : {"exploratory", "internal", "centre", "external"}
        Highest rung of the ladder that was reached.
    model : str
        The model it is said of, settled before any result; "" if none was run.
    headline : bool
        Whether its area under the curve may stand alone as a headline.
    reason : str
        Why this rung and not the next, in plain sentences.
    wording : str
        What may be said, as a sentence.
    """

    rung: Rung
    model: str
    headline: bool
    reason: str
    wording: str


@dataclass(frozen=True, kw_only=True)
class ModelInfo(Record):
    """What a reader must know about risk models besides their numbers, and what `Record` says of any result.

    Parameters
    ----------
    n_case, n_control, n_patients : int
        Samples in each group; people behind all of them.
    n_centres : int
        Centres; 0 where no column names them.
    n_external : int
        Samples of the external cohort that were predicted; 0 without one.
    external_name : str
        What the external cohort is called.
    claim : Claim
        How much may be said.
    final : mapping of str to mapping
        Intercept, strength and pseudocount of each final model, see `ModelResult.final`.
    """

    n_case: int
    n_control: int
    n_patients: int
    n_centres: int
    n_external: int
    external_name: str
    claim: Claim
    final: dict[str, dict[str, float]] = field(default_factory=dict)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Self:
        """Rebuild from `to_dict` after a passage through JSON."""
        return super().from_dict({**values, "claim": Claim(**values["claim"])})


@dataclass(frozen=True)
class ModelResult:
    """Risk models with everything that was predicted for patients they had not seen.

    Parameters
    ----------
    spec : ModelSpec
        What was asked.
    digest : str
        Content hash of the cohort.
    predictions : pandas.DataFrame
        One row per sample, model, scheme and repeat: ``scheme`` is "cv" (nested cross-validation),
        "centre" (each centre predicted by the others; ``fold`` is its name) or "external" (so is
        ``fold``); ``y`` is 1 for case; ``p`` the predicted risk of case, at the study's share of cases.
    patients : pandas.DataFrame
        One row per sample used; ``patient``, ``centre`` and ``sex`` None where unknown. ``person`` is a
        number, the same for samples that were kept in one fold.
    models : pandas.DataFrame
        One row per pipeline asked for, in the order of the ladder. ``stability`` of the chosen genes
        over refits with its 95 % interval (Nogueira 2018), ``strength`` the median C.
    permuted : pandas.DataFrame
        Area under the curve after the labels changed hands within strata.
    outside : pandas.DataFrame
        The teaching switch: what choosing genes on all samples, before folds are made, predicts.
    learning : pandas.DataFrame
        Area under the curve against the number of training samples.
    selection : pandas.DataFrame
        Predictors over the refits of the cross-validation: how often chosen, mean and standard deviation
        of the coefficient where chosen (log odds per training SD), share of refits with the commoner
        sign, importance on held-out patients. ``symbol`` is that of a gene, "" of other predictors.
    coefficients : pandas.DataFrame
        Of every refit of the cross-validation ("cv") and between centres ("centre").
    contributions : pandas.DataFrame
        What most moved each held-out prediction of the cross-validation: ``contribution`` to the log
        odds, ``value`` in training SD; the feature `REST` sums up all others, `BASE` is the intercept.
    predictors : pandas.DataFrame
        Every metadata column, and whether it was known before the second failed treatment.
    final : pandas.DataFrame
        Models fitted on all samples, for whom it may concern: coefficients per SD, with mean and SD of the
        stabilised expression of genes; other scales are in ``run.final``.
    reference : pandas.DataFrame
        Log geometric means for size factors of new samples.
    checks : tuple of CheckResult
        What the checks found, red ones first.
    run : ModelInfo
        How it was made.
    """

    spec: ModelSpec
    digest: str
    predictions: pd.DataFrame
    patients: pd.DataFrame
    models: pd.DataFrame
    permuted: pd.DataFrame
    outside: pd.DataFrame
    learning: pd.DataFrame
    selection: pd.DataFrame
    coefficients: pd.DataFrame
    contributions: pd.DataFrame
    predictors: pd.DataFrame
    final: pd.DataFrame
    reference: pd.DataFrame
    checks: tuple[CheckResult, ...]
    run: ModelInfo

    def pooled_models(self) -> tuple[str, ...]:
        """Return the models with predictions of the cross-validation, in the order of the ladder."""
        return tuple(self.models.loc[self.models["available"], "model"])

    def fold_table(self) -> pd.DataFrame:
        """Return which fold of the cross-validation each sample was in: what the exported script reads.

        ``sample``, ``person`` (a number, the same for samples that stay together), ``repeat``, ``fold``.
        """
        cv = self.predictions[self.predictions["scheme"] == "cv"]
        folds = cv[["sample", "repeat", "fold"]].drop_duplicates()
        table = folds.merge(self.patients[["sample", "person"]], on="sample")
        ordered = table.sort_values(["repeat", "sample"], kind="stable").reset_index(drop=True)
        return ordered[["sample", "person", "repeat", "fold"]]


REST, BASE = "all others together", "everybody's starting point"


def fold_key(digest: str, spec: ModelSpec, unit: str) -> str:
    """Return the key under which a part of a result is kept, so that a run goes on where it was stopped."""
    return result_key(dataset=f"{digest} {unit}", spec=spec, algorithm=fold_version())


def fold_version() -> str:
    """Return the version of what a part holds.

    The judgements of predictors and the gene sets of cell and pathway scores enter by their content.
    """
    return f"{FOLD_ALGORITHM} {collections_digest((CELL_COLLECTION, PATHWAY_COLLECTION))} {table_digest()}"


def write_result(draft: Draft, result: ModelResult) -> None:
    """Put a result into an entry of the store in the making."""
    for name in TABLES:
        draft.write_table(name, getattr(result, name))
    draft.run |= {
        "checks": [asdict(check) for check in result.checks],
        "info": result.run.to_dict(),
    }


def read_result(entry: Entry) -> ModelResult:
    """Rebuild a result from its entry in the store."""
    checks = (
        CheckResult(**{**check, "tripod": tuple(check["tripod"]), "probast": tuple(check["probast"])})
        for check in entry.run["checks"]
    )
    return ModelResult(
        spec=ModelSpec.from_json(entry.run["spec"]),
        digest=entry.run["digest"],
        checks=tuple(checks),
        run=ModelInfo.from_dict(entry.run["info"]),
        **{name: entry.table(name) for name in TABLES},
    )
