"""The tests of gene sets, and the scores of single patients."""
