"""Gene sets: collections, themes, and how they meet the genes of a study."""
