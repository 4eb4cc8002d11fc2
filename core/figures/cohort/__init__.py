"""Figures of a cohort's samples."""
