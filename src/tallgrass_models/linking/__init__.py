"""Two separately fitted chambers on one scale, by the bills that both voted on: arrays in, values out."""
