"""Sessions on one scale over time, by the members who return: arrays in, values out."""
