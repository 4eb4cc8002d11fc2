"""The samples of a cohort: quality, composition, groups and what else is known of them."""
