"""Records of the files that the pages read."""
