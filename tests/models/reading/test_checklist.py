from __future__ import annotations

from core.models.checks.all import run_checks
from core.models.checks.base import Facts
from core.models.reading.checklist import COLUMNS, checklist


def test_what_software_cannot_know_stays_open():
    table = checklist(run_checks(Facts(n_case=20, n_control=20)))
    assert tuple(table.columns) == COLUMNS
    assert len(table) == 27 + 4
    tripod = table[table["checklist"] == "TRIPOD+AI"].set_index("item")
    assert (tripod.loc[["1", "2", "3", "4", "17", "18", "19", "24", "27"], "status"] == "open").all()
    assert (tripod.loc[["10", "16", "23"], "status"] == "in part").all()
    assert set(table["status"]) == {"open", "in part"}
    assert table["note"].str.contains("see the published checklist").all()


def test_findings_are_told_with_their_severity():
    table = checklist(run_checks(Facts(n_case=20, n_control=20))).set_index(["checklist", "item"])
    assert "Share of cases set by design: note. 50 % are cases" in table.loc[("TRIPOD+AI", "13"), "note"]
    assert "not applicable" in table.loc[("PROBAST+AI", "domain 4"), "note"]
