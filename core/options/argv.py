"""The options of the command line that follow from the fields of a specification, in both directions."""

from __future__ import annotations

import argparse
import re
from collections.abc import Collection
from dataclasses import MISSING, Field, fields, replace
from functools import partial
from typing import Any, TypeVar, get_origin, get_type_hints

from core.spec import Spec, choices_of, from_text, number, option_of, plain_type, to_text

S = TypeVar("S", bound=Spec)
_ITEM = re.compile(r'\s*"((?:[^"]|"")*)"\s*(?:,|$)|([^,]*)(?:,|$)')


def join_names(names: tuple[str, ...]) -> str:
    """Join names by commas; one that could be read otherwise is quoted, as in a CSV file.

    Examples
    --------
    >>> join_names(("age", "a,b", " padded "))
    'age,"a,b"," padded "'
    """
    return ",".join(_quoted(name) for name in names)


def split_names(text: str) -> tuple[str, ...]:
    """Read back what `join_names` wrote; a person may leave blanks around names, and empty places."""
    found = _ITEM.finditer(text)
    items = [(m[1].replace('""', '"') if m[1] is not None else m[2].strip() or None) for m in found]
    return tuple(item for item in items if item is not None)


def _quoted(name: str) -> str:
    if name and name == name.strip() and not set(name) & set(',"'):
        return name
    return '"' + name.replace('"', '""') + '"'


def flag_of(f: Field[Any]) -> str:
    """Return the name of a field's option, with its dashes."""
    return "--" + (option_of(f).flag or f.name.replace("_", "-"))


def flag_default(f: Field[Any]) -> Any:
    """Return what a field is where its option is left out; MISSING where it must be given."""
    said = option_of(f).flag_default
    return f.default if said is ... else said


def add_options(parser: argparse.ArgumentParser, kind: type[Spec], *, but: Collection[str] = ()) -> None:
    """Add an option for every field of a specification, `but` those of which another one speaks."""
    hints = get_type_hints(kind)
    for f in (f for f in fields(kind) if f.name not in but):
        said, default = option_of(f), flag_default(f)
        # A per cent sign would be taken for a format by argparse.
        text = _help(f).replace("%", "%%")
        plain = plain_type(hints[f.name])
        if plain is bool:
            action = "store_false" if default else "store_true"
            parser.add_argument(flag_of(f), dest=f.name, help=text, action=action, default=default)
        else:
            parser.add_argument(
                flag_of(f),
                dest=f.name,
                help=text,
                required=default is MISSING,
                default=None if default is MISSING else default,
                type=partial(_read, hint=hints[f.name]),
                metavar=said.metavar or ("N" if plain is int else None),
                choices=choices_of(plain) or None,
            )


def spec_from(args: argparse.Namespace, kind: type[S], *, but: Collection[str] = ()) -> S:
    """Return the specification that parsed options ask for; its values are not checked yet."""
    return kind(**{f.name: getattr(args, f.name) for f in fields(kind) if f.name not in but})


def arguments(spec: Spec) -> list[str]:
    """Return the options that `spec_from` reads back as this very specification.

    What makes no difference is left out.
    """
    hints, found = get_type_hints(type(spec)), []
    for f in fields(spec):
        value, default = getattr(spec, f.name), flag_default(f)
        if default is not MISSING and replace(spec, **{f.name: default}) == spec:
            continue
        is_switch = plain_type(hints[f.name]) is bool
        found.append(flag_of(f) if is_switch else f"{flag_of(f)}={_written(value, hints[f.name])}")
    return found


def _help(f: Field[Any]) -> str:
    said, default = option_of(f), flag_default(f)
    if default in (MISSING, None, "", ()) or isinstance(default, bool):
        return said.help or said.label
    shown = join_names(default) if isinstance(default, tuple) else default
    return f"{said.help or said.label} (default {shown})"


def _written(value: Any, hint: Any) -> str:
    if hint == str | None:
        return to_text(value)  # which tells a name that reads "none" from none
    if value is None:
        return "none"
    return join_names(value) if isinstance(value, tuple) else str(value)


def _read(text: str, hint: Any) -> Any:
    kind = plain_type(hint)
    if kind is not hint and (text == "none" or kind is str):
        return from_text(text, hint)
    if get_origin(kind) is tuple:
        return split_names(text)
    if kind in (int, float):
        try:
            return number(text, kind)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from None
    return text
