"""The house style, and what figures of all subjects have in common."""
