"""Addresses too long for a link: their longest parameters stay in the store, and the link has their hash."""

from __future__ import annotations

import hashlib
import json
import logging
import re
from collections.abc import Mapping
from urllib.parse import urlencode

from core.errors import Fault, StoreError
from core.spec import bad_link
from core.store import Store

LOG = logging.getLogger("trd_explorer")
KIND = "links"
STORED = "stored"
"""The parameter that names what was stored."""
LONGEST = 4000
"""Characters of an address that every browser, proxy and mail program passes on."""


def shortened(store: Store, query: dict[str, str]) -> dict[str, str]:
    """Return parameters that fit into a link, the longest of them stored by their content.

    Where the store cannot be written, the link stays long.
    """
    rest, moved = dict(query), dict[str, str]()
    while len(urlencode(rest)) > LONGEST and rest:
        name = max(rest, key=lambda name: len(urlencode({name: rest[name]})))
        moved[name] = rest.pop(name)
    if not moved:
        return query
    key = _key(moved)
    try:
        store.get_or_compute(key, lambda draft: draft.run.update(parameters=moved), kind=KIND)
    except (OSError, StoreError):
        LOG.exception("a long link could not be stored")
        return query
    return {**rest, STORED: key}


def whole(store: Store, query: Mapping[str, str]) -> tuple[dict[str, str], list[Fault]]:
    """Return all parameters of a link, those that it names by hash among them, or why they are not there."""
    rest = dict(query)
    key = rest.pop(STORED, None)
    if key is None:
        return rest, []
    entry = store.get(key, kind=KIND) if re.fullmatch("[0-9a-f]{64}", key) else None
    parameters = entry.run.get("parameters") if entry else None
    if parameters is None or _key(parameters) != key:
        return rest, [bad_link(STORED, "what it stands for is not kept on this computer")]
    return rest | parameters, []


def _key(parameters: Mapping[str, str]) -> str:
    return hashlib.sha256(json.dumps(parameters, sort_keys=True).encode()).hexdigest()
