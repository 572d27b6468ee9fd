"""Names of the methods that join the chambers, in files and for people. Imports nothing."""

JOINT = "joint"
METHOD_NAMES = {
    "stocking_lord": "Stocking–Lord",
    "haebara": "Haebara",
    "mean_sigma": "mean–sigma",
    "mean_mean": "mean–mean",
}

#: What a finding is about: where members stand, or how well votes left out are predicted.
PLACES, PREDICTION = "places", "prediction"
