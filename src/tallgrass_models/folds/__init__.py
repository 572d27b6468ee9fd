"""Votes that a fit has not seen: which they are, how well each model predicts them, and what each step buys."""
