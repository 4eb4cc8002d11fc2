"""Validation: which samples train, which are held out, and all models in all folds."""
