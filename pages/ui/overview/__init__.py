"""The cards of the Overview page."""
