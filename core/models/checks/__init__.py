"""What could be wrong with a risk model: one small class per check."""
