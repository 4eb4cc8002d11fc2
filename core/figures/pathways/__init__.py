"""Figures of gene sets."""
