"""Frozen specifications: every choice that can change a number, told once, where it is declared.

A field of a specification carries its `Option`. From the fields follow, by one generic function each, the
cache key, the URL parameters, the options of the command line (`core.options.argv`), the check of its
range, the widget on the page, the words for an unusual setting and the constants of an exported script.
Adding an option means adding one field to one dataclass; results without it stay valid, since only what
differs from the default enters a key.
"""

from __future__ import annotations

import json
import math
import types
from collections.abc import Collection, Iterator, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from typing import Any, Literal, Self, Union, get_args, get_origin, get_type_hints
from urllib.parse import quote, unquote

from core.errors import Fault, InputError, bad_setting
from core.words import enumeration


@dataclass(frozen=True)
class Option:
    """What is said of a field, wherever it shows.

    Parameters
    ----------
    label : str
        Of its widget.
    help : str
        What it does, in a sentence or two.
    words : str
        How a value that is not the default is said, with ``{}`` for the value; "" for not at all.
    limits : (float, float) or None
        Smallest and largest value allowed.
    strict : bool
        Whether the limits themselves are refused.
    empty : str
        What None stands for, as a word.
    flag : str
        Name of the command line's option, where it is another than the field's.
    flag_default : object
        Default of the command line, where it is another than the field's.
    hidden : bool
        Whether no settings panel offers it.
    metavar : str
        Stands for the value in the command line's help; a whole number is N where nothing is said.
    """

    label: str = ""
    help: str = ""
    words: str = ""
    limits: tuple[float, float] | None = None
    strict: bool = False
    empty: str = "none"
    flag: str = ""
    flag_default: Any = ...
    hidden: bool = False
    metavar: str = ""


def option(default: Any = MISSING, **said: Any) -> Any:
    """Declare a field of a specification with what is said of it, see `Option`."""
    return field(default=default, metadata={"option": Option(**said)})


def option_of(declared: Field[Any]) -> Option:
    """Return what is said of a field; nothing where it was declared without."""
    found: Option = declared.metadata.get("option", Option())
    return found


