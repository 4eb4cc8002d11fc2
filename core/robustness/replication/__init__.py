"""Whether another study's result comes back here."""
