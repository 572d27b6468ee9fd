"""The file metrics.json and its schema."""
