"""The Pathways page."""
