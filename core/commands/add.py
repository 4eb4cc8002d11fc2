"""Put a cohort into the store, so that the dashboard lists it, and print its content hash."""

from __future__ import annotations

import argparse
from pathlib import Path

from core.cohort.samples.quality import quality_notices
from core.cohort.stored import put_cohort
from core.commands.check import add_input_arguments, inspect, write_report
from core.errors import InputError
from core.store import Store


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's options."""
    add_input_arguments(parser)
    parser.add_argument("--name", help="what to call the cohort (default: name of the count file)")
    parser.add_argument("--out", type=Path, help="folder for check.json")


def run(args: argparse.Namespace) -> None:
    """Load the files and store the cohort; raise InputError with all faults if they cannot be used."""
    found = inspect(args, name=args.name)
    digest = put_cohort(Store(), found.cohort) if found.cohort is not None else None
    if args.out is not None:
        quality = quality_notices(found.cohort) if found.cohort is not None else []
        write_report(args.out, found.faults, (*found.notices, *quality), digest=digest)
    if digest is None:
        raise InputError(found.faults)
    print(digest)
