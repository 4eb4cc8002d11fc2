"""Risk models: pipelines, nested validation, metrics, checks."""
