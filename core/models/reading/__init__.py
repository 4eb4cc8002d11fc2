"""What validated models say, without fitting anything again."""
