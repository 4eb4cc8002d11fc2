"""What must hold of every kind of analysis, whatever it computes."""

from __future__ import annotations

import hashlib
import json
import shlex
from dataclasses import MISSING, Field, dataclass, fields, make_dataclass, replace
from pathlib import Path
from typing import Any, get_args, get_type_hints
from urllib.parse import parse_qsl, urlencode

import pytest

from core.analysis import At, Made, asked_for, asked_spec, check, command, key, request_of
from core.cohort.stored import put_cohort
from core.de.spec import DESpec
from core.errors import InputError
from core.kinds import KINDS, kind_of
from core.options.argv import arguments, join_names, split_names
from core.pathways.spec import PathwaySpec
from core.spec import Spec, choices_of, option, option_of, plain_type
from core.store import Store
from tests.analyses import parse, run_de, run_pathways
from tests.de.cohorts import small_cohort
from tests.models.results import made_up_result
from tests.simulated import simulated
from tests.test_spec import AWKWARD

COMPARISON = DESpec("group", "TRD", "non-TRD", ("age", " padded "))
# Every default with the version of the algorithm that it belongs to.
PINNED = json.loads((Path(__file__).parent / "data" / "defaults.json").read_text(encoding="utf-8"))


def smallest(kind: type[Spec]) -> Spec:
    """A specification with nothing but what it must have."""
    must = {"factor": "group", "case": "TRD", "control": "non-TRD"}
    return kind(**{f.name: must[f.name] for f in fields(kind) if f.default is MISSING})


def other_values(f: Field[Any], hint: Any) -> list[object]:
    """Values of a field that are not its default: awkward names, other choices, other numbers."""
    kind = plain_type(hint)
    none = [None] if kind is not hint else []
    if choices := choices_of(kind):
        return [*none, *choices]
    if kind is bool:
        return [True, False]
    if kind in (int, float):
        low, high = option_of(f).limits or (0, 10)
        return [*none, kind(low + 0.25 * (min(high, low + 1000) - low)), kind(min(high, 7))]
    if kind is str:
        return [text for text in AWKWARD if text]
    assert get_args(kind), f"{f.name} has a type that no option can have"
    return [(), tuple(text for text in AWKWARD if text), *((text,) for text in AWKWARD)]


def variations(name: str) -> list[Spec]:
    """Specifications of a kind that differ from the smallest in one field each, and in all of them."""
    kind = kind_of(name).spec
    base, hints = smallest(kind), get_type_hints(kind)
    found = [base]
    for f in fields(kind):
        found += [replace(base, **{f.name: value}) for value in other_values(f, hints[f.name])]
    return found


CASES = [
    pytest.param(name, spec, id=f"{name}-{number}")
    for name in KINDS
    for number, spec in enumerate(variations(name))
]


def at_of(name: str) -> At:
    return At(Store(), "d" * 64 if name != "demo" else "", dict.fromkeys(kind_of(name).needs, COMPARISON))


@pytest.mark.parametrize(("name", "spec"), CASES)
def test_argv_url_and_json_bring_a_specification_back(name: str, spec: Spec):
    kind = type(spec)
    assert kind.from_json(spec.to_json()) == spec
    query = dict(parse_qsl(urlencode(spec.to_query()), keep_blank_values=True))
    assert kind.from_query(query) == spec
    source = ["--comparison=k"] if name == "pathways" else []
    before = [word for one in at_of(name).before.values() for word in arguments(one)] if not source else []
    parsed = parse(name, *source, *before, *arguments(spec))
    assert kind(**{f.name: getattr(parsed, f.name) for f in fields(kind)}) == spec


@pytest.mark.parametrize(("name", "spec"), CASES)
def test_a_job_gets_back_what_was_asked(name: str, spec: Spec):
    at = at_of(name)
    kind, back, asked = request_of(json.loads(json.dumps(asked_for(kind_of(name), at, spec))), at.store)
    assert (kind.name, back.digest, dict(back.before), asked) == (name, at.digest, dict(at.before), spec)


@pytest.mark.parametrize(("name", "spec"), CASES)
def test_the_copied_command_is_the_same_analysis(name: str, spec: Spec):
    words = shlex.split(command(kind_of(name), at_of(name), spec))
    start = len(words) - words[::-1].index("python")
    assert words[start - 1 : start + 2] == ["python", "-m", "core"]
    parsed = parse(*words[start + 2 :])
    assert parsed.verb == name
    assert type(spec)(**{f.name: getattr(parsed, f.name) for f in fields(spec)}) == spec


