"""The log densities of the fast coordinates as machine code."""
