"""Results drawn as plotly figures. Nothing is computed here."""
