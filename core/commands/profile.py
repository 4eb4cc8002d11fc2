"""Look at the samples of a data set as a whole: quality, principal components, cell scores."""

from __future__ import annotations

import argparse
from pathlib import Path

from core.cohort.profile import run_profile
from core.commands.de import add_data_set
from core.commands.output import write_whole
from core.commands.source import read_data_set
from core.store import Store
from core.words import percent


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of this verb."""
    add_data_set(parser)
    parser.add_argument(
        "--out", type=Path, metavar="DIR", help="folder for samples.csv; default: only the store"
    )


def run(args: argparse.Namespace) -> None:
    """Compute the profile, keep it in the store, and write samples.csv.

    Raises
    ------
    InputError
        If the files cannot be used, with every fault.
    """
    store = Store()
    profile = run_profile(store, read_data_set(args, store), report=args.report)
    if args.out:
        args.out.mkdir(parents=True, exist_ok=True)
        write_whole(args.out / "samples.csv", profile.samples.to_csv(lineterminator="\n"))
    for notice in profile.notices:
        print(f"{notice.code}: {notice.message}")
    first = ", ".join(f"PC{i + 1} {percent(share)}" for i, share in enumerate(profile.shares[:3]))
    print(f"{len(profile.samples)} samples, {profile.n_genes:,} genes; variance on {first}.")
