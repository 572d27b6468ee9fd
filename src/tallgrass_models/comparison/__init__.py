"""Variants of one configuration side by side: tables of finished experiments in, tables and words out."""
