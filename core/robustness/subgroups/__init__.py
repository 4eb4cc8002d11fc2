"""Whether a finding is the same in every centre and in both sexes."""
