"""A simulated Kansas-like session: the process that votes, and the files it leaves."""
