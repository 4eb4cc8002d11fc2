"""What the Cohort page shows, computed once for each data set and comparison."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd
import streamlit as st

from core.analysis import Made
from core.cohort.model import Cohort
from core.cohort.samples.balance import describable, explained, table_one
from core.cohort.samples.exclusion import exclusion_words
from core.cohort.samples.profile import KIND as PROFILE
from core.cohort.samples.profile import Profile, ProfileSpec
from core.de.design.build import Design, build_design
from core.de.design.confounding import Light, confounding_lights
from core.de.spec import DESpec
from pages.ui.frame import access, state

COMPONENTS_SHOWN = 6
MEASURES = {
    "library_size": "reads",
    "detected": "genes with a count",
    "globin_share": "share of haemoglobin reads",
}


@dataclass(frozen=True)
class GroupComparison:
    """The groups of a comparison and the samples of its data set.

    Parameters
    ----------
    digest, cohort : str, Cohort
        The data set.
    spec : DESpec
        The comparison in force.
    design : Design
        Of the comparison without covariates: which samples are compared.
    profile : Profile or None
        What the samples look like, once that is known.
    lights : list of Light
        What each column could do to the comparison.
    table : pandas.DataFrame
        From `core.cohort.samples.balance.table_one`.
    """

    digest: str
    cohort: Cohort
    spec: DESpec
    design: Design
    profile: Profile | None
    lights: list[Light]
    table: pd.DataFrame

    @property
    def contrast(self) -> str:
        """What is compared, and which samples were left out, in words."""
        return ", ".join(filter(None, (self.spec.contrast, exclusion_words(self.spec.exclude))))

    @property
    def used(self) -> pd.DataFrame:
        """Metadata of the samples compared."""
        return self.cohort.metadata.iloc[self.design.positions]

    @property
    def groups(self) -> tuple[str, str]:
        """Case and control."""
        return self.spec.case, self.spec.control


def compare_groups(digest: str, spec: DESpec) -> GroupComparison:
    """Return what is to be shown, made once for each comparison; again when the samples are known."""
    made = profile_of(digest)
    return _compare_groups(digest, spec.to_json(), None if made is None else made.spec)


def profile_of(digest: str) -> Made[ProfileSpec, Profile] | None:
    """Return what is known of the samples, with how they were looked at."""
    return access.made(PROFILE, access.at(digest), state.chosen(PROFILE))


def _profile(digest: str, looking: ProfileSpec | None) -> Profile | None:
    return None if looking is None else access.find(PROFILE, access.at(digest), looking)


@st.cache_resource(max_entries=8, show_spinner=False)
def _compare_groups(digest: str, spec_json: str, looking: ProfileSpec | None) -> GroupComparison:
    spec, cohort = DESpec.from_json(spec_json), access.cohort(digest)
    profile = _profile(digest, looking)
    design = build_design(cohort.metadata, replace(spec, covariates=(), method="deseq2"))
    used, patient = cohort.metadata.iloc[design.positions], cohort.roles.patient
    columns = describable(used, without=[spec.factor, *([patient] if patient else [])])
    components = None if profile is None else profile.components
    lights = confounding_lights(cohort.metadata, spec, columns, components=components)
    table = table_one(used, design.groups, case=spec.case, control=spec.control, columns=columns)
    return GroupComparison(digest, cohort, spec, design, profile, lights, table)


@st.cache_resource(max_entries=4, show_spinner=False)
def explained_shares(digest: str, looking: ProfileSpec) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return what each characteristic explains of each component, and whether that is significant."""
    cohort, profile = access.cohort(digest), _profile(digest, looking)
    if profile is None:
        return pd.DataFrame(), pd.DataFrame()
    columns = describable(cohort.metadata, without=[cohort.roles.patient or ""])
    scores = profile.scores.add_suffix(" (score)")
    known = pd.concat([cohort.metadata[columns], profile.samples[list(MEASURES)], scores], axis=1)
    components = profile.components.iloc[:, :COMPONENTS_SHOWN]
    found = {str(name): explained(known[name], components) for name in known}
    shares = pd.DataFrame({name: part["share"] for name, part in found.items()}).T
    pvalues = pd.DataFrame({name: part["pvalue"] for name, part in found.items()}).T
    return shares, pvalues * max(shares.size, 1) < 0.05
