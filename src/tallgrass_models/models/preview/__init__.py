"""The preview: a Gaussian approximation of a chamber's posterior with the bills integrated out, to be reweighted."""
