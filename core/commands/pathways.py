"""Test gene sets on a finished comparison.

Reads ``de.csv`` and ``run.json`` of ``python -m core de`` and writes ``pathways.csv``,
``themes.csv`` and ``pathways.json``; tests that score patients also ``set_scores.csv``. If the data
set is in the store, as it is after ``python -m core de`` on this computer, the sets are also checked for
genes that merely move together.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import fields
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pandas as pd

from core.cohort.model import Cohort
from core.cohort.stored import get_cohort
from core.commands.names import join_names, split_names
from core.commands.output import write_whole
from core.de.run import find_de
from core.errors import Fault, InputError
from core.pathways.check import check_spec
from core.pathways.redundancy import foremost
from core.pathways.result import FLAG, PathwayResult
from core.pathways.run import run_pathways
from core.pathways.select_sets import set_keys
from core.spec import Background, DESpec, Direction, EnrichmentTest, PathwaySpec
from core.store import Store

_DEFAULT = PathwaySpec()
_OPTIONS = {"test": "method"}  # fields whose option has another name
_NEEDED = ("gene", "symbol", "baseMean", "log2FoldChange", "stat", "pvalue", "padj")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of this verb."""
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--de", type=Path, metavar="DIR", help="folder that python -m core de wrote")
    source.add_argument("--comparison", metavar="KEY", help="key of a comparison in the store, instead")
    parser.add_argument(
        "--collections",
        default=",".join(_DEFAULT.collections),
        metavar="NAME,FILE",
        help="shipped collections or GMT files",
    )
    parser.add_argument(
        "--method", choices=get_args(EnrichmentTest), default=_DEFAULT.test, help="kind of test"
    )
    _add_settings(parser)
    parser.add_argument(
        "--out", type=Path, metavar="DIR", help="folder for the files; default: only the store"
    )


def _add_settings(parser: argparse.ArgumentParser) -> None:
    numbers = (
        ("min-size", int, "fewest tested genes of a set"),
        ("max-size", int, "most tested genes of a set"),
        ("set-alpha", float, "adjusted p-value below which a set is significant"),
        ("seed", int, "of the random sets that GSEA draws"),
        ("permutations", int, "random sets of each size that GSEA draws first"),
        ("gene-alpha", float, "ora: adjusted p-value below which a gene is significant"),
        ("gene-lfc", float, "ora: smallest absolute log2 fold change of a significant gene"),
    )
    for name, kind, what in numbers:
        default = getattr(_DEFAULT, name.replace("-", "_"))
        parser.add_argument(f"--{name}", type=kind, default=default, metavar="N", help=what)
    parser.add_argument(
        "--direction", choices=get_args(Direction), default=_DEFAULT.direction, help="ora: which genes"
    )
    parser.add_argument(
        "--background", choices=get_args(Background), default=_DEFAULT.background, help="ora: against which"
    )
    parser.add_argument(
        "--correlation",
        type=_correlation,
        default=_DEFAULT.correlation,
        metavar="R",
        help="camera: correlation between genes of a set; 'none' to estimate it",
    )


def run(args: argparse.Namespace) -> None:
    """Test the sets, write the files, and say what came of it."""
    spec = _spec(args)
    check_spec(spec)
    store = Store()
    result = _from_store(store, args, spec) if args.comparison else _from_folder(store, args, spec)
    if args.out:
        _write(result, args.out)
        print(f"Written to {args.out}.")
    info = result.run
    print(f"{info.n_significant} of {info.n_sets} sets at padj < {spec.set_alpha:g}. {info.method}")
    if info.background:
        print(info.background)
    print(info.check)
    if info.n_flagged:
        print(f"{info.n_flagged} of them are marked “{FLAG}”: the check does not confirm them.")


def arguments(spec: PathwaySpec) -> list[str]:
    """Return the options that `run` reads back as this very specification, without comparison and folder.

    Examples
    --------
    >>> arguments(PathwaySpec(collections=("hallmark", "btm"), test="ora"))
    ['--collections=hallmark,btm', '--method=ora']
    """
    options = []
    for field in fields(spec):
        value = getattr(spec, field.name)
        if value != field.default:
            text = join_names(value) if isinstance(value, tuple) else "none" if value is None else str(value)
            options.append(f"--{_OPTIONS.get(field.name, field.name.replace('_', '-'))}={text}")
    return options


def _spec(args: argparse.Namespace) -> PathwaySpec:
    return PathwaySpec(
        collections=split_names(args.collections),
        test=args.method,
        min_size=args.min_size,
        max_size=args.max_size,
        set_alpha=args.set_alpha,
        correlation=args.correlation,
        seed=args.seed,
        permutations=args.permutations,
        direction=args.direction,
        gene_alpha=args.gene_alpha,
        gene_lfc=args.gene_lfc,
        background=args.background,
    )


