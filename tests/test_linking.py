"""Linking against exact anchors, a general optimiser, hand counts and simulated chambers."""

import numpy as np
import pytest
from scipy.optimize import minimize

from tallgrass_models.draws import frame
from tallgrass_models.files.columns.linking import LINKED_MEMBERS
from tallgrass_models.linking import anchors as screening
from tallgrass_models.linking import build, methods, tables
from tallgrass_models.linking.chamber_draws import ChamberDraws
from tallgrass_models.linking.curves import Anchors
from tallgrass_models.linking.link import link_chambers
from tallgrass_models.linking.methods import METHODS

A, B = 1.3, -0.7


def logistic(eta):
    return 1 / (1 + np.exp(-eta))


def chambers(rng, n_draws=50, n_bills=40, noise=0.1, exact=False, a=A, b=B):
    """Draws of two chambers with the same bills, on scales with xi_house = a xi_senate + b.

    ``exact``: in every draw the curves of both chambers are the same, not only on average.
    """
    beta, alpha = rng.normal(size=n_bills), rng.normal(0, 1.5, n_bills)
    beta = np.where(np.abs(beta) < 0.2, 0.5, beta)

    def around(mean):
        return mean + noise * rng.normal(size=(n_draws, len(mean)))

    party = np.where(np.arange(30) % 3 == 0, -2.0, 1.5)
    house = ChamberDraws(around(party + 0.5 * rng.normal(size=30)), around(alpha), around(beta))
    own = around((party[:20] + 0.5 * rng.normal(size=20) - b) / a)
    if exact:
        return house, ChamberDraws(own, house.alpha - house.beta * b, house.beta * a)
    return house, ChamberDraws(own, around(alpha - beta * b), around(beta * a))


def as_anchors(house, senate):
    return Anchors(house.alpha, house.beta, senate.alpha, senate.beta, house.nodes(), senate.nodes())


def of_one_draw(anchors, k):
    return anchors.draws(slice(k, k + 1))


@pytest.mark.parametrize("method", METHODS)
def test_exact_anchors_give_the_constants_back(method):
    rng = np.random.default_rng(1)
    found = link_chambers(*chambers(rng, exact=True), np.arange(40), np.arange(40)).methods[method]
    np.testing.assert_allclose(found.a, A, atol=1e-6)
    np.testing.assert_allclose(found.b, B, atol=1e-6)
    np.testing.assert_allclose(found.without, np.broadcast_to((A, B), found.without.shape), atol=1e-6)
    np.testing.assert_allclose(found.jackknife_se(), 0, atol=1e-6)


@pytest.mark.parametrize(("a", "b"), [(0.2, 4.0), (6.0, -3.0)])
def test_exact_anchors_on_very_different_scales(a, b):
    draws = chambers(np.random.default_rng(2), exact=True, noise=0.02, a=a, b=b)
    for name, found in link_chambers(*draws, np.arange(40), np.arange(40)).methods.items():
        np.testing.assert_allclose([found.a, found.b], np.full((2, 50), [[a], [b]]), atol=1e-6, err_msg=name)


def test_moved_bills_have_the_same_curves():
    rng = np.random.default_rng(3)
    alpha, beta, xi = rng.normal(size=(3, 10))
    moved_alpha, moved_beta = frame.move_bills(alpha, beta, A, B)
    np.testing.assert_allclose(
        np.outer(A * xi + B, moved_beta) - moved_alpha, np.outer(xi, beta) - alpha, rtol=0, atol=1e-12
    )


def test_mean_methods_by_hand():
    """Two anchors: betas 1, 3 and 2, 2; alphas 1, 3 and 0, 4. Locations 1, 1 and 0, 2 have no spread in the House."""
    nodes = np.zeros((1, 2))
    anchors = Anchors(*(np.array([row], float) for row in ((1, 3), (1, 3), (0, 4), (2, 2))), nodes, nodes)
    a, b = methods.mean_mean(anchors, np.ones(2))
    assert (a[0], b[0]) == (1.0, 0.0)
    other = Anchors(*(np.array([row], float) for row in ((2, 12), (1, 3), (0, 4), (2, 2))), nodes, nodes)
    a, b = methods.mean_sigma(other, np.ones(2))  # locations 2, 4 (mean 3, sd 1) and 0, 2 (mean 1, sd 1)
    assert (a[0], b[0]) == (1.0, 2.0)
    a, b = methods.mean_sigma(other, np.array([3.0, 1.0]))  # means 2.5 and 0.5
    assert (a[0], b[0]) == pytest.approx((1.0, 2.0))


