"""Tables, scripts, command lines and provenance that leave the product."""
