"""Figures of robustness checks."""
