"""Gene sets as files."""

from __future__ import annotations

from collections.abc import Iterable

from core.export.tables import to_gmt_bytes
from core.pathways.result import PathwayResult


def sets_gmt_bytes(result: PathwayResult, rows: Iterable[int]) -> bytes:
    """Return sets of a result in GMT format, with the genes as they were tested.

    A set is named by its collection and its name, since two collections may share a name.

    Parameters
    ----------
    result : PathwayResult
        The result.
    rows : iterable of int
        Rows of its table.
    """
    versions = {used.name: f"{used.title}, {used.version}" for used in result.run.collections}
    mark = " (tested on simulated data)" if result.run.simulated else ""
    symbols = result.ranking["symbol"].to_numpy(object)
    collections, names = result.table["collection"].tolist(), result.table["set"].tolist()
    return b"".join(
        to_gmt_bytes(
            f"{collections[row]}/{names[row]}",
            symbols[result.positions(row)],
            description=f"{versions.get(collections[row], collections[row])}{mark}",
        )
        for row in map(int, rows)
    )
