"""The posterior of each model, and the forms in which it can be sampled."""
