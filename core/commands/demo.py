"""Write the simulated demonstration cohort: counts, metadata and what was planted."""

from __future__ import annotations

import argparse
from pathlib import Path

from core.cohort.simulate import COUNTS_FILE, METADATA_FILE, TRUTH_FILE, simulate_cohort, write_cohort
from core.cohort.simulation.settings import CASE, CONTROL, DEFAULT


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the verb."""
    sizes = DEFAULT.sizes
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder to write into")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="same seed, same cohort (default 1)")
    parser.add_argument(
        "--patients", type=int, default=sizes.patients, metavar="N", help=f"default {sizes.patients}"
    )
    parser.add_argument("--genes", type=int, default=sizes.genes, metavar="N", help=f"default {sizes.genes}")


def run(args: argparse.Namespace) -> None:
    """Simulate the cohort, write its files and say what they hold."""
    cohort, truth = simulate_cohort(seed=args.seed, n_patients=args.patients, n_genes=args.genes)
    write_cohort(args.out, cohort, truth)
    groups = cohort.metadata["group"].value_counts()
    print(
        f"Simulated cohort, seed {args.seed}: {groups[CASE]} {CASE} and {groups[CONTROL]} {CONTROL} "
        f"patients, {len(cohort.genes):,} genes.\n"
        f"Written to {args.out}: {COUNTS_FILE}, {METADATA_FILE}, {TRUTH_FILE} (what was planted)."
    )
