"""Declarations of the JSON files that rooms exchange, key by key, with a module for each room that writes some."""
