"""The same analyses without a screen: ``python -m core <verb>``."""

from __future__ import annotations

import argparse
import inspect
import json
import sys
from contextlib import suppress
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from core.commands import analyses
from core.errors import CancelledError, ExplorerError, InputError
from core.kinds import KINDS, kind_of
from core.processes.disk import cause_of, mend_of
from core.processes.stopping import STOPPED, stoppable
from core.progress import JOB, PROGRESS, REQUEST, FileReporter, silent

OTHERS = ("check", "add")
"""Verbs that are no analysis: they read a data set."""


def main(argv: list[str] | None = None) -> int:
    """Run one verb, or a job; return 0, 2 for bad input (all faults on standard error), 1 otherwise."""
    words = sys.argv[1:] if argv is None else argv
    arguments = _of_job(Path(words[1])) if words[:1] == [JOB] else _parse(words)
    watcher = FileReporter(arguments.progress) if arguments.progress else None
    arguments.report = watcher or silent
    try:
        with stoppable(lambda: _stopped(watcher)):
            arguments.report("Starting", 0.0)
            arguments.run(arguments)
    except CancelledError:
        _stopped(watcher)
        return 1
    except InputError as error:
        print(error, file=sys.stderr)
        if watcher:
            watcher.end("failed", faults=error.faults)
        return 2
    except ExplorerError as error:
        print(error, file=sys.stderr)
        if watcher:
            watcher.end("failed", message=str(error))
        return 1
    except OSError as error:  # the disk under --out or --progress; what was computed is in the store
        message = f"Nothing can be written at {cause_of(error)}. {mend_of(error) or 'Name another place'}."
        print(message, file=sys.stderr)
        if watcher:
            with suppress(OSError):
                watcher.end("failed", message=message)
        return 1
    if watcher:
        watcher.end("done")
    return 0


def _parse(words: list[str]) -> argparse.Namespace:
    verbs_ = (*OTHERS, *KINDS)
    # Only the verb that is meant is imported: the libraries behind the others take seconds.
    meant = words[:1] if words and words[0] in verbs_ else verbs_
    parser = argparse.ArgumentParser(prog="python -m core", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    for verb in meant:
        _add_verb(verbs, verb)
    return parser.parse_args(words)


def _add_verb(verbs: Any, verb: str) -> None:
    module: Any = kind_of(verb) if verb in KINDS else import_module(f"core.commands.{verb}")
    description = inspect.getdoc(module) or ""
    sub = verbs.add_parser(verb, help=description.splitlines()[0], description=description)
    if verb in KINDS:
        analyses.add_arguments(sub, module)
        sub.set_defaults(run=partial(analyses.run, kind=module))
    else:
        module.add_arguments(sub)
        sub.set_defaults(run=module.run)
    sub.add_argument("--progress", type=Path, metavar="FILE", help="write progress to this JSON file")


def _of_job(folder: Path) -> argparse.Namespace:
    """Return what a job is to do, from its folder: no list of processes shows it, and nothing limits it."""
    request = json.loads((folder / REQUEST).read_text(encoding="utf-8"))
    if "arguments" in request:
        arguments = _parse(request["arguments"])
    else:
        arguments = argparse.Namespace(run=partial(analyses.run_request, request=request))
    arguments.progress = folder / PROGRESS
    return arguments


def _stopped(watcher: FileReporter | None) -> None:
    print(STOPPED, file=sys.stderr, flush=True)
    if watcher:
        watcher.end("cancelled", message=STOPPED)


if __name__ == "__main__":
    sys.exit(main())
