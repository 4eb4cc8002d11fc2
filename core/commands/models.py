"""Validate risk models of one group against another.

Writes ``metrics.json``, ``predictions.csv``, ``folds.csv``, ``checks.csv``, ``checklist.csv``,
``predictors.csv``, ``selection.csv``, ``final_model.csv`` and ``reference.csv`` to a folder and keeps the
result in the store, where the pages find it.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from core.cohort.exclusion import REASONS, named_exclusions
from core.cohort.roles import suggest_roles
from core.cohort.stored import get_cohort
from core.commands.names import join_names, split_names
from core.commands.output import write_whole
from core.commands.source import known_digest, read_data_set, read_digest
from core.models.check import check_spec
from core.models.checklist import checklist
from core.models.compare import METRICS, against_baselines, compare_models
from core.models.metrics import pooled
from core.models.metrics_roc import auc_delong
from core.models.pipelines import names
from core.models.result import CheckResult, ModelResult
from core.models.run import run_models
from core.spec import ModelSpec
from core.store import Store

_DEFAULT = ModelSpec(factor="", case="", control="")
_NUMBERS = {
    "folds": "parts of the cross-validation",
    "repeats": "times it is repeated with other folds",
    "inner_folds": "parts of the cross-validation inside each training part",
    "label_permutations": "times the labels change hands for the gene model",
    "n_selected": "genes chosen inside each training part",
    "model_seed": "of folds, permutations and forests",
}
_SUGGEST = "suggest"
"""Default of --centre: the column whose name says so."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of this verb."""
    parser.add_argument("--counts", type=Path, metavar="FILE", help="count matrix")
    parser.add_argument("--metadata", type=Path, metavar="FILE", help="metadata table")
    parser.add_argument("--dataset", metavar="HASH", help="a data set of the store, instead of files")
    parser.add_argument("--factor", required=True, metavar="COL", help="metadata column with the groups")
    parser.add_argument("--case", required=True, metavar="LEVEL", help="whose risk is predicted")
    parser.add_argument("--control", required=True, metavar="LEVEL", help="the others")
    parser.add_argument(
        "--clinical",
        default="",
        metavar="COL,COL",
        help="clinical columns; default: all judged known in time",
    )
    parser.add_argument(
        "--include-unsafe",
        default="",
        metavar="COL,COL",
        help="columns that partly define the outcome, taken in on purpose: no claim is then made",
    )
    parser.add_argument(
        "--centre",
        default=_SUGGEST,
        metavar="COL",
        help="column of the centre; '' for none; default: by its name",
    )
    parser.add_argument("--models", default=",".join(names()), metavar="NAME,NAME", help="which to validate")
    for name, what in _NUMBERS.items():
        option, default = "--" + name.replace("_", "-"), getattr(_DEFAULT, name)
        parser.add_argument(
            option, type=int, default=default, metavar="N", help=f"{what} (default {default})"
        )
    parser.add_argument(
        "--exclude",
        default="",
        metavar="SAMPLE:WHY,...",
        help=f"samples to leave out, by name or token; why: {', '.join(REASONS)}",
    )
    parser.add_argument("--external-counts", type=Path, metavar="FILE", help="counts of a cohort to test on")
    parser.add_argument("--external-metadata", type=Path, metavar="FILE", help="its metadata")
    parser.add_argument("--external", default="", metavar="HASH", help="a data set of the store, instead")
    parser.add_argument(
        "--out", type=Path, metavar="DIR", help="folder for the files; default: only the store"
    )


def run(args: argparse.Namespace) -> None:
    """Validate the models, write the files, and say what came of it.

    Raises
    ------
    InputError
        If files, options or columns cannot be used, with every fault.
    """
    check_spec(_spec(args, centre="", external=""))
    store = Store()
    digest = read_data_set(args, store)
    spec = _spec(args, centre=_centre(store, digest, args.centre), external=_external(store, args))
    samples = map(str, get_cohort(store, digest).samples)
    spec = replace(spec, exclude=named_exclusions(samples, spec.exclude))
    result = run_models(store, digest, spec, report=args.report)
    if args.out:
        _write(result, args.out)
        print(f"Written to {args.out}.")
    red = [check for check in result.checks if check.severity == "red"]
    for check in red:
        print(f"RED {check.title}: {check.explanation}")
    print(f"{result.run.claim.wording} {result.run.claim.reason}")


def arguments(spec: ModelSpec) -> list[str]:
    """Return the options that `run` reads back as this very specification, without data set and folder.

    Examples
    --------
    >>> arguments(ModelSpec("group", "TRD", "non-TRD", centre="centre", repeats=2))
    ['--factor=group', '--case=TRD', '--control=non-TRD', '--centre=centre', '--repeats=2']
    """
    options = [f"--{name}={getattr(spec, name)}" for name in ("factor", "case", "control")]
    options.append(f"--centre={spec.centre}")
    for field in fields(spec):
        value = getattr(spec, field.name)
        if field.name in ("factor", "case", "control", "centre") or value == field.default:
            continue
        text = join_names(value) if isinstance(value, tuple) else str(value)
        options.append(f"--{field.name.replace('_', '-')}={text}")
    return options


