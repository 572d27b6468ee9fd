"""Models that differ from the production model in more than their priors, a module for each."""
