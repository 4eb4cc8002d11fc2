"""Cohorts: loading, validation, identifiers, demonstration data."""
