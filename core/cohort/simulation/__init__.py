"""The demonstration cohort: simulated patients whose genes, sizes and effects resemble a blood study."""
