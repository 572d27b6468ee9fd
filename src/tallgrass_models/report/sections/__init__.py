"""Sections of the pages, and the sentences in them."""