def _spec(args: argparse.Namespace, *, centre: str, external: str) -> ModelSpec:
    return ModelSpec(
        factor=args.factor,
        case=args.case,
        control=args.control,
        clinical=split_names(args.clinical),
        include_unsafe=split_names(args.include_unsafe),
        centre=centre,
        models=split_names(args.models),
        external=external,
        exclude=split_names(args.exclude),
        **{name: getattr(args, name) for name in _NUMBERS},
    )


def _centre(store: Store, digest: str, wanted: str) -> str:
    """Return the column of the centre: the one named, the cohort's own, or the one whose name says so."""
    if wanted != _SUGGEST:
        return wanted
    cohort = get_cohort(store, digest)
    suggested = next((s.value for s in suggest_roles(cohort.metadata)["centre"]), "")
    return cohort.roles.centre or suggested


def _external(store: Store, args: argparse.Namespace) -> str:
    """Return the content hash of the external cohort; "" where none was named."""
    if args.external:
        return known_digest(store, args.external, option="--external")
    if not (args.external_counts or args.external_metadata):
        return ""
    return read_digest(
        store, args.external_counts, args.external_metadata, prefix="external-", instead="--external"
    )


def _write(result: ModelResult, folder: Path) -> None:
    """Write the files, each whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    tables = {
        "predictions": result.predictions,
        "folds": result.fold_table(),
        "predictors": result.predictors,
        "checks": pd.DataFrame([_plain(check) for check in result.checks]),
        "checklist": checklist(result.checks),
        "selection": result.selection,
        "final_model": result.final,
        "reference": result.reference,
    }
    for name, table in tables.items():
        write_whole(folder / f"{name}.csv", table.to_csv(index=False, lineterminator="\n"))
    write_whole(folder / "metrics.json", json.dumps(metrics(result), indent=1, ensure_ascii=False) + "\n")


def metrics(result: ModelResult) -> dict[str, Any]:
    """Return what ``metrics.json`` holds: each model's performance, the checks and the claim.

    Where a red check stops the claim, the numbers of the models that use genes are withheld: they are
    null, and ``withheld`` says why. The predictions themselves are in ``predictions.csv``.
    """
    withheld = "" if result.run.claim.headline else result.run.claim.reason
    differences = against_baselines(result)
    models = {}
    for row in compare_models(result).to_dict("records"):
        own = differences[differences["model"] == row["model"]]
        models[str(row["model"])] = _model(row, own, "" if row["baseline"] else withheld)
    described = result.run.to_dict()
    return {
        "dataset": result.digest,
        "spec": json.loads(result.spec.to_json()),
        "contrast": result.spec.contrast,
        "headline": None if withheld else _headline(result, models),
        "models": models,
        "checks": [asdict(check) for check in result.checks],
        "claim": described.pop("claim"),
        "genes_chosen_outside_folds": _outside(result),
        "permuted_auc": result.permuted["auc"].astype(float).tolist(),
        **described,
    }


def _outside(result: ModelResult) -> dict[str, Any] | None:
    """Return what the mistake would have claimed: see `core.models.outside`."""
    if result.outside.empty:
        return None
    table = pooled(result.outside.assign(model="outside"))
    found = auc_delong(table["y"], table["p"])
    return {"auc": found.value, "auc_interval": [found.lower, found.upper]}


def _headline(result: ModelResult, models: dict[str, dict[str, Any]]) -> dict[str, Any]:
    chosen = models[result.run.claim.model]
    return {"model": result.run.claim.model, "auc": chosen["auc"], "auc_interval": chosen["auc_interval"]}


def _model(row: dict[Any, Any], differences: pd.DataFrame, withheld: str) -> dict[str, Any]:
    described = {
        "title": row["title"],
        "baseline": bool(row["baseline"]),
        "available": bool(row["available"]),
        "n": int(row["n"]),
        "withheld": withheld,
    }
    for name in (*METRICS, "centre_auc", "external_auc"):
        values = [_number(row[name + end], withheld) for end in ("", "_lower", "_upper")]
        described |= {name: values[0], f"{name}_interval": values[1:]}
    described["centre_gap"] = _number(row["gap"], withheld)
    described["against"] = {
        str(pair["baseline"]): {
            f"{name}{end}": _number(pair[f"{name}{end}"], withheld)
            for name in ("delta_auc", "delta_brier")
            for end in ("", "_lower", "_upper", "_pvalue")
        }
        for pair in differences.to_dict("records")
    }
    return described


def _number(value: float, withheld: str) -> float | None:
    return None if withheld or np.isnan(value) else float(value)


def _plain(check: CheckResult) -> dict[str, str]:
    """Return a check as one row of a table."""
    values = asdict(check).items()
    return {name: "; ".join(value) if isinstance(value, tuple) else value for name, value in values}
