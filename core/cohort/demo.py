"""The demonstration cohort as a data set of the store: simulated once, found by its settings."""

from __future__ import annotations

from dataclasses import dataclass

from core.cohort.simulate import simulate_cohort
from core.cohort.simulation.settings import DEFAULT
from core.cohort.stored import find_card, put_cohort
from core.progress import Reporter, silent
from core.spec import DESpec, Spec
from core.store import Draft, Store, result_key

KIND = "demonstrations"
# Part of the key beside the settings: raise it when the simulation changes without them.
ALGORITHM = "demonstration-1"


@dataclass(frozen=True)
class DemoSpec(Spec):
    """Which demonstration cohort: 293 patients unless said otherwise."""

    seed: int = 1


DEMO = DemoSpec()
DEMO_ANALYSIS = DESpec(
    factor="group", case="TRD", control="non-TRD", covariates=("age", "sex", "centre"), shrink=True
)


def demo_key(spec: DemoSpec = DEMO) -> str:
    """Return the key under which the store remembers a demonstration cohort."""
    return result_key(dataset="demonstration", spec=spec, algorithm=f"{ALGORITHM} {DEFAULT!r}")


def find_demo(store: Store, spec: DemoSpec = DEMO) -> str | None:
    """Return the content hash of the demonstration cohort, or None before it was made."""
    entry = store.get(demo_key(spec), kind=KIND)
    digest = entry.run["digest"] if entry else None
    return digest if digest and find_card(store, digest) else None


def make_demo(store: Store, spec: DemoSpec = DEMO, *, report: Reporter = silent) -> str:
    """Simulate the demonstration cohort into the store unless it is there; return its hash."""
    found = find_demo(store, spec)
    if found:
        return found
    report("Simulating the demonstration cohort", 0.1, seconds_left=4)
    cohort, _ = simulate_cohort(seed=spec.seed)
    report("Writing the demonstration cohort", 0.8)
    digest = put_cohort(store, cohort)

    def write(draft: Draft) -> None:
        draft.run["digest"] = digest

    store.get_or_compute(demo_key(spec), write, kind=KIND)
    return digest
