"""Declarations of metrics.json, with types, meanings, units and ranges of all keys."""
