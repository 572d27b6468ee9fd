"""Arrays of draws to numbers: moments, ranks, Monte Carlo error, mixing, scales."""
