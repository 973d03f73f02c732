"""What the pages of the question bank take in, by noun."""
