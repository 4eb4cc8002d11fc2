"""The models that are compared: their predictors, transformations and regressions."""
