"""Estimates of DESeq2 for all genes at once: blocks of genes, in threads, in NumPy alone."""
