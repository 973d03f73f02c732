"""Endorsement files, their components, and the written-examination record."""