@pytest.mark.parametrize("method", ["haebara", "stocking_lord"])
def test_curve_methods_find_the_minimum(method):
    """Against scipy's simplex on the loss as the textbook writes it, for noisy anchors and unequal weights."""
    rng = np.random.default_rng(4)
    noisy, _ = screening.orient(as_anchors(*chambers(rng, n_draws=3, n_bills=12, noise=0.4)))
    weight = rng.uniform(0.5, 2, 12)
    found = METHODS[method](noisy, weight)

    def loss(theta, one):
        a, b = np.exp(theta[0]), theta[1]
        total = 0.0
        for on_house, nodes in ((True, one.house_nodes[0]), (False, one.senate_nodes[0])):
            gaps = np.zeros((12, len(nodes)))
            for j in range(12):
                for q, x in enumerate(nodes):
                    house_x, senate_x = (x, (x - b) / a) if on_house else (a * x + b, x)
                    p_house = logistic(one.house_beta[0, j] * house_x - one.house_alpha[0, j])
                    p_senate = logistic(one.senate_beta[0, j] * senate_x - one.senate_alpha[0, j])
                    gaps[j, q] = weight[j] * (p_house - p_senate)
            total += (gaps**2).sum() if method == "haebara" else (gaps.sum(0) ** 2).sum()
        return total

    for k in range(3):
        one = of_one_draw(noisy, k)
        best = minimize(
            loss, [0.0, 0.0], (one,), "Nelder-Mead", options={"xatol": 1e-8, "fatol": 1e-12, "maxiter": 2000}
        )
        np.testing.assert_allclose([np.log(found[0][k]), found[1][k]], best.x, atol=1e-5)


def test_signs_decide_what_is_an_anchor():
    rng = np.random.default_rng(5)
    house, senate = chambers(rng, n_draws=200, n_bills=20, noise=0.02)
    senate.alpha[:, 0] *= -1  # Yea and Nay exchanged in one chamber
    senate.beta[:, 0] *= -1
    house.beta[:, 1] = 0.05 + 0.5 * rng.normal(size=200)  # either sign
    senate.beta[:, 1] = np.abs(senate.beta[:, 1])
    house.beta[:, 2] = senate.beta[:, 2] = 0.001 + 0.0001 * rng.normal(size=200)  # flat
    oriented, reason = screening.orient(as_anchors(house, senate))
    assert list(reason[:3]) == ["sign disagrees", "sign uncertain", "uninformative"]
    assert (reason[3:] == "").all()
    assert (oriented.means().house_beta[0, 3:] > 0).all()
    # the same curves, some of Nay instead of Yea
    turned = np.sign(house.beta.mean(0))
    np.testing.assert_array_equal(oriented.senate_alpha, senate.alpha * turned)
    np.testing.assert_array_equal(oriented.senate_beta, senate.beta * turned)


def test_flipping_votes_of_both_chambers_changes_nothing():
    rng = np.random.default_rng(6)
    house, senate = chambers(rng, noise=0.05)
    before = link_chambers(house, senate, np.arange(40), np.arange(40))
    sign = rng.choice([-1, 1], 40)
    flipped = [ChamberDraws(part.xi, part.alpha * sign, part.beta * sign) for part in (house, senate)]
    after = link_chambers(*flipped, np.arange(40), np.arange(40))
    for name, found in before.methods.items():
        np.testing.assert_allclose(after.methods[name].a, found.a, rtol=1e-9)


def test_an_anchor_that_is_another_bill_in_the_senate_is_screened():
    """Bill 0 has its cutting point three units further right in the Senate; the others are alike up to noise."""
    rng = np.random.default_rng(7)
    house, senate = chambers(rng, n_draws=300, noise=0.15)
    house.beta[:, 0], house.alpha[:, 0] = 1.0 + 0.1 * rng.normal(size=(2, 300))
    senate.beta[:, 0] = A + 0.1 * rng.normal(size=300)
    senate.alpha[:, 0] = 4.0 - B + 0.1 * rng.normal(size=300)
    found = link_chambers(house, senate, np.arange(40), np.arange(40))
    assert found.reason[0] == "unlike"
    assert (found.reason == "unlike").sum() == 1
    assert found.behaviour.rms_gap[0] == found.behaviour.rms_gap.max()
    assert found.behaviour.gap[0] > 0.2  # the House says Yea where the Senate does not yet
    linked = found.methods["haebara"]
    assert abs(linked.point[1] - B) < abs(linked.with_unlike[1] - B)


def test_lords_test_by_brute_force():
    rng = np.random.default_rng(8)
    anchors = as_anchors(*chambers(rng, n_draws=400, n_bills=3, noise=0.2))
    found = screening.compare_curves(anchors, (np.full(400, A), np.full(400, B)))
    for j in range(3):
        alpha = anchors.senate_alpha[:, j] + anchors.senate_beta[:, j] * B / A
        d = np.stack([anchors.house_alpha[:, j] - alpha, anchors.house_beta[:, j] - anchors.senate_beta[:, j] / A])
        chi2 = d.mean(1) @ np.linalg.inv(np.cov(d)) @ d.mean(1)
        assert found.chi2[j] == pytest.approx(chi2)
        assert found.p_value[j] == pytest.approx(np.exp(-chi2 / 2))


