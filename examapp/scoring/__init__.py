"""Marking, scoring runs, blind essay ratings, decisions and their release."""
