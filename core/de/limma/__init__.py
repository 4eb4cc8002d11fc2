"""Linear models with moderated variances, and what prepares counts for them."""
