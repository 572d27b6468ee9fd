"""Readers of source files: each format to the long table of a session."""
