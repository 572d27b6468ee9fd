"""The axis audit on planted axes, and its figures against hand counts and least squares."""

from dataclasses import replace

import numpy as np
import pytest
from small import small_chamber

from tallgrass_models.config.sampling import SamplingConfig
from tallgrass_models.linking import axis, divisions
from tallgrass_models.linking.axis_tables import FittedChamber, audit_axes, top_bills
from tallgrass_models.models.fast.chamber import build_chamber
from tallgrass_models.priors.spec import PRODUCTION_BETA
from tallgrass_models.sampling.sample import sample
from tallgrass_models.votes.components import pca_scores

PARTY = np.repeat(["Democrat", "Republican"], [30, 50]).astype(object)


def votes_of(rng, xi, n_votes=150, slope=1.5, missing=0.1):
    """Votes along a known axis."""
    beta, alpha = rng.normal(0, slope, n_votes), rng.normal(0, 1, n_votes)
    y = (rng.random((len(xi), n_votes)) < 1 / (1 + np.exp(alpha - np.outer(xi, beta)))).astype(np.int8)
    y[rng.random(y.shape) < missing] = -1
    return y


def around(rng, x, n_draws=40, noise=0.1):
    return x + noise * rng.normal(size=(n_draws, len(x)))


def planted(kind, rng):
    """Members' true positions: by party, by a faction of the larger party, or votes without any axis."""
    if kind == "parties":
        return np.where(PARTY == "Democrat", -1.0, 1.0) + 0.3 * rng.normal(size=80)
    faction = np.where(np.arange(80) % 2 == 0, -1.0, 1.0)  # the members of each party in two camps
    return 0.3 * rng.normal(size=80) + np.where(PARTY == "Republican", faction, 0.0)


def test_a_mirrored_axis_is_called_so_and_by_its_size():
    rng = np.random.default_rng(1)
    xi = planted("parties", rng)
    y = votes_of(rng, xi)
    straight, mirrored = (axis.audit_axis(around(rng, sign * xi), y, PARTY).summary for sign in (1, -1))
    assert (straight["verdict"], mirrored["verdict"]) == ("parties", "mirrored")
    assert mirrored["d"]["mean"] == pytest.approx(-straight["d"]["mean"], abs=0.2)
    assert mirrored["correlation_pc1"] < -0.95
    assert "upside down" in mirrored["text"]


def test_a_mirrored_faction_stays_a_faction():
    rng = np.random.default_rng(1)
    xi = planted("faction", rng)
    assert axis.audit_axis(around(rng, -xi), votes_of(rng, xi), PARTY).summary["verdict"] == "faction"


@pytest.mark.parametrize("kind", ["parties", "faction"])
def test_a_planted_axis_is_called_by_its_name(kind):
    rng = np.random.default_rng(1)
    xi = planted(kind, rng)
    y = votes_of(rng, xi)
    found = axis.audit_axis(around(rng, xi), y, PARTY).summary
    assert found["verdict"] == kind
    assert found["share_axis"] > 3 * found["share_chance_q95"]
    assert abs(found["correlation_pc1"]) > 0.95


def test_votes_without_an_axis_are_nothing():
    """Whatever a model makes of them: here the best axis there is, their own first component."""
    rng = np.random.default_rng(2)
    for seed in range(5):
        y = votes_of(np.random.default_rng(seed), np.zeros(80))
        pc1 = pca_scores(y, PARTY)[0][:, 0]
        assert axis.audit_axis(around(rng, pc1), y, PARTY).summary["verdict"] == "nothing"


def test_a_faction_axis_beside_a_better_party_axis_is_a_faction():
    """Two axes in the votes; the model found the one on which the parties differ, but not most."""
    rng = np.random.default_rng(3)
    side = np.where(PARTY == "Democrat", -1.0, 1.0)
    camp = np.where(np.arange(80) % 2 == 0, -1.0, 1.0)
    found_axis = 0.9 * camp + 0.95 * side + 0.1 * rng.normal(size=80)
    y = np.concatenate([votes_of(rng, camp, 60, 3), votes_of(rng, 2 * side + 0.1 * rng.normal(size=80), 60, 3)], axis=1)
    found = axis.audit_axis(around(rng, found_axis, noise=0.01), y, PARTY).summary
    assert found["d"]["mean"] > axis.SEPARATED
    assert max(abs(found["d_pc1"]), abs(found["d_pc2"])) > axis.OTHER_AXIS * found["d"]["mean"]
    assert found["verdict"] == "faction"


