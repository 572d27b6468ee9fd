"""The chamber model: members within the two major parties."""

from __future__ import annotations

import logging
from dataclasses import replace

from ...files.forms import PARTIES_FRAME, TEXTBOOK, UNDECIDED
from ...files.records.statistics import FormChoice
from ...priors.constants import ALPHA_SIGMA
from ...priors.model import PRODUCTION, ModelPriors
from ...priors.spec import PRODUCTION_BETA, BetaPriorSpec
from ...votes.matrix import ChamberVotes
from ..base import BuiltModel
from ..orientation import chamber_orientation
from .bill_priors import tell_form
from .chamber_forms import assignment, fast_chamber, halves_chamber, symmetric
from .forms import choose_form
from .sides import try_sides

log = logging.getLogger(__name__)


def build_chamber(
    votes: ChamberVotes,
    beta_prior: BetaPriorSpec = PRODUCTION_BETA,
    alpha_sigma: float = ALPHA_SIGMA,
    coordinates: str = "fast",
    orient_bills: bool = False,
    pressed: tuple[bool, ...] = (False,),
    priors: ModelPriors = PRODUCTION,
) -> BuiltModel:
    """Build the model of two levels: members within the two parties of one chamber, and those of neither.

    ::

        mu_raw[p]       ~ Normal(0, 2)                     p = Democrat, Republican
        mu_party        = sort(mu_raw)                     D < R fixes the sign
        sigma_within[p] ~ HalfNormal(s[p])                 s = 0.5 where a party has < 20 members, else 1
        xi[i]           ~ Normal(mu_party[p(i)], sigma_within[p(i)])
        xi[k]           ~ Normal((mu_D + mu_R) / 2, mu_R - mu_D)     k counted with neither party
        alpha[j]        ~ Normal(0, alpha_sigma)
        beta[j]         ~ beta_prior
        P(y[i, j] = 1)  = logistic(beta[j] * xi[i] - alpha[j])

    Parameters
    ----------
    votes : ChamberVotes
        ``votes.parties`` is what each member is counted as.
    beta_prior : BetaPriorSpec
    alpha_sigma : float
    coordinates : str
        ``reference`` uses the equations as they stand. ``fast`` has the same posterior in the coordinates of `frames`
        (`FastChamber.forward`), with the sample means of the two parties as frame. It takes these to be in the order of
        the population means or in the opposite one, whichever has the higher evidence (`sides`). If both may hold mass
        that counts, the chamber goes over to the frame of `halves` or to the textbook form (`forms.choose_form`).
    orient_bills : bool
        True to orient bills under a positive prior. With ``o[j]`` from `orientation`, ``o[j] beta[j] ~ beta_prior``
        where it is not zero, and ``beta[j] ~ beta_prior.free_sign()`` elsewhere. It has no effect under any other
        prior.
    pressed : tuple of bool
        True if chains were found to press against the frame of the parties (`sides.cut_off`), which is then abandoned.
    priors : ModelPriors
        Priors that replace those of mu, sigma_within and alpha above. Oriented bills need a prior of alpha that does
        not change with its sign (`config.experiments` sees to it). Priors other than those of production have no
        compiled density, so the fast coordinates go through PyTensor.

    Raises
    ------
    ValueError
        For unknown ``coordinates``, or a party without members.
    """
    oriented = chamber_orientation(votes) if orient_bills and beta_prior.positive else None
    if coordinates == "reference":
        from .. import reference

        return reference.build_chamber(votes, beta_prior, alpha_sigma, oriented, priors=priors)
    if coordinates != "fast":
        raise ValueError(f"unknown coordinates {coordinates!r} (known: fast, reference)")
    tell_form(votes.chamber, beta_prior, priors)
    forms = {
        crossed: fast_chamber(votes, beta_prior, alpha_sigma, oriented, crossed, priors) for crossed in (False, True)
    }
    sides = try_sides(lambda crossed: assignment(forms[crossed[0]], crossed), 1)
    best = sides.best[0]
    form, reason = choose_form(sides, symmetric(beta_prior, oriented, priors), votes.y.size, pressed[0])
    facts: FormChoice = {"sides": sides.to_dict([votes.chamber]), "form": form, "reason": reason}
    if form == PARTIES_FRAME:
        return replace(forms[best], facts=facts)
    log.warning("%s: %s", votes.chamber, reason)
    if form == UNDECIDED:
        return replace(forms[best], facts=facts)
    if form == TEXTBOOK:
        from .. import reference

        textbook = reference.build_chamber(votes, beta_prior, alpha_sigma, oriented, both_sides=True, priors=priors)
        return replace(textbook, facts=facts)
    built = {
        crossed: halves_chamber(votes, beta_prior, alpha_sigma, oriented, crossed, priors) for crossed in (False, True)
    }
    better = max(built, key=lambda crossed: built[crossed][1])
    return replace(built[better][0], facts=facts)