def _correlation(text: str) -> float | None:
    return None if text == "none" else float(text)


def _from_store(store: Store, args: argparse.Namespace, spec: PathwaySpec) -> PathwayResult:
    entry = store.get(args.comparison)
    if entry is None or "spec" not in entry.run:
        raise InputError([_unknown_comparison(args.comparison)])
    de_spec = DESpec.from_json(entry.run["spec"])
    return run_pathways(store, entry.run["digest"], de_spec, spec, report=args.report)


def _from_folder(store: Store, args: argparse.Namespace, spec: PathwaySpec) -> PathwayResult:
    table, described = _read_table(args.de), _read_run(args.de)
    digest = str(described.get("dataset", ""))
    de_spec = DESpec.from_json(json.dumps(described["spec"])) if "spec" in described else None
    if de_spec is not None:
        stored = find_de(store, digest, de_spec)
        if stored is not None and _equal(table, stored.table):
            return run_pathways(store, digest, de_spec, spec, report=args.report)
    from core.pathways.compute import Comparison, analyse

    cohort = _find_cohort(store, digest) if de_spec else None
    if cohort is not None and not np.array_equal(cohort.genes["gene"], table["gene"]):
        cohort = None
    comparison = Comparison(table, de_spec, digest, cohort, bool(described.get("simulated", False)))
    return analyse(comparison, spec, report=args.report)


def _find_cohort(store: Store, digest: str) -> Cohort | None:
    return get_cohort(store, digest) if store.get(digest, kind="cohorts") else None


def _equal(table: pd.DataFrame, stored: pd.DataFrame) -> bool:
    """Whether a file still holds the comparison that the store has, so that its result may be shared."""
    return np.array_equal(table["gene"], stored["gene"]) and all(
        np.allclose(table[name], stored[name], rtol=1e-9, atol=0, equal_nan=True)
        for name in _NEEDED
        if name not in ("gene", "symbol")
    )


def _read_table(folder: Path) -> pd.DataFrame:
    path = folder / "de.csv"
    if not path.is_file():
        raise InputError([_no_table(path)])
    # "NA" would be a legitimate symbol: only the empty field is missing.
    text = {"gene": str, "symbol": str, "note": str, "outlier": str}
    try:
        table = pd.read_csv(path, dtype=text, na_values=[""], keep_default_na=False)
        numbers = {name: table[name].astype(float) for name in _NEEDED if name not in text}
    except (ValueError, KeyError) as error:
        raise InputError([_bad_table(path, str(error))]) from None
    missing = [name for name in ("gene", "symbol") if name not in table]
    if missing:
        raise InputError([_bad_table(path, f"there is no column {missing[0]!r}")])
    return table.assign(**numbers, symbol=table["symbol"].fillna(""))


def _read_run(folder: Path) -> dict[str, Any]:
    path = folder / "run.json"
    if not path.is_file():
        return {}
    try:
        described: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise InputError([_bad_table(path, str(error))]) from None
    return described


def _write(result: PathwayResult, folder: Path) -> None:
    """Write the files, each whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    described = {
        "dataset": result.digest,
        "spec": json.loads(result.spec.to_json()),
        "de_spec": json.loads(result.de_spec.to_json()) if result.de_spec else None,
        **result.run.to_dict(),
    }
    ordered = result.table.iloc[foremost(result.table)]
    write_whole(folder / "pathways.csv", ordered.to_csv(index=False, lineterminator="\n"))
    write_whole(folder / "themes.csv", result.themes.to_csv(index=False, lineterminator="\n"))
    if result.sample_scores is not None:
        write_whole(folder / "set_scores.csv", _scores(result).to_csv(lineterminator="\n"))
    write_whole(folder / "pathways.json", json.dumps(described, indent=1, ensure_ascii=False) + "\n")


def _scores(result: PathwayResult) -> pd.DataFrame:
    """Return the score of each set (``collection/set``) in each sample compared."""
    samples = result.scores.columns.drop(["theme", "sub_theme"])
    return pd.DataFrame(result.sample_scores, columns=samples, index=set_keys(result.table).rename("set"))


def _unknown_comparison(key: str) -> Fault:
    return Fault(
        "unknown-comparison",
        f"option --comparison {key[:12]}",
        "the store has no such comparison",
        "Run python -m core de, and give its folder by --de",
    )


def _no_table(path: Path) -> Fault:
    return Fault(
        "no-comparison",
        str(path),
        "there is no such file",
        "Give the folder that python -m core de --out wrote",
    )


def _bad_table(path: Path, reason: str) -> Fault:
    return Fault(
        "bad-comparison",
        str(path),
        f"it cannot be read ({reason.strip()})",
        "Give the folder that python -m core de --out wrote, with its files unchanged",
    )
