"""Differential expression by DESeq2's model."""
