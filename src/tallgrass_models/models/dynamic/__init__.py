"""Members who move from session to session: the model of consecutive sessions of a chamber, in two forms."""
