"""From a built model to draws, by nutpie or by PyMC's own NUTS, and the file they go to."""
