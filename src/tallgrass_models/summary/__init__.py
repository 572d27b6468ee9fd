"""The rule ``summarize``, which makes the tables and the summary of a fit."""
