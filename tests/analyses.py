"""Any analysis by name, as tests ask for it."""

from __future__ import annotations

import argparse
from dataclasses import replace

from core import analysis
from core.__main__ import _parse
from core.analysis import At
from core.cohort.samples.profile import KIND as PROFILE
from core.cohort.samples.profile import Profile, ProfileSpec
from core.de.result import DEResult
from core.de.spec import DESpec
from core.kinds import KINDS, kind_of
from core.models.result import ModelResult
from core.models.spec import ModelSpec
from core.pathways.result import PathwayResult
from core.pathways.spec import PathwaySpec
from core.progress import Reporter, silent
from core.robustness.ladder.run import KIND as LADDER
from core.robustness.ladder.run import Ladder, LadderSpec
from core.robustness.null.labels import KIND as NULL
from core.robustness.null.labels import NullResult, NullSpec
from core.robustness.subgroups.run import KIND as PARTS
from core.robustness.subgroups.run import Subgroups, SubgroupSpec
from core.spec import Spec
from core.store import Store


def at_comparison(store: Store, digest: str, spec: DESpec) -> At:
    """What an analysis of a comparison starts from."""
    return At(store, digest, {"de": spec})


def run_de(
    store: Store, digest: str, spec: DESpec, *, report: Reporter = silent, n_cpus: int | None = None
) -> DEResult:
    found: DEResult = analysis.run(kind_of("de"), At(store, digest, n_cpus=n_cpus), spec, report=report)
    return found


def find_de(store: Store, digest: str, spec: DESpec) -> DEResult | None:
    return analysis.find(kind_of("de"), At(store, digest), spec)


def de_key(digest: str, spec: DESpec) -> str:
    return analysis.key(kind_of("de"), At(Store(), digest), spec)


def run_pathways(
    store: Store,
    digest: str,
    de_spec: DESpec,
    spec: PathwaySpec,
    *,
    report: Reporter = silent,
    n_threads: int | None = None,
) -> PathwayResult:
    at = replace(at_comparison(store, digest, de_spec), n_cpus=n_threads)
    found: PathwayResult = analysis.run(kind_of("pathways"), at, spec, report=report)
    return found


def find_pathways(store: Store, digest: str, de_spec: DESpec, spec: PathwaySpec) -> PathwayResult | None:
    return analysis.find(kind_of("pathways"), at_comparison(store, digest, de_spec), spec)


def pathway_key(digest: str, de_spec: DESpec, spec: PathwaySpec) -> str:
    return analysis.key(kind_of("pathways"), at_comparison(Store(), digest, de_spec), spec)


def run_models(
    store: Store, digest: str, spec: ModelSpec, *, report: Reporter = silent, n_threads: int | None = None
) -> ModelResult:
    found: ModelResult = analysis.run(
        kind_of("models"), At(store, digest, n_cpus=n_threads), spec, report=report
    )
    return found


def find_models(store: Store, digest: str, spec: ModelSpec) -> ModelResult | None:
    return analysis.find(kind_of("models"), At(store, digest), spec)


def model_key(digest: str, spec: ModelSpec) -> str:
    return analysis.key(kind_of("models"), At(Store(), digest), spec)


def run_ladder(store: Store, digest: str, spec: DESpec, *, report: Reporter = silent) -> Ladder:
    found: Ladder = analysis.run(LADDER, at_comparison(store, digest, spec), LadderSpec(), report=report)
    return found


def find_ladder(store: Store, digest: str, spec: DESpec) -> Ladder | None:
    return analysis.find(LADDER, at_comparison(store, digest, spec), LadderSpec())


def ladder_key(digest: str, spec: DESpec) -> str:
    return analysis.key(LADDER, at_comparison(Store(), digest, spec), LadderSpec())


def run_null(store: Store, digest: str, spec: DESpec, *, n: int = 20, seed: int = 1) -> NullResult:
    return analysis.run(NULL, at_comparison(store, digest, spec), NullSpec(permutations=n, seed=seed))


def find_null(store: Store, digest: str, spec: DESpec, *, n: int = 20, seed: int = 1) -> NullResult | None:
    return analysis.find(NULL, at_comparison(store, digest, spec), NullSpec(permutations=n, seed=seed))


def run_subgroups(store: Store, digest: str, spec: DESpec, *, report: Reporter = silent) -> Subgroups:
    return analysis.run(PARTS, at_comparison(store, digest, spec), SubgroupSpec(), report=report)


def find_subgroups(store: Store, digest: str, spec: DESpec) -> Subgroups | None:
    return analysis.find(PARTS, at_comparison(store, digest, spec), SubgroupSpec())


def run_profile(store: Store, digest: str) -> Profile:
    return analysis.run(PROFILE, At(store, digest), ProfileSpec())


def find_profile(store: Store, digest: str) -> Profile | None:
    return analysis.find(PROFILE, At(store, digest), ProfileSpec())


def profile_key(digest: str) -> str:
    return analysis.key(PROFILE, At(Store(), digest), ProfileSpec())


def check_spec(spec: Spec) -> None:
    """Refuse a specification with every fault, as pages and commands do."""
    kind = next(one for one in map(kind_of, KINDS) if one.spec is type(spec))
    analysis.check(kind, spec)


def parse(*words: object) -> argparse.Namespace:
    """Return what `python -m core` makes of these words."""
    arguments = _parse(list(map(str, words)))
    arguments.report = silent
    return arguments
