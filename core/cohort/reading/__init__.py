"""From the files of a study to a cohort, or to every fault in them."""
