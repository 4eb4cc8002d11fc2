"""Whether a finding survives other covariates, other tests, other patients and other studies."""
