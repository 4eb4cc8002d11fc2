"""The same analyses without a screen: ``python -m core <verb>``."""

from __future__ import annotations

import argparse
import signal
import sys
from importlib import import_module
from pathlib import Path
from types import FrameType

from core.errors import CancelledError, ExplorerError, InputError
from core.progress import FileReporter, silent

VERBS = ("demo", "check", "add", "profile", "de", "pathways", "ladder", "permute", "subgroups", "models")


def main(argv: list[str] | None = None) -> int:
    """Run one verb; return 0, 2 for bad input (all faults on standard error), 1 otherwise."""
    arguments = _parse(argv)
    watcher = FileReporter(arguments.progress) if arguments.progress else None
    arguments.report = watcher or silent
    signal.signal(signal.SIGTERM, _cancel)
    try:
        arguments.report("Starting", 0.0)
        arguments.run(arguments)
    except InputError as error:
        for fault in error.faults:
            print(fault.line(), file=sys.stderr)
        if watcher:
            watcher.end("failed", faults=error.faults)
        return 2
    except ExplorerError as error:
        print(error, file=sys.stderr)
        if watcher:
            watcher.end("cancelled" if isinstance(error, CancelledError) else "failed", message=str(error))
        return 1
    if watcher:
        watcher.end("done")
    return 0


def _parse(argv: list[str] | None) -> argparse.Namespace:
    words = sys.argv[1:] if argv is None else argv
    # Only the verb that is meant is imported: the libraries behind the others take seconds.
    meant = words[:1] if words and words[0] in VERBS else VERBS
    parser = argparse.ArgumentParser(prog="python -m core", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    for verb in meant:
        module = import_module(f"core.commands.{verb}")
        summary = (module.__doc__ or "").splitlines()[0]
        sub = verbs.add_parser(verb, help=summary, description=summary)
        module.add_arguments(sub)
        sub.add_argument("--progress", type=Path, metavar="FILE", help="write progress to this JSON file")
        sub.set_defaults(run=module.run)
    return parser.parse_args(words)


def _cancel(signum: int, frame: FrameType | None) -> None:
    message = "Stopped on request; nothing was written."
    raise CancelledError(message)


if __name__ == "__main__":
    sys.exit(main())
