"""How good predicted risks are: one file for each kind of measure."""
