"""Gene-set collections, themes and enrichment."""
