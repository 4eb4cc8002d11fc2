"""What a finished enrichment says, without testing anything again."""
