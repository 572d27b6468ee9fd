"""The same posterior in coordinates that samplers like."""
