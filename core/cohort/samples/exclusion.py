"""Samples left out of a comparison, each with its reason, and named by no identifier."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from core.cohort.reading.findings import count_of
from core.cohort.samples.tokens import sample_tokens
from core.errors import Fault, InputError

REASONS = {
    "sex-mismatch": "recorded sex disagrees with the reads, or reads of both sexes",
    "duplicate-sample": "same material as another sample",
    "repeated-patient": "another sample of the same patient",
    "low-depth": "too few reads",
    "high-globin": "mostly haemoglobin reads",
    "outlier-sample": "a profile unlike all others",
    "chosen": "chosen by hand",
}


def exclusion(samples: Iterable[str], sample: str, *, reason: str) -> str:
    """Return how a specification names a sample that is left out, and why.

    Parameters
    ----------
    samples : iterable of str
        All samples of the data set.
    sample : str
        The one that is left out.
    reason : str
        One of `REASONS`.
    """
    return f"{sample_tokens(samples)[sample]}:{reason}"


def named_exclusions(samples: Iterable[str], items: Iterable[str]) -> tuple[str, ...]:
    """Return exclusions with tokens where identifiers were given, sorted; others as they are.

    Parameters
    ----------
    samples : iterable of str
        All samples of the data set.
    items : iterable of str
        ``sample:reason``, ``token:reason``, or either without its reason.
    """
    tokens = sample_tokens(samples)
    found = []
    for item in items:
        name, _, reason = (item, "", "chosen") if item in tokens or ":" not in item else item.rpartition(":")
        found.append(f"{tokens.get(name, name)}:{reason}")
    return tuple(sorted(set(found)))


def left_out(samples: Iterable[str], items: Iterable[str]) -> dict[str, str]:
    """Return the reason of each sample that is left out.

    Raises
    ------
    InputError
        If a token is that of no sample, or a reason is none of `REASONS`.
    """
    by_token = {token: sample for sample, token in sample_tokens(samples).items()}
    faults, found = [], {}
    for item in items:
        token, _, reason = item.partition(":")
        if token not in by_token:
            faults.append(_fault(f"{token!r} is the token of no sample of this data set"))
        elif reason not in REASONS:
            faults.append(_fault(f"{reason!r} is no reason; there are: {', '.join(REASONS)}"))
        else:
            found[by_token[token]] = reason
    if faults:
        raise InputError(faults)
    return found


def exclusion_words(items: Iterable[str]) -> str:
    """Return how many samples are left out and why: "3 left out (2 low-depth, 1 chosen)"; "" for none."""
    reasons = Counter(item.partition(":")[2] for item in items)
    if not reasons:
        return ""
    parts = ", ".join(f"{n} {reason}" for reason, n in sorted(reasons.items()))
    return f"{count_of(reasons.total(), 'sample')} left out ({parts})"


def _fault(what: str) -> Fault:
    mend = "Leave samples out on the Cohort page, or name them as in the metadata"
    return Fault("bad-exclude", "samples left out", what, mend)
