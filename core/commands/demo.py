"""Write the simulated demonstration cohort: counts, metadata and what was planted."""

from __future__ import annotations

import argparse
from pathlib import Path

from core.cohort.demo import DemoSpec, make_demo
from core.cohort.simulate import COUNTS_FILE, METADATA_FILE, TRUTH_FILE, simulate_cohort, write_cohort
from core.cohort.simulation.settings import CASE, CONTROL, DEFAULT
from core.errors import Fault, InputError
from core.store import Store


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the verb."""
    sizes = DEFAULT.sizes
    parser.add_argument(
        "--out", type=Path, metavar="DIR", help="folder to write into; default: the dashboard's store"
    )
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="same seed, same cohort (default 1)")
    parser.add_argument(
        "--patients", type=int, default=sizes.patients, metavar="N", help=f"default {sizes.patients}"
    )
    parser.add_argument("--genes", type=int, default=sizes.genes, metavar="N", help=f"default {sizes.genes}")


def run(args: argparse.Namespace) -> None:
    """Simulate the cohort, write its files and say what they hold; without a folder, into the store.

    Raises
    ------
    InputError
        If the numbers cannot be met, or if other than the usual numbers are meant for the store.
    """
    if args.out is None:
        _keep(args)
        return
    cohort, truth = simulate_cohort(seed=args.seed, n_patients=args.patients, n_genes=args.genes)
    write_cohort(args.out, cohort, truth)
    groups = cohort.metadata["group"].value_counts()
    print(
        f"Simulated cohort, seed {args.seed}: {groups[CASE]} {CASE} and {groups[CONTROL]} {CONTROL} "
        f"patients, {len(cohort.genes):,} genes.\n"
        f"Written to {args.out}: {COUNTS_FILE}, {METADATA_FILE}, {TRUTH_FILE} (what was planted)."
    )


def _keep(args: argparse.Namespace) -> None:
    sizes = DEFAULT.sizes
    if (args.patients, args.genes) != (sizes.patients, sizes.genes):
        raise InputError([_only_usual_size()])
    digest = make_demo(Store(), DemoSpec(seed=args.seed), report=args.report)
    print(f"Demonstration cohort, seed {args.seed}, is in the store as {digest}.")


def _only_usual_size() -> Fault:
    return Fault(
        "no-folder",
        "options --patients, --genes",
        "a cohort of another size is written to a folder, not to the store",
        "Give --out DIR, or leave both options out",
    )
