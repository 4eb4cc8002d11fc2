"""The command of any kind of analysis: its options, its files, what it prints."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from core.analysis import Analysis, At, asked_spec, request_of
from core.analysis import run as compute
from core.commands.source import add_data_set, read_data_set, tokens_for
from core.kinds import kind_of
from core.options.argv import add_options as add_fields
from core.processes.stopping import write_whole
from core.spec import Spec
from core.store import Store

S = TypeVar("S", bound=Spec)
R = TypeVar("R")
NICE = 10  # of 19: what nobody asked for must not slow what somebody waits for


def add_arguments(parser: argparse.ArgumentParser, kind: Analysis[Any, Any]) -> None:
    """Add the options of a kind's verb."""
    kind.add_options(parser)
    parser.add_argument(
        "--out", type=Path, metavar="DIR", help="folder for the files; default: only the store"
    )


def run(args: argparse.Namespace, kind: Analysis[Any, Any]) -> None:
    """Compute what is asked for, write its files, and say what came of it.

    Raises
    ------
    InputError
        If files, options or design cannot be used, with every fault.
    """
    result = kind.result_of(args, Store())
    if args.out:
        write(kind, result, args.out)
        print(f"Written to {args.out}.")
    print(kind.sentence(result))


def run_request(args: argparse.Namespace, request: Mapping[str, Any]) -> None:
    """Compute what a job is asked for into the store, see `core.analysis.asked_for`."""
    if request.get("background"):
        give_way()
    kind, at, spec = request_of(request, Store())
    compute(kind, at, spec, report=args.report)


def give_way() -> None:
    """Let everything else that runs on this computer go first."""
    os.nice(NICE)


def add_options(parser: argparse.ArgumentParser, kind: Analysis[Any, Any]) -> None:
    """Add the options that name the data set, then those of every specification that is asked."""
    add_data_set(parser)
    for one in (*map(kind_of, kind.needs), kind):
        add_fields(parser, one.spec)


def asked(args: argparse.Namespace, store: Store, kind: Analysis[S, R]) -> tuple[At, S]:
    """Return what parsed options ask for, see `Analysis.asked`."""
    before = {need: asked_spec(kind_of(need), args) for need in kind.needs}
    spec = asked_spec(kind, args)
    at = At(store, read_data_set(args, store))
    known = {need: tokens_for(at.cohort, one) for need, one in before.items()}
    return At(store, at.digest, known), tokens_for(at.cohort, spec)


def write(kind: Analysis[S, R], result: R, folder: Path) -> None:
    """Write the files of a result, each whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in kind.tables(result).items():
        write_whole(folder / f"{name}.csv", table.to_csv(index=False, lineterminator="\n"))
    for name, document in kind.documents(result).items():
        text = json.dumps(document, indent=1, ensure_ascii=False)
        write_whole(folder / f"{name}.json", f"{text}\n")
