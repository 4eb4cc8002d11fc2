from __future__ import annotations

from core.cohort.samples.tokens import DIGITS, sample_tokens


def test_tokens_tell_samples_apart_and_say_nothing() -> None:
    tokens = sample_tokens(f"Maria-{i}" for i in range(2000))
    assert len(set(tokens.values())) == 2000
    assert all(len(token) == DIGITS and "aria" not in token for token in tokens.values())


def test_order_does_not_matter_but_the_data_set_does() -> None:
    names = ["S1", "S2", "S3"]
    assert sample_tokens(names)["S2"] == sample_tokens(names[::-1])["S2"]
    assert sample_tokens(names)["S2"] != sample_tokens(names[:2])["S2"]
