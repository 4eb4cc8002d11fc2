"""What the pages share: guard, state, address, shell, panels."""
