"""A first look at a metadata file, before it is matched with any counts."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pandas as pd

from core.cohort.reading.findings import Findings, UnusableError
from core.cohort.reading.metadata import check_header, typed_metadata
from core.cohort.reading.read import read_metadata
from core.errors import InputError


def preview_metadata(path: Path) -> pd.DataFrame:
    """Read a metadata file by itself, its first column as the index.

    Raises
    ------
    InputError
        With all faults that keep it from being read as a table.
    """
    findings = Findings()
    with suppress(UnusableError):
        table = read_metadata(path, findings)
        check_header(table, findings)
    if findings.faults:
        raise InputError(findings.faults)
    return typed_metadata(table, table.names[0], findings=Findings())
