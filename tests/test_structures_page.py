"""What a structure adds: its numbers against formulas, its sentences against words written by hand."""

import numpy as np
import pytest
import xarray as xr
from small import small_chamber
from test_records import problems

from tallgrass_models.files.records.structures import StructureNumbers
from tallgrass_models.report.sections.structure import covariate_sentence, lapse_sentence, rasch_sentence
from tallgrass_models.summary.placed import place_unit
from tallgrass_models.summary.structures import structure_numbers
from tallgrass_models.votes.unit_votes import make_unit

SHAPE = (2, 300)


@pytest.fixture(scope="module")
def fit():
    """A chamber, and draws about known parameters with what is any structure's own."""
    votes = small_chamber("house", (9, 12, 1), 24, apart=2.0)
    rng = np.random.default_rng(4)

    def about(values, sd=0.05):
        return np.asarray(values) + sd * rng.normal(size=(*SHAPE, *np.shape(values)))

    xi = np.select([votes.parties == "Democrat", votes.parties == "Republican"], [-2.0, 4.0], 1.0)
    posterior = xr.Dataset(
        {
            "xi": (("chain", "draw", "legislator"), about(xi)),
            "alpha": (("chain", "draw", "vote"), about(np.zeros(24))),
            "beta": (("chain", "draw", "vote"), about(np.linspace(-1, 1, 24))),
            "eps": (("chain", "draw"), np.full(SHAPE, 0.04)),
            "gamma": (("chain", "draw", "covariate"), about([0.6, -0.3], 0.01)),
            "discrimination": (("chain", "draw"), about(0.5, 0.01)),
        },
        {"covariate": ["age", "woman"], "legislator": votes.legislators.index, "vote": votes.rollcalls.index},
    )
    return votes, posterior


def numbers(fit, name, drop):
    votes, posterior = fit
    unit = make_unit([votes])
    return structure_numbers(name, posterior.drop_vars(drop), unit, place_unit(posterior["xi"].to_numpy(), unit))


def test_coefficients_are_on_the_scale_of_positions(fit):
    """Party averages are at -2 and 4, so one unit of the headline scale is three of the model's."""
    found = numbers(fit, "covariates", ["eps", "discrimination"])
    assert [row["of"] for row in found["estimates"]] == ["age", "woman"]
    np.testing.assert_allclose([row["mean"] for row in found["estimates"]], [0.2, -0.1], atol=0.002)
    assert [row["p_positive"] for row in found["estimates"]] == [1.0, 0.0]
    assert problems(found, StructureNumbers) == []


def test_one_discrimination_is_over_a_unit_of_the_scale_of_positions(fit):
    (row,) = numbers(fit, "rasch", ["eps", "gamma"])["estimates"]
    assert row["mean"] == pytest.approx(1.5, abs=0.01)


def test_votes_that_may_be_random_by_bayes(fit):
    votes, posterior = fit
    found = numbers(fit, "lapse", ["gamma", "discrimination"])
    at = {name: posterior[name].mean(("chain", "draw")).to_numpy() for name in ("xi", "alpha", "beta")}
    p = 0.02 + 0.96 / (1 + np.exp(at["alpha"] - np.outer(at["xi"], at["beta"])))
    cast = np.where(votes.y == 1, p, 1 - p)
    chance = np.where(votes.y >= 0, 0.02 / cast, 0)
    assert found["random"] == pytest.approx(chance.sum(), rel=0.05)
    i, j = np.unravel_index(chance.argmax(), chance.shape)
    first = found["random_votes"][0]
    assert (first["legislator"], first["rollcall"]) == (votes.legislators.index[i], votes.rollcalls.index[j])
    assert first["vote"] == ("Yea" if votes.y[i, j] == 1 else "Nay")
    assert first["probability"] == pytest.approx(chance.max(), rel=0.1)
    assert found["random_members"][0]["legislator"] == votes.legislators.index[chance.sum(1).argmax()]
    assert problems(found, StructureNumbers) == []


def test_sentences():
    row = {"of": "age", "mean": 0.123, "q05": -0.03, "q95": 0.27, "p_positive": 0.9}
    assert covariate_sentence("House", row) == (
        "House: of two members of one party who are one standard deviation of age apart, the one with more stands 0.12"
        " further right on the scale of positions, to be expected (90 % interval −0.03 to +0.27, right is positive)."
        " The votes do not settle the direction: the probability of right is 0.90."
    )
    sure = covariate_sentence("House", {**row, "mean": -0.2, "q05": -0.3, "q95": -0.1, "p_positive": 0.001})
    assert "stands 0.20 further left" in sure
    assert sure.endswith("The probability of that direction is above 0.99.")
    eps = {"mean": 0.012, "q05": 0.009, "q95": 0.016}
    said = lapse_sentence("Senate", {"estimates": [eps], "random": 129.6}, 10_800)
    assert said.replace("\u202f", " ").replace("\xa0", " ") == (
        "Senate: a vote is random with probability 1.2 % (90 % interval 0.90 % to 1.6 %). Of 10,800 votes, about 130"
        " are expected to be random. About half of all random votes are what the member would have cast anyway."
    )
    assert rasch_sentence("House", {"mean": 2.345, "q05": 2.0, "q95": 2.7}) == (
        "House: one unit further right on the scale of positions, the log odds of a vote with the right are 2.35 higher"
        " on every bill (90 % interval 2.00 to 2.70)."
    )
