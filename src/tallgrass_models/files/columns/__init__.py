"""Declarations of our CSV files, column by column, with a module for each room that writes some."""
