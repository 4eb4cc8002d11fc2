"""The design matrix of a comparison, and what it cannot tell apart."""
