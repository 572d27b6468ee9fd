"""New projects: the files that they are made of, and the session block that `init` writes for votes of one's own."""
