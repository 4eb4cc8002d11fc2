"""Malformed inputs: what is written, and the fault it must be refused with."""

from tests.cohort.reading.malformed.case import Case
from tests.cohort.reading.malformed.cell_cases import CELLS
from tests.cohort.reading.malformed.file_cases import FILES
from tests.cohort.reading.malformed.layout_cases import EXCEL, LAYOUT
from tests.cohort.reading.malformed.sample_cases import GROUPS, SAMPLE_NAMES

CASES = [*FILES, *EXCEL, *LAYOUT, *CELLS, *SAMPLE_NAMES, *GROUPS]

__all__ = ["CASES", "Case"]
