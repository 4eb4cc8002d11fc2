from __future__ import annotations

from core.cohort.samples.cell_markers import cell_markers, specific_markers
from core.pathways.sets.collections import load_collection


def test_well_known_markers_are_among_them() -> None:
    markers = cell_markers()
    known = {"Neutrophils": "FCGR3B", "B cells": "MS4A1", "T cells": "CD3E", "Monocytes": "ASGR2"}
    assert {cell: gene in markers[cell] for cell, gene in known.items()} == dict.fromkeys(known, True)


def test_they_are_the_genes_of_the_collection_as_pathways_reads_it() -> None:
    sets = load_collection("btm_plus").sets
    neutrophils = {g for name, genes in sets.items() if name.startswith("Neutrophils") for g in genes}
    assert neutrophils
    assert neutrophils <= cell_markers()["Neutrophils"]
    everything = {gene for genes in sets.values() for gene in genes}
    assert frozenset().union(*cell_markers().values()) <= everything


def test_a_specific_marker_is_that_of_one_cell_type() -> None:
    specific = list(specific_markers().values())
    assert sum(map(len, specific)) == len(frozenset().union(*specific)) > 200
