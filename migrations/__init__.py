"""The history of the tables. `env.py` runs it, `versions/` holds it, `triggers.py` is what a table alone cannot say."""
