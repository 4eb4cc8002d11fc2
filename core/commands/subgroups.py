"""Compare two groups without each centre, and ask whether the difference depends on sex."""

from __future__ import annotations

import argparse

from core.commands import de
from core.commands.output import write_whole
from core.robustness.subgroup_words import centres_sentence, sex_sentence
from core.robustness.subgroups import run_subgroups
from core.store import Store

add_arguments = de.add_arguments


def run(args: argparse.Namespace) -> None:
    """Compute, write ``centres.csv`` and ``sex_interaction.csv``, and say what came of it.

    Raises
    ------
    InputError
        If files, options or design cannot be used, with every fault.
    """
    store = Store()
    digest, spec = de.read_comparison(args, store)
    found = run_subgroups(store, digest, spec, report=args.report)
    if args.out:
        args.out.mkdir(parents=True, exist_ok=True)
        write_whole(args.out / "centres.csv", found.centres.to_csv(index=False, lineterminator="\n"))
        write_whole(args.out / "sex_interaction.csv", found.sexes.to_csv(index=False, lineterminator="\n"))
    print(centres_sentence(found))
    print(sex_sentence(found))
