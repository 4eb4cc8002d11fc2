"""The same analyses without a screen: ``python -m core <verb>``."""

from __future__ import annotations

import argparse
import sys
from importlib import import_module

from core.errors import ExplorerError, InputError

VERBS = ("demo", "check", "add", "de")


def main(argv: list[str] | None = None) -> int:
    """Run one verb; return 0, 2 for bad input (all faults on standard error), 1 otherwise."""
    parser = argparse.ArgumentParser(prog="python -m core", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    for verb in VERBS:
        module = import_module(f"core.commands.{verb}")
        summary = (module.__doc__ or "").splitlines()[0]
        sub = verbs.add_parser(verb, help=summary, description=summary)
        module.add_arguments(sub)
        sub.set_defaults(run=module.run)
    arguments = parser.parse_args(argv)
    try:
        arguments.run(arguments)
    except InputError as error:
        for fault in error.faults:
            print(fault.line(), file=sys.stderr)
        return 2
    except ExplorerError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
