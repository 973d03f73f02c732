"""What the pages of registration take in, by noun."""
