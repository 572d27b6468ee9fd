"""Bytes on disk: atomic writes, text that nobody vouches for, and where the code came from."""
