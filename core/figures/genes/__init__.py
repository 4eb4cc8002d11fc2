"""Figures of genes."""
