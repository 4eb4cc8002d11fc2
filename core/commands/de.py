"""Compare two groups gene by gene (differential expression).

Writes ``de.csv`` and ``run.json`` to a folder and keeps the result in the store, where the
pages find it.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, get_args

from core.cohort.cell_scores import with_scores
from core.cohort.exclusion import REASONS, named_exclusions
from core.cohort.stored import get_cohort
from core.commands.names import join_names, split_names
from core.commands.output import write_whole
from core.commands.source import read_data_set
from core.de.check import check_spec
from core.de.design import build_designs
from core.de.result import DEResult
from core.de.run import run_de
from core.spec import DESpec, Method
from core.store import Store

_DEFAULT = DESpec(factor="", case="", control="")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of this verb."""
    add_data_set(parser)
    parser.add_argument("--factor", required=True, metavar="COL", help="metadata column with the groups")
    parser.add_argument("--case", required=True, metavar="LEVEL", help="positive means higher here")
    parser.add_argument("--control", required=True, metavar="LEVEL", help="what it is compared with")
    parser.add_argument(
        "--covariates", default="", metavar="COL,COL", help="columns to adjust for, quoted as in CSV"
    )
    _add_settings(parser)
    parser.add_argument(
        "--out", type=Path, metavar="DIR", help="folder for the files; default: only the store"
    )


def add_data_set(parser: argparse.ArgumentParser) -> None:
    """Add the options that name a data set: its files, or its hash in the store."""
    parser.add_argument("--counts", type=Path, metavar="FILE", help="count matrix")
    parser.add_argument("--metadata", type=Path, metavar="FILE", help="metadata table")
    parser.add_argument("--dataset", metavar="HASH", help="a data set of the store, instead of files")


def _add_settings(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--min-count",
        type=int,
        default=_DEFAULT.min_count,
        metavar="N",
        help="counts that call a gene expressed",
    )
    parser.add_argument(
        "--min-samples",
        type=int,
        metavar="N",
        help="in so many samples; default: the size of the smallest group; 0: off",
    )
    parser.add_argument("--method", choices=get_args(Method), default=_DEFAULT.method, help="kind of test")
    parser.add_argument("--shrink", action="store_true", help="also shrink the fold changes")
    parser.add_argument(
        "--winsorise", type=float, metavar="Q", help="cap each gene's normalised counts at this quantile"
    )
    parser.add_argument(
        "--scaled",
        action="store_true",
        help="centre and scale numbers among the covariates, as the pages do; default: as they are, as in R",
    )
    parser.add_argument(
        "--exclude",
        default="",
        metavar="SAMPLE:WHY,...",
        help=f"samples to leave out, by name or token; why: {', '.join(REASONS)}",
    )
    parser.add_argument(
        "--all-groups",
        action="store_true",
        help="fit one model to all groups of the factor; any two are then compared without a new fit",
    )
    parser.add_argument(
        "--alpha", type=float, default=_DEFAULT.alpha, metavar="P", help="false discovery rate aimed at"
    )
    parser.add_argument(
        "--lfc-threshold",
        type=float,
        default=_DEFAULT.lfc_threshold,
        metavar="X",
        help="test for an absolute log2 fold change above this",
    )


def run(args: argparse.Namespace) -> None:
    """Run the analysis and write its files.

    Raises
    ------
    InputError
        If files, options or design cannot be used, with every fault.
    """
    store = Store()
    digest, spec = read_comparison(args, store)
    build_designs(with_scores(get_cohort(store, digest), spec.covariates), spec)
    result = run_de(store, digest, spec, report=args.report)
    if args.out:
        _write(result, args.out)
        print(f"Written to {args.out}.")
    significant = int((result.table["padj"] < spec.alpha).sum())
    print(
        f"{spec.contrast}, {spec.design}: {significant} of {result.run.n_active} active genes differ at "
        f"padj < {spec.alpha:g} ({result.run.n_case} and {result.run.n_control} samples)."
    )
    for notice in result.run.notices:
        print(notice.message)


def read_comparison(args: argparse.Namespace, store: Store) -> tuple[str, DESpec]:
    """Return the content hash of the cohort and the comparison that were asked for.

    Raises
    ------
    InputError
        If files, options or names of samples cannot be used, with every fault.
    """
    spec = spec_of(args)
    check_spec(spec)
    digest = read_data_set(args, store)
    samples = map(str, get_cohort(store, digest).samples)
    return digest, replace(spec, exclude=named_exclusions(samples, spec.exclude))


def spec_of(args: argparse.Namespace) -> DESpec:
    """Return the analysis that these options ask for."""
    return DESpec(
        factor=args.factor,
        case=args.case,
        control=args.control,
        covariates=split_names(args.covariates),
        min_count=args.min_count,
        min_samples=args.min_samples,
        method=args.method,
        alpha=args.alpha,
        lfc_threshold=args.lfc_threshold,
        shrink=args.shrink,
        winsorise=args.winsorise,
        scale=args.scaled,
        exclude=split_names(args.exclude),
        all_groups=args.all_groups,
    )


def arguments(spec: DESpec) -> list[str]:
    """Return the options that `run` reads back as this very specification, without data set and folder.

    Examples
    --------
    >>> arguments(DESpec("group", "TRD", "non-TRD", ("age", "centre")))
    ['--factor=group', '--case=TRD', '--control=non-TRD', '--scaled', '--covariates=age,centre']
    """
    options = [f"--factor={spec.factor}", f"--case={spec.case}", f"--control={spec.control}"]
    if spec.scale and spec.covariates:
        options.append("--scaled")
    for field in fields(spec):
        value = getattr(spec, field.name)
        if field.name in ("factor", "case", "control", "scale") or value == field.default:
            continue
        option = "--" + field.name.replace("_", "-")
        text = join_names(value) if isinstance(value, tuple) else value
        options.append(option if isinstance(value, bool) else f"{option}={text}")
    return options


def _write(result: DEResult, folder: Path) -> None:
    """Write both files, each whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / "de.csv", result.table.to_csv(index=False, lineterminator="\n"))
    write_whole(folder / "run.json", json.dumps(_run(result), indent=1, ensure_ascii=False) + "\n")


def _run(result: DEResult) -> dict[str, Any]:
    return {
        "dataset": result.digest,
        "spec": json.loads(result.spec.to_json()),
        "design": result.spec.design,
        "contrast": result.spec.contrast,
        **result.run.to_dict(),
        "size_factors": {str(sample): factor for sample, factor in result.size_factors.items()},
    }
