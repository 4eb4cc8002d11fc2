"""How the process of a command starts with its libraries loaded, and how it is stopped."""
