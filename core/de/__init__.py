"""Differential expression: design, fit, shrinkage, cross-checks."""
