"""What metrics.json holds, declared once: types, meanings, units and ranges of all keys."""
