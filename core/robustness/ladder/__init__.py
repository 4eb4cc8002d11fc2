"""The model ladder: one comparison with more and more covariates."""
