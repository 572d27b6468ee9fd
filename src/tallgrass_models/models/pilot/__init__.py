"""The pilot: the quick approximate fit that steers the fast coordinates."""
