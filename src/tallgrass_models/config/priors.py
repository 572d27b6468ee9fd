"""Checks of priors in the experiments file.

This module needs only the standard library, so that the Snakefile can import it in a bare checkout.
"""

from __future__ import annotations

from typing import Any

from ..priors.families import FAMILIES
from ..priors.family import Parameter
from ..priors.model import SPREADS, AlphaPrior, needs_positive, needs_real_line
from ..priors.spec import BetaPriorSpec
from . import checks

#: Sizes of a prior's scale, and largest size of any parameter; outside, the numbers of a fit overflow or lose digits.
_LEAST, _MOST = 1e-4, 5000.0
_LOOKS = "must look like {distribution: normal, mu: 0, sigma: 1}"


def _ways(positive: bool | None = None, **more: Any) -> list[dict[str, Any]]:
    """List the shapes of a prior: one for each family and way to name its parameters.

    ``positive`` keeps the families that forbid negative numbers, or those that allow them; ``more`` are further keys.
    """
    return [
        {
            "properties": {"distribution": {"const": name}, **{p.name: _number(p) for p in way.parameters}, **more},
            "required": ["distribution", *way.names],
            "additionalProperties": False,
        }
        for name, family in FAMILIES.items()
        for way in family.ways
        if positive in (None, family.positive)
    ]


def _number(parameter: Parameter) -> dict[str, Any]:
    return {"type": "number", **({"exclusiveMinimum": 0} if parameter.positive else {})}


@checks.shaped({"type": "object", "anyOf": _ways()})
def prior(value: Any) -> BetaPriorSpec:
    """Check a prior of any family."""
    if not isinstance(value, dict) or "distribution" not in value:
        raise ValueError(_LOOKS)
    found = BetaPriorSpec.from_dict(value)
    for parameter in found.family.way(found.params).parameters:
        least, size = _LEAST if parameter.positive else -_MOST, found.params[parameter.name]
        if not least <= size <= _MOST:
            raise ValueError(
                f"{found.distribution}: {parameter.name} must be from {least:g} to {_MOST:g}, not {size:g}"
            )
    try:
        found.family.root_mean_square(found.first_params)
    except OverflowError:
        raise ValueError(f"{found.describe()}: so wide that no number holds its mean square") from None
    return found


@checks.shaped({"type": "object", "anyOf": _ways(False, scaled={"type": "boolean"})})
def _alpha(value: Any) -> AlphaPrior:
    scaled = value.get("scaled", False) if isinstance(value, dict) else False
    if not isinstance(scaled, bool):
        raise ValueError(f"scaled must be true or false, not {scaled!r}")
    own = {key: x for key, x in value.items() if key != "scaled"} if isinstance(value, dict) else value
    return AlphaPrior(prior(own), scaled)


@checks.shaped({"type": "object", "anyOf": _ways(False)})
def _mu(value: Any) -> BetaPriorSpec:
    found = prior(value)
    needs_real_line("mu", found)
    return found


def _spread(name: str) -> checks.Check:
    @checks.shaped({"type": "object", "anyOf": _ways(True)})
    def check(value: Any) -> BetaPriorSpec:
        found = prior(value)
        needs_positive(name, found)
        return found

    return check


#: The keys of ``priors``, in the order in which they are listed.
PRIOR_CHECKS: dict[str, checks.Check] = {
    "alpha": _alpha,
    "mu": _mu,
    **{name: _spread(name) for name in SPREADS},
    "beta": prior,
}
