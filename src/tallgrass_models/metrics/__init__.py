"""metrics.json and its schema."""