@pytest.mark.parametrize("name", KINDS)
def test_every_setting_that_can_change_a_number_changes_the_key(name: str):
    kind, at = kind_of(name), at_of(name)
    keys = {}
    for spec in variations(name):
        keys.setdefault(key(kind, at, spec), set()).add(spec.to_json())
    assert all(len(specs) == 1 for specs in keys.values())
    assert key(kind, at, smallest(kind.spec)) == key(kind, at, smallest(kind.spec))


@pytest.mark.parametrize("name", KINDS)
def test_a_new_option_leaves_earlier_keys_valid(name: str, monkeypatch: pytest.MonkeyPatch):
    kind, at = kind_of(name), at_of(name)

    @dataclass(frozen=True)
    class Later(kind.spec):  # type: ignore[misc, name-defined]
        of_tomorrow: int = 3

    before = smallest(kind.spec)
    later = Later(**before.changed())
    assert key(kind, at, later) == key(kind, at, before)
    assert key(kind, at, replace(later, of_tomorrow=4)) != key(kind, at, before)


@pytest.mark.parametrize("name", KINDS)
def test_another_default_needs_another_version(name: str):
    # A key holds no default: with the same version, results of the old default would pass for the new one.
    kind = kind_of(name)
    now = {f.name: f.default for f in fields(kind.spec)}
    version = hashlib.sha256(kind.algorithm(smallest(kind.spec)).encode()).hexdigest()[:16]
    for field, default in PINNED[name]["defaults"].items():
        now_default = list(now[field]) if isinstance(now[field], tuple) else now[field]
        assert now_default == default or version != PINNED[name]["algorithm"], field


@pytest.mark.parametrize("name", KINDS)
def test_values_out_of_range_are_all_refused_at_once(name: str):
    kind = kind_of(name)
    limits = {f.name: limits for f in fields(kind.spec) if (limits := option_of(f).limits)}
    if not limits:
        return
    bad = replace(smallest(kind.spec), **{field: low - 1 for field, (low, _) in limits.items()})
    with pytest.raises(InputError) as refused:
        check(kind, bad)
    told = {fault.code for fault in refused.value.faults}
    assert told >= {f"bad-{field.replace('_', '-')}" for field in limits}


@pytest.mark.parametrize("name", KINDS)
def test_every_option_says_what_it_does(name: str):
    for f in fields(kind_of(name).spec):
        assert option_of(f).help, f"{name}.{f.name}"


@pytest.mark.parametrize(
    "names", [(), ("",), ("", ""), tuple(AWKWARD), *((text,) for text in AWKWARD)], ids=repr
)
def test_several_names_in_one_option(names: tuple[str, ...]):
    assert split_names(join_names(names)) == names


def test_names_as_a_person_types_them():
    assert split_names("age, sex ,,centre") == ("age", "sex", "centre")
    assert split_names('"a, b", c') == ("a, b", "c")


def test_options_are_refused_as_settings_are():
    parsed = parse(
        "de", "--factor=g", "--case=a", "--control=a", "--alpha=7", "--winsorise=0.2", "--dataset=x"
    )
    with pytest.raises(InputError) as refused:
        asked_spec(kind_of("de"), parsed)
    assert {fault.code for fault in refused.value.faults} == {"bad-alpha", "bad-winsorise", "bad-case"}


@pytest.mark.parametrize("name", [name for name in KINDS if name != "demo"])
def test_every_option_is_in_the_words_and_the_provenance_of_a_result(name: str, tmp_path: Path):
    """A new option of any kind is said without another line: where its results come from says it too."""
    kind = kind_of(name)
    later = make_dataclass(
        "Later", [("of_tomorrow", int, option(3, words="of tomorrow {}"))], bases=(kind.spec,), frozen=True
    )
    spec = later(**{f.name: getattr(smallest(kind.spec), f.name) for f in fields(kind.spec)}, of_tomorrow=4)
    store = Store(tmp_path)
    compared = DESpec("group", "TRD", "non-TRD", ("sex",))
    digest = put_cohort(store, small_cohort())
    at = At(store, digest, dict.fromkeys(kind.needs, compared))
    result: Any = None
    if name == "models":
        result = made_up_result(spec=spec)
    elif name == "pathways":
        cohort, _ = simulated(n_patients=40, n_genes=600)
        asked = PathwaySpec(collections=("hallmark",), test="camera", min_size=5)
        result = run_pathways(store, put_cohort(store, cohort), DESpec("group", "TRD", "non-TRD"), asked)
    elif name == "de":
        result = run_de(store, digest, compared)
    if result is not None:
        result = replace(result, spec=spec)
    assert "of tomorrow 4" in kind.describe(spec)
    assert "of tomorrow 4" in kind.provenance(Made(kind, at, spec, result)).line()
