"""From source files to the matrix of a chamber and the items of two."""
