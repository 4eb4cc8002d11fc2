"""What a finished comparison says, without fitting anything again."""