def test_jackknife_is_linking_without_the_anchor():
    rng = np.random.default_rng(9)
    house, senate = chambers(rng, noise=0.05, n_bills=12)
    found = link_chambers(house, senate, np.arange(12), np.arange(12))
    used = np.flatnonzero(found.reason == "")
    fewer = link_chambers(house, senate, used[1:], used[1:])
    assert fewer.n_used == found.n_used - 1
    for name in ("mean_mean", "haebara", "stocking_lord"):
        np.testing.assert_allclose(found.methods[name].without[0], fewer.methods[name].point, atol=1e-6)
    a = found.methods["haebara"].without[:, 0]
    assert found.methods["haebara"].jackknife_se()[0] == pytest.approx(np.sqrt((len(a) - 1) * a.var()))


def test_draws_are_centred_at_the_posterior_means():
    found = link_chambers(*chambers(np.random.default_rng(10), noise=0.3), np.arange(40), np.arange(40))
    for linked in found.methods.values():
        assert np.nanmedian(linked.a) == pytest.approx(linked.point[0])
        assert np.nanmedian(linked.b) == pytest.approx(linked.point[1])


def test_too_few_anchors_link_nothing():
    found = link_chambers(*chambers(np.random.default_rng(11)), np.arange(4), np.arange(4))
    assert found.methods == {}


# --- tables -----------------------------------------------------------------------------------------------------------


def test_anchors_are_counted_once_each():
    reason = np.array(["", "unlike", "sign disagrees", "", "sign uncertain", "uninformative"], dtype=object)
    found = tables.anchor_counts(reason)
    assert found.pop("n_shared") == sum(found.values()) == 6
    assert found["n_used"] == 2


def test_what_cannot_be_linked_says_why():
    found = build.not_linked("demo", "only the house was fitted")
    assert (found.summary["linked"], found.summary["reason"]) == (False, "only the house was fitted")
    assert list(found.members) == LINKED_MEMBERS.names
    assert found.members.empty


# --- simulated chambers -----------------------------------------------------------------------------------------------


def simulated_draws(rng, xi, alpha, beta, n_draws):
    """Votes of members at ``xi``, and normal draws around the posterior mode of every roll call.

    Members are known exactly: this is about the linking alone. With fits of both chambers B covers less
    (`test_calibrate`, docs/model.md).
    """
    y = rng.random((len(xi), len(beta))) < logistic(np.outer(xi, beta) - alpha)
    design, prior = np.stack([-np.ones(len(xi)), xi], axis=1), np.diag([1 / 25, 1.0])
    mode = np.tile([0.0, 0.5], (len(beta), 1))
    for _ in range(60):
        p = logistic(design @ mode.T)
        gradient = (y - p).T @ design - mode @ prior
        hessian = np.einsum("im,ij,ik->mjk", p * (1 - p), design, design) + prior
        mode = mode + np.clip(np.linalg.solve(hessian, gradient[..., None])[..., 0], -1, 1)
    spread = np.linalg.cholesky(np.linalg.inv(hessian))
    draws = mode + np.einsum("mjk,dmk->dmj", spread, rng.normal(size=(n_draws, len(beta), 2)))
    kept = np.minimum(y.mean(0), 1 - y.mean(0)) > 0.025
    return ChamberDraws(np.tile(xi, (n_draws, 1)), draws[..., 0], draws[..., 1]), kept


def simulated_link(seed, a, b, n_house=125, n_senate=40, n_bills=60):
    rng = np.random.default_rng(seed)
    house, senate = (np.where(np.arange(n) % 3 == 0, -2.5, 2.0) + 0.8 * rng.normal(size=n) for n in (n_house, n_senate))
    beta = rng.normal(size=n_bills)
    alpha = beta * rng.normal(0, 2, n_bills) + rng.normal(0, 0.7, n_bills)
    own = (senate - b) / a
    first, kept_first = simulated_draws(rng, house, alpha, beta, 300)
    second, kept_second = simulated_draws(rng, own, alpha - beta * b, beta * a, 300)
    both = np.flatnonzero(kept_first & kept_second)
    return senate, own, link_chambers(first, second, both, both)


@pytest.mark.slow
@pytest.mark.parametrize(
    "setting",
    [
        {"a": 1.2, "b": 0.5},
        {"a": 0.8, "b": -1.0},
        {"a": 1.2, "b": 0.5, "n_senate": 20},
        {"a": 1.2, "b": 0.5, "n_house": 80, "n_bills": 150},
    ],
    ids=["wide", "narrow", "small senate", "many bills"],
)
def test_intervals_cover_on_simulated_chambers(setting):
    n, unlike = 60, 0
    hits = {name: np.zeros(3) for name in ("haebara", "stocking_lord")}
    for seed in range(n):
        senate, own, found = simulated_link(seed, **setting)
        unlike += (found.reason == "unlike").mean()
        for name, total in hits.items():
            linked = found.methods[name]
            for k, (truth, draws) in enumerate(
                [
                    (setting["a"], linked.a),
                    (setting["b"], linked.b),
                    (senate, linked.a[:, None] * own + linked.b[:, None]),
                ]
            ):
                low, high = np.quantile(draws, [0.05, 0.95], axis=0)
                total[k] += np.mean((low < truth) & (truth < high))
    for name, total in hits.items():
        assert (total / n >= 0.8).all(), (name, total / n)  # 0.9 less 2.6 standard errors of 60 sessions
    assert unlike / n < 0.02  # all are alike
