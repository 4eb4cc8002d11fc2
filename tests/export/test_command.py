from __future__ import annotations

import argparse
import shlex

import pytest

from core.commands import de
from core.export.command import analysis_command
from core.spec import DESpec


def parsed(command: str, verb: object) -> argparse.Namespace:
    words = shlex.split(command)
    assert words[:3] == ["python", "-m", "core"]
    parser = argparse.ArgumentParser()
    verb.add_arguments(parser)  # type: ignore[attr-defined]
    return parser.parse_args(words[4:])


@pytest.mark.parametrize(
    "spec",
    [
        DESpec("group", "TRD", "non-TRD"),
        DESpec("my group", "it's; rm -rf /", "$(x) & y", ("a,b", "sex at birth"), shrink=True),
        DESpec(
            "g",
            "-a",
            "--b",
            min_samples=0,
            winsorise=0.95,
            alpha=0.1,
            lfc_threshold=0.5,
            min_count=3,
            scale=False,
        ),
    ],
)
def test_the_command_means_the_same_analysis(spec: DESpec) -> None:
    args = parsed(analysis_command(spec, counts="my counts.csv"), de)
    assert de.spec_of(args) == spec
    assert (str(args.counts), str(args.metadata), str(args.out)) == (
        "my counts.csv",
        "metadata.csv",
        "results",
    )


def test_a_data_set_of_the_store_instead_of_files() -> None:
    args = parsed(analysis_command(DESpec("g", "a", "b"), dataset="abc123"), de)
    assert (args.dataset, args.counts) == ("abc123", None)
