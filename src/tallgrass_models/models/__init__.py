"""The posterior of each model, and ways to sample it."""
