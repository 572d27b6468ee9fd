"""The approximate fit that steers the fast coordinates."""
