"""The options of the command line that follow from specifications."""
