"""Sampling of a built model, by nutpie or by PyMC's own NUTS, and the file that keeps the draws."""
