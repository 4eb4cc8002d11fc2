"""Several names in one option."""

from __future__ import annotations

import csv
import io


def join_names(names: tuple[str, ...]) -> str:
    """Join names by commas; a name with a comma in it is quoted, as in a CSV file."""
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(names)
    return line.getvalue()


def split_names(text: str) -> tuple[str, ...]:
    """Read back what `join_names` wrote."""
    return tuple(name.strip() for row in csv.reader([text]) for name in row if name.strip())
