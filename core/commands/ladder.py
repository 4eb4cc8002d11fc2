"""Refit a comparison with more and more covariates, and see what survives.

Writes ``ladder.csv`` (the rungs), ``ladder_genes.csv``, ``ladder_themes.csv`` and ``ladder.json`` to a
folder. Each rung is kept in the store as an ordinary comparison.
"""

from __future__ import annotations

import argparse
import json
import os
from dataclasses import asdict
from pathlib import Path

from core.commands import de
from core.commands.output import write_whole
from core.robustness.ladder import Ladder, run_ladder
from core.robustness.ladder_summary import rung_counts
from core.robustness.ladder_words import cells_sentence, survivors
from core.store import Store

NICE = 10  # of 19: what nobody asked for must not slow what somebody waits for


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of this verb: those of the comparison, and whether it may wait."""
    de.add_arguments(parser)
    parser.add_argument(
        "--background", action="store_true", help="give way to everything else that runs on this computer"
    )


def run(args: argparse.Namespace) -> None:
    """Compute the rungs that are missing, write the files, and say what came of it.

    Raises
    ------
    InputError
        If files, options or design cannot be used, with every fault.
    """
    if args.background:
        os.nice(NICE)
    store = Store()
    digest, spec = de.read_comparison(args, store)
    ladder = run_ladder(store, digest, spec, report=args.report)
    if args.out:
        _write(ladder, args.out)
        print(f"Written to {args.out}.")
    counts = rung_counts(ladder, alpha=spec.alpha)
    print(
        counts[["label", "n_case", "n_control", "n_active", "n", "kept", "lost", "new"]].to_string(
            index=False
        )
    )
    for one in ladder.left_out:
        print(f"Not adjusted for: {one.column or one.step}: {one.reason}.")
    print(survivors(ladder, alpha=spec.alpha))
    print(cells_sentence(ladder, alpha=spec.alpha))


def _write(ladder: Ladder, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    tables = {
        "ladder.csv": rung_counts(ladder, alpha=ladder.spec.alpha),
        "ladder_genes.csv": ladder.genes,
        "ladder_themes.csv": ladder.themes,
    }
    for name, table in tables.items():
        write_whole(folder / name, table.to_csv(index=False, lineterminator="\n"))
    told = {
        "dataset": ladder.digest,
        "spec": json.loads(ladder.spec.to_json()),
        "rungs": [asdict(rung) for rung in ladder.rungs],
        "left_out": [asdict(one) for one in ladder.left_out],
        "simulated": ladder.simulated,
    }
    write_whole(folder / "ladder.json", json.dumps(told, indent=1, ensure_ascii=False) + "\n")
