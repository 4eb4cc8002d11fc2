"""Parts that pages of all subjects are made of."""
