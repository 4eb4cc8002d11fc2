"""Compare two groups again with permuted labels, to see what is found by chance."""

from __future__ import annotations

import argparse
from dataclasses import replace

from core.commands import de
from core.commands.output import write_whole
from core.de.run import run_de
from core.progress import within
from core.robustness.null_labels import PERMUTATIONS, SEED, run_null
from core.robustness.null_words import null_sentence
from core.store import Store


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of this verb: those of the comparison, and of the permutations."""
    de.add_arguments(parser)
    parser.add_argument("--permutations", type=int, default=PERMUTATIONS, metavar="N", help="how often")
    parser.add_argument("--seed", type=int, default=SEED, metavar="N", help="of the random numbers")


def run(args: argparse.Namespace) -> None:
    """Permute, write ``permutations.csv``, and say whether the test keeps its promise.

    Raises
    ------
    InputError
        If files, options or design cannot be used, with every fault.
    """
    store = Store()
    digest, spec = de.read_comparison(args, store)
    spec = replace(spec, shrink=False)
    result = run_de(store, digest, spec, report=within(args.report, 0.0, 0.1))
    part = within(args.report, 0.1, 1.0)
    null = run_null(store, digest, spec, n=max(2, args.permutations), seed=args.seed, report=part)
    if args.out:
        args.out.mkdir(parents=True, exist_ok=True)
        write_whole(args.out / "permutations.csv", null.runs.to_csv(index=False, lineterminator="\n"))
    print(null_sentence(null, n_observed=int((result.table["padj"] < spec.alpha).sum())))
