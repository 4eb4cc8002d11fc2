"""The Genes page and the page of one gene."""