def test_separation_by_hand():
    """Means 1 and 4; squares about them 2 and 2 over 3 degrees of freedom."""
    x = np.array([0.0, 2.0, 3.0, 4.0, 5.0])
    party = np.array(["Democrat"] * 2 + ["Republican"] * 3, dtype=object)
    assert axis.separation(x, party) == pytest.approx(3 / np.sqrt(4 / 3))
    assert axis.separation(-5 * x + 1, party) == pytest.approx(-3 / np.sqrt(4 / 3))
    assert np.isnan(axis.separation(x, np.full(5, "Republican", dtype=object)))
    np.testing.assert_allclose(axis.separation(np.stack([x, 2 * x]), party), [3 / np.sqrt(4 / 3)] * 2)


def test_explained_share_is_that_of_regressions():
    rng = np.random.default_rng(4)
    x = rng.normal(size=20)
    y = votes_of(rng, x, 30, missing=0)
    residual = total = 0.0
    for column in y.T.astype(float):
        design = np.stack([np.ones(20), x], axis=1)
        fit, *_ = np.linalg.lstsq(design, column, rcond=None)
        residual += ((column - design @ fit) ** 2).sum()
        total += ((column - column.mean()) ** 2).sum()
    assert divisions.explained_share(y, x) == pytest.approx(1 - residual / total)


def test_the_first_component_explains_its_eigenvalue():
    y = votes_of(np.random.default_rng(5), np.linspace(-2, 2, 40))
    scores, eigenvalues = pca_scores(y, PARTY[:40])
    assert divisions.explained_share(y, scores[:, 0]) == pytest.approx(eigenvalues[0] / eigenvalues.sum(), rel=0.02)


def test_chance_is_that_of_random_matrices():
    """Largest eigenvalue of a sample covariance of noise: (1 + sqrt(n / m))^2 of the mean (Marchenko & Pastur)."""
    rng = np.random.default_rng(6)
    y = (rng.random((100, 400)) < 0.5).astype(np.int8)
    found = divisions.share_by_chance(y, rng, 10)
    np.testing.assert_allclose(found, (1 + np.sqrt(100 / 400)) ** 2 / 100, rtol=0.07)


def test_shuffling_keeps_margins_and_absences():
    """Lopsided roll calls and absent members are no axis: one bloc absent from half the votes explains nothing."""
    rng = np.random.default_rng(7)
    y = votes_of(rng, np.zeros(80), 200)
    y[:30, :100] = -1
    pc1 = pca_scores(y, PARTY)[0][:, 0]
    assert axis.audit_axis(around(rng, pc1), y, PARTY).summary["verdict"] == "nothing"


def test_contested_and_divided_by_hand():
    party = np.array(["Democrat"] * 4 + ["Republican"] * 4, dtype=object)
    y = np.array(
        [[1, 1, 0], [1, 1, 1], [1, 1, 1], [1, 1, -1], [1, 0, 1], [1, 0, 1], [1, 0, 1], [0, 0, 1]], dtype=np.int8
    )
    assert list(divisions.contested(y)) == [False, True, False]  # minorities 1 of 8, 4 of 8, 1 of 7
    assert list(divisions.divided(y, party)) == [True, False, True]  # 1 of 4 Republicans; nobody; 1 of 3 Democrats


def test_divided_roll_calls_show_the_second_axis():
    """On roll calls that split a party the first component is the faction, not the party."""
    rng = np.random.default_rng(8)
    side, camp = np.where(PARTY == "Democrat", -1.0, 1.0), np.where(np.arange(80) % 2 == 0, -1.0, 1.0)
    y = np.concatenate([votes_of(rng, 4 * side, 100, 2, 0), votes_of(rng, 2 * camp, 40, 2, 0)], axis=1)
    audit = axis.audit_axis(around(rng, side), y, PARTY)
    assert audit.summary["verdict"] == "parties"
    assert abs(audit.summary["divided"]["d_pc1"]) < 1
    assert abs(np.corrcoef(audit.scores["pc1_divided"], camp)[0, 1]) > 0.9


