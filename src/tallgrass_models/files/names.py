"""Names and thresholds that files and pages share.

This module imports nothing.
"""

JOINT = "joint"
#: Methods that link the chambers, for people.
METHOD_NAMES = {
    "stocking_lord": "Stocking–Lord",
    "haebara": "Haebara",
    "mean_sigma": "mean–sigma",
    "mean_mean": "mean–mean",
}
#: What a finding is about: where members stand, or how well votes left out are predicted.
PLACES, PREDICTION = "places", "prediction"
#: A member counts as moved from this many posterior standard deviations on.
MOVED = 0.25
