"""Reports over released results: administrations, forms, items."""