@dataclass(frozen=True)
class Spec:
    """Base of all specifications: lossless JSON, URL and command-line round trips.

    Field types are limited to str, int, float, bool, Literal, tuple of str, and
    any of these or None.
    """

    def to_json(self) -> str:
        """Return canonical JSON: sorted keys, every field, no spaces."""
        return canonical({f.name: getattr(self, f.name) for f in fields(self)})

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Rebuild a specification from `to_json`; fields added since take their default.

        Raises
        ------
        InputError
            If it names a field that is not known here: what it changed cannot be repeated.
        """
        values, known = json.loads(text), {f.name for f in fields(cls)}
        if unknown := sorted(values.keys() - known):
            what = "this version does not know it"
            raise InputError([bad_setting(name, what, "Use the version that wrote it") for name in unknown])
        return cls(**{k: tuple(v) if isinstance(v, list) else v for k, v in values.items()})

    def changed(self) -> dict[str, Any]:
        """Return the fields that differ from their default; those without one always do."""
        values = {f.name: getattr(self, f.name) for f in fields(self)}
        return {f.name: values[f.name] for f in fields(self) if values[f.name] != f.default}

    def to_query(self) -> dict[str, str]:
        """Return URL parameters for every field that differs from its default."""
        return {name: to_text(value) for name, value in self.changed().items()}

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> Self:
        """Rebuild a specification from URL parameters; other parameters are ignored.

        Raises
        ------
        InputError
            If a required parameter is missing or a value does not fit, with every such fault.
        """
        hints, values, faults = get_type_hints(cls), {}, []
        for f in fields(cls):
            if f.name in query:
                try:
                    values[f.name] = from_text(query[f.name], hints[f.name])
                except ValueError as error:
                    faults.append(bad_link(f.name, str(error)))
            elif f.default is MISSING:
                faults.append(bad_link(f.name, "it is missing"))
        if faults:
            raise InputError(faults)
        return cls(**values)

    def faults(self) -> Iterator[Fault]:
        """Yield what is wrong with single fields: values out of range, unknown choices, empty names."""
        hints = get_type_hints(type(self))
        for f in fields(self):
            yield from _field_faults(f, hints[f.name], getattr(self, f.name))

    def unusual(self, *, but: Collection[str] = ()) -> dict[str, str]:
        """Return, by field, how each setting that is not the default is said, `but` those said elsewhere."""
        changed = self.changed()
        said = {f.name: option_of(f) for f in fields(self) if f.name in changed.keys() - set(but)}
        return {name: o.words.format(_spoken(changed[name], o)) for name, o in said.items() if o.words}

    def constants(self) -> dict[str, object]:
        """Return all fields as constants of an exported script, by their names in capitals."""
        return {f.name.upper(): getattr(self, f.name) for f in fields(self)}


def _spoken(value: object, said: Option) -> object:
    return said.empty if value is None else enumeration(value) if isinstance(value, tuple) else value


def canonical(values: Mapping[str, Any]) -> str:
    """Return JSON that is the same text for the same values."""
    return json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def choices_of(hint: Any) -> tuple[str, ...]:
    """Return what a field of this type can be chosen from; nothing where it is free."""
    return get_args(hint) if get_origin(hint) is Literal else ()


def plain_type(hint: Any) -> Any:
    """Return the type of a field without None."""
    if get_origin(hint) in (Union, types.UnionType):
        return next(h for h in get_args(hint) if h is not type(None))
    return hint


def _field_faults(f: Field[Any], hint: Any, value: Any) -> Iterator[Fault]:
    if value is None:
        return
    kind, said = plain_type(hint), option_of(f)
    if choices := choices_of(kind):
        # A specification read from JSON may hold any text here.
        if value not in choices:
            yield bad_setting(f.name, f"{value!r} is not offered", "Use one of: " + ", ".join(choices))
    elif isinstance(value, tuple):
        for name in sorted({item for item in value if item and value.count(item) > 1}):
            yield bad_setting(f.name, f"{name!r} is named more than once", f"Name {name!r} once")
        if "" in value:
            yield bad_setting(f.name, "one of the names is empty", "Take the empty name out")
    elif value == "" and f.default is MISSING:
        yield bad_setting(f.name, "it is empty", "Name it")
    elif said.limits and not _within(value, said):
        yield bad_setting(f.name, f"{value} is not {_range(said.limits)}", _example(f, said))


def _within(value: float, said: Option) -> bool:
    low, high = said.limits or (-math.inf, math.inf)
    return low < value < high if said.strict else low <= value <= high and math.isfinite(value)


def _range(limits: tuple[float, float]) -> str:
    low, high = limits
    return f"{low:,.10g} or more" if high == math.inf else f"between {low:,.10g} and {high:,.10g}"


def _example(f: Field[Any], said: Option) -> str:
    example = f.default if f.default is not MISSING else None
    if example is not None:
        return f"Give for example {example}"
    low, high = said.limits or (0.0, 1.0)
    return (
        f"Give for example {low + 0.9 * (high - low):.10g}, or leave it out for {said.empty}"
        if (high < math.inf)
        else f"Give {low:,.10g} or a larger number, or leave it out for {said.empty}"
    )


# An empty item of a tuple; no quoted item can read so, since "%" itself is quoted.
_EMPTY = "%"


def to_text(value: object) -> str:
    """Return a value as text that `from_text` reads back, whatever it holds."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ",".join(quote(item, safe=" ()/:") or _EMPTY for item in value)
    text = str(value)
    # "none" stands for no value, so a text that reads "none" is marked.
    return f"\\{text}" if isinstance(value, str) and text.lstrip("\\") == "none" else text


def from_text(text: str, hint: Any) -> Any:
    """Read back what `to_text` wrote of a field of this type.

    Raises
    ------
    ValueError
        If it cannot be one, with the reason.
    """
    if plain_type(hint) is not hint:
        return None if text == "none" else from_text(text, plain_type(hint))
    if choices := choices_of(hint):
        if text not in choices:
            message = "it is none of " + ", ".join(choices)
            raise ValueError(message)
        return text
    if get_origin(hint) is tuple:
        return tuple("" if item == _EMPTY else unquote(item) for item in text.split(",") if item)
    if hint is bool:
        if text not in ("yes", "no"):
            message = "it is neither yes nor no"
            raise ValueError(message)
        return text == "yes"
    if hint in (int, float):
        return number(text, hint)
    return text[1:] if text.startswith("\\") and text.lstrip("\\") == "none" else text


def number(text: str, kind: type[int] | type[float]) -> float | int:
    """Read a number, or say that it is none."""
    try:
        return kind(text)
    except ValueError:
        message = f"{text!r} is not a number"
        raise ValueError(message) from None


def bad_link(name: str, what: str) -> Fault:
    """Return the fault of a URL parameter that cannot be used."""
    return Fault(
        code="bad-link",
        where=f"link, parameter {name!r}",
        what=f"the value cannot be used: {what}",
        mend="Copy the whole link again, or choose the setting on the page",
    )
