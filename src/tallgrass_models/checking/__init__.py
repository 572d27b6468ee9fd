"""How well the models describe the votes."""
