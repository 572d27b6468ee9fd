"""The posteriors in fast coordinates, in which the sampler moves more easily."""