def test_too_few_contested_roll_calls_are_none():
    y = np.ones((80, 30), dtype=np.int8)
    y[0] = 0
    audit = axis.audit_axis(around(np.random.default_rng(9), np.linspace(-1, 1, 80)), y, PARTY)
    assert audit.summary["contested"] is None
    assert np.isnan(audit.scores["pc1_contested"]).all()


def test_a_chamber_of_one_party_has_no_separation():
    rng = np.random.default_rng(10)
    xi = rng.normal(size=80)
    audit = axis.audit_axis(around(rng, xi), votes_of(rng, xi), np.full(80, "Republican", dtype=object)).summary
    assert (audit["d"], audit["d_pc1"], audit["verdict"]) == (None, None, "faction")
    assert audit["text"].endswith("cannot be said, because a party has too few members.")


def test_top_bills():
    votes = small_chamber(n_votes=12)
    beta = np.tile([-3.0, 2, 1, -1, 0.5, 4, -2, 0, 0, 0.1, 0.2, 0.3], (6, 1))
    table = top_bills(beta, votes)
    assert list(table.loc[table["end"] == "left", "vote"]) == ["v0", "v6", "v3"]
    assert list(table.loc[table["end"] == "right", "vote"]) == ["v5", "v1", "v2", "v4", "v11", "v10", "v9"]
    turned = top_bills(beta, votes, -2.0)
    assert list(turned.loc[turned["end"] == "right", "vote"]) == ["v0", "v6", "v3"]
    assert turned.set_index("vote").loc["v0", ["slope", "beta_mean"]].tolist() == [6, -3]
    democrats = votes.y[votes.parties == "Democrat", 5]
    assert table.set_index("vote").loc["v5", "yea_democrats"] == (democrats == 1).sum() / (democrats >= 0).sum()


def test_tables_of_several_fits():
    votes = small_chamber()
    rng = np.random.default_rng(11)
    xi, beta = rng.normal(size=(20, 10)), rng.normal(size=(20, 12))
    content, tables = audit_axes([FittedChamber(unit, votes, xi, beta) for unit in ("house", "joint")])
    assert [(entry["unit"], entry["chamber"]) for entry in content["units"]] == [("house", "house"), ("joint", "house")]
    members = tables["axis_members"]
    assert len(members) == 20
    first = members[members["unit"] == "house"]
    assert list(first["legislator"]) == list(votes.legislators.index)
    np.testing.assert_allclose(first["xi_mean"], xi.mean(0))
    assert (first["place"].mean(), first["place"].std(ddof=0)) == pytest.approx((0, 1))
    mean = xi.mean(0)
    turn = np.sign(mean[votes.parties == "Republican"].mean() - mean[votes.parties == "Democrat"].mean())
    assert np.corrcoef(first["place"], mean)[0, 1] == pytest.approx(turn)
    assert list(tables["axis_bills"].columns[:5]) == ["unit", "chamber", "end", "place", "vote"]


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "verdict"), [("parties", "parties"), ("faction", "faction"), ("noise", "nothing")])
def test_what_the_model_finds_is_called_by_its_name(kind, verdict):
    """The hierarchical model, whose party means are sorted by name, fitted to votes along each planted axis."""
    rng = np.random.default_rng(1)
    y = votes_of(rng, np.zeros(80) if kind == "noise" else planted(kind, rng))
    votes = small_chamber(sizes=(30, 50, 0), n_votes=150)
    pc1, pc2 = pca_scores(y, PARTY)[0].T
    votes = replace(votes, y=y, legislators=votes.legislators.assign(pc1=pc1, pc2=pc2))
    built = build_chamber(votes, PRODUCTION_BETA)
    drawn = sample(built, SamplingConfig(draws=200, tune=300, chains=2, seed=1), "house", 2)
    xi = built.report(drawn.draws, rng)["xi"].reshape(-1, 80)
    assert axis.audit_axis(xi, y, PARTY).summary["verdict"] == verdict
