"""Figures of risk models."""
