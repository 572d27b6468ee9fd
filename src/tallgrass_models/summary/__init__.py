"""Rule summarize: the tables and the summary of a fit."""
