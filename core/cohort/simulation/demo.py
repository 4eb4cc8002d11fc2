"""The demonstration cohort as a data set of the store: simulated once, found by its settings."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from core.analysis import Analysis, At, asked_spec, find, key, run
from core.cohort.simulation.cohort import (
    COUNTS_FILE,
    METADATA_FILE,
    TRUTH_FILE,
    simulate_cohort,
    write_cohort,
)
from core.cohort.simulation.settings import CASE, CONTROL, DEFAULT
from core.cohort.stored import find_card, put_cohort
from core.errors import InputError
from core.options.argv import add_options, arguments
from core.progress import Reporter, silent
from core.spec import Spec, option
from core.store import Draft, Entry, Store

# Part of the key beside the settings: raise it when the simulation changes without them.
ALGORITHM = "demonstration-1"


@dataclass(frozen=True)
class DemoSpec(Spec):
    """Which demonstration cohort: 293 patients unless said otherwise."""

    seed: int = option(1, help="Same seed, same cohort.", limits=(0, 2**32 - 1))


DEMO = DemoSpec()


class Demonstration(Analysis[DemoSpec, str]):
    """Write the simulated demonstration cohort: counts, metadata and what was planted."""

    name = "demo"
    title = "Demonstration cohort"
    spec = DemoSpec

    def algorithm(self, spec: DemoSpec) -> str:
        """Return the version and all settings of the simulation."""
        return f"{ALGORITHM} {DEFAULT!r}"

    def compute(self, at: At, spec: DemoSpec, draft: Draft, report: Reporter) -> None:
        """Simulate the cohort into the store."""
        report("Simulating the demonstration cohort", 0.1, seconds_left=4)
        cohort, _ = simulate_cohort(seed=spec.seed)
        report("Writing the demonstration cohort", 0.8)
        draft.run["cohort"] = put_cohort(at.store, cohort)

    def read(self, entry: Entry) -> str:
        """Return the content hash of the cohort."""
        digest: str = entry.run["cohort"]
        return digest

    def doing(self, at: At, spec: DemoSpec) -> str:
        """Say what is done."""
        return "Preparing the demonstration cohort"

    def sentence(self, result: str) -> str:
        """Say where it is, or what was written."""
        return result if " " in result else f"The demonstration cohort is in the store as {result}."

    def words(self, at: At, spec: DemoSpec, *, data: list[str], out: str) -> Iterator[list[str]]:
        """Yield the command that puts it into the store."""
        yield [self.name, *arguments(spec)]

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the seed, and for files the size."""
        sizes = DEFAULT.sizes
        add_options(parser, self.spec)
        for name, size in (("--patients", sizes.patients), ("--genes", sizes.genes)):
            parser.add_argument(name, type=int, default=size, metavar="N", help=f"default {size}")

    def result_of(self, args: argparse.Namespace, store: Store) -> str:
        """Simulate into a folder, or into the store."""
        spec = asked_spec(self, args)
        if args.out is not None:
            return _written(args.out, spec, args)
        if (args.patients, args.genes) != (DEFAULT.sizes.patients, DEFAULT.sizes.genes):
            raise InputError.of(
                code="no-folder",
                where="options --patients, --genes",
                what="a cohort of another size is written to a folder, not to the store",
                mend="Give --out DIR, or leave both options out",
            )
        return make_demo(store, spec, report=args.report)


KIND = Demonstration()


def demo_key(spec: DemoSpec = DEMO, *, store: Store) -> str:
    """Return the key under which the store remembers a demonstration cohort, which also names its job."""
    return key(KIND, At(store, ""), spec)


def find_demo(store: Store, spec: DemoSpec = DEMO) -> str | None:
    """Return the content hash of the demonstration cohort, or None before it was made."""
    digest = find(KIND, At(store, ""), spec)
    return digest if digest and find_card(store, digest) else None


def make_demo(store: Store, spec: DemoSpec = DEMO, *, report: Reporter = silent) -> str:
    """Simulate the demonstration cohort into the store unless it is there; return its hash."""
    found = find_demo(store, spec)
    if found:
        return found
    store.discard(demo_key(spec, store=store), kind=KIND.name)  # its cohort is gone
    return run(KIND, At(store, ""), spec, report=report)


def _written(folder: Path, spec: DemoSpec, args: argparse.Namespace) -> str:
    cohort, truth = simulate_cohort(seed=spec.seed, n_patients=args.patients, n_genes=args.genes)
    write_cohort(folder, cohort, truth)
    groups = cohort.metadata["group"].value_counts()
    return (
        f"Simulated cohort, seed {spec.seed}: {groups[CASE]} {CASE} and {groups[CONTROL]} {CONTROL} "
        f"patients, {len(cohort.genes):,} genes: {COUNTS_FILE}, {METADATA_FILE}, {TRUTH_FILE} (the truth)."
    )
