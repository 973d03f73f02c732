"""The demonstration: an invented association at work, loaded through the same services as real work."""
