"""Coordinate maps: inverses, Jacobians from finite differences, and the claims of their docstrings."""

import numpy as np
import pytest
from exactness import jacobian
from scipy import linalg, stats

from tallgrass_models.models.compiled.records import Prior
from tallgrass_models.models.fast.bends import bend_of_skewness, bent, bent_inverse
from tallgrass_models.models.fast.frames import Frame, frame_log_jacobian, population_means, population_means_inverse
from tallgrass_models.models.fast.logits import BillInfo, Knees, bill_logits
from tallgrass_models.models.fast.positions import (
    MemberInfo,
    informed_group,
    informed_group_inverse,
    zero_sum,
    zero_sum_inverse,
)
from tallgrass_models.models.fast.shared_bills import (
    carried_back,
    carried_bill_info,
    carried_slope_info,
    relative_frame,
    shared_info,
)
from tallgrass_models.models.fast.slopes import Funnel, LogSlopeInfo, positive_bills

RNG = np.random.default_rng(3)
FRAMES = [Frame(np.array(s), np.array(sep)) for s, sep in ((0.0, 2.5), (-1.2, 0.4), (0.7, 12.0))]


def log_det(function, x):
    """Log |det| of a map of vectors, by finite differences; ``function`` takes and returns one vector."""
    sign, value = np.linalg.slogdet(jacobian(lambda xs: np.array([function(x) for x in xs]), x))
    assert sign != 0
    return value


def member_info(n):
    return MemberInfo(RNG.gamma(2, 20, n), RNG.normal(0, 10, n))


def bill_info(n):
    """Positive definite G, any b."""
    root = RNG.normal(size=(n, 2, 2))
    g = root @ root.transpose(0, 2, 1) + 0.05 * np.eye(2)
    return BillInfo(g[:, 0, 0], g[:, 0, 1], g[:, 1, 1], *RNG.normal(size=(2, n)))


def slope_info(n):
    return LogSlopeInfo(
        RNG.gamma(2, 3, n), RNG.normal(size=n), RNG.normal(size=n), RNG.gamma(2, 1, n), RNG.normal(size=n)
    )


@pytest.mark.parametrize("n", [1, 2, 3, 40])
def test_zero_sum_is_an_orthonormal_basis(n):
    basis = zero_sum(np.eye(n - 1)).T
    np.testing.assert_allclose(basis.T @ basis, np.eye(n - 1), atol=1e-14)
    np.testing.assert_allclose(basis.sum(axis=0), 0, atol=1e-14)
    z = RNG.normal(size=(4, 5, n - 1))
    np.testing.assert_allclose(zero_sum_inverse(zero_sum(z)), z, atol=1e-13)


@pytest.mark.parametrize("n", [1, 2, 7])
def test_informed_group(n):
    """The Jacobian in another orthonormal basis of the zero-sum vectors than the code's own: scipy's."""
    info, t, z = member_info(n), np.array(9.0), RNG.normal(size=n - 1)
    rho, log_jacobian = informed_group(z, info, t)
    np.testing.assert_allclose(rho.sum(), 0, atol=1e-14)
    np.testing.assert_allclose(informed_group_inverse(rho, info, t), z, atol=1e-12)
    basis = linalg.null_space(np.ones((1, n)))
    if n > 1:
        np.testing.assert_allclose(log_jacobian, log_det(lambda x: basis.T @ informed_group(x, info, t)[0], z))
    else:
        np.testing.assert_allclose(log_jacobian, 0, atol=1e-15)


@pytest.mark.parametrize("precision", [0.0, 1e9], ids=["nothing known", "all known"])
def test_informed_group_between_its_two_extremes(precision):
    """Non-centred where votes say nothing: scale follows the prior. Centred where they say all: it does not."""
    n, z = 5, RNG.normal(size=4)
    info = MemberInfo(np.full(n, precision), np.zeros(n))
    wide, narrow = (informed_group(z, info, np.array(t))[0] for t in (1.0, 100.0))
    np.testing.assert_allclose(wide / narrow, 10.0 if precision == 0 else 1.0, rtol=1e-6)


@pytest.mark.parametrize("crossed", [False, True], ids=["in order", "crossed"])
@pytest.mark.parametrize("frame", FRAMES, ids=str)
def test_population_means(frame, crossed):
    x, variances = np.array([0.3, -1.4]), (np.array(0.02), np.array(0.005))
    *mu, log_jacobian = population_means(*x, frame, variances, crossed)
    assert (mu[0] > mu[1]) == crossed
    np.testing.assert_allclose(population_means_inverse(*mu, frame, variances, crossed), x, atol=1e-9)
    np.testing.assert_allclose(
        log_jacobian, log_det(lambda v: np.array(population_means(*v, frame, variances, crossed)[:2]), x), rtol=1e-8
    )
    # the two combinations carry all of the density of the sample means
    whole = sum(
        stats.norm.logpdf(m, c, v**0.5) for m, c, v in zip(mu, (frame.left, frame.right), variances, strict=True)
    )
    v = sum(variances)
    parts = stats.norm.logpdf(x[0]) + stats.norm.logpdf(mu[1] - mu[0], frame.sep, v**0.5)
    np.testing.assert_allclose(whole, parts - 0.5 * np.log(variances[0] * variances[1] / v))


def test_frame_jacobian():
    """xi of two groups by (s, log sep, rho) in scipy's basis of zero-sum vectors."""
    n = (3, 4)
    bases = [linalg.null_space(np.ones((1, k))) for k in n]

    def xi(x):
        frame = Frame(x[0], np.exp(x[1]))
        rho = bases[0] @ x[2:4], bases[1] @ x[4:]
        return np.concatenate([frame.left + frame.sep * rho[0], frame.right + frame.sep * rho[1]])

    x = np.array([0.4, 0.7, *RNG.normal(size=5)])
    np.testing.assert_allclose(frame_log_jacobian(Frame(x[0], np.exp(x[1])), *n), log_det(xi, x), rtol=1e-9)


@pytest.mark.parametrize("bend", [-0.8, -0.2, 0.0, 0.5])
def test_bent(bend):
    """Monotone with the Jacobian of finite differences; a standard normal keeps mean 0 and variance 1."""
    z, bends = np.linspace(-6, 6, 41), np.full(41, bend)
    c, log_jacobian = bent(z, bends)
    assert (np.diff(c) > 0).all()
    np.testing.assert_allclose(bent_inverse(c, bends), z, atol=1e-10)
    np.testing.assert_allclose(log_jacobian, log_det(lambda x: bent(x, bends)[0], z), rtol=1e-8, atol=1e-8)
    moments = [stats.norm.expect(lambda x, k=k: bent(np.array([x]), np.array([bend]))[0][0] ** k) for k in (1, 2, 3)]
    np.testing.assert_allclose(moments[:2], [0, 1], atol=1e-6)
    np.testing.assert_allclose(bend_of_skewness(np.array(moments[2])), bend, atol=1e-4)


def knees(n, most=0.8):
    """Knees of n bills, up to a bend; without a bend nothing bends."""
    bends, at, width = RNG.uniform(-most, most, (2, n)), RNG.normal(size=(2, n)), RNG.gamma(5, 0.3, (2, n))
    return Knees(*bends, *at, *width)


@pytest.mark.parametrize("frame", FRAMES, ids=str)
@pytest.mark.parametrize("mu", [0.0, 0.8])
def test_bill_logits_standardise(frame, mu):
    """Were the likelihood its sketch, c would be standard normal exactly, whatever the frame and the priors."""
    n, (beta_sigma, alpha_sigma) = 6, (0.7, 3.0)
    info, straight = bill_info(n), knees(n, 0)

    def log_posterior(c):
        w, a, log_jacobian = bill_logits(c, info, straight, frame, Prior(mu, beta_sigma, alpha_sigma))
        e_l, e_r, beta = -w / 2 - a, w / 2 - a, w / frame.sep
        sketch = -0.5 * (info.g_ll * e_l**2 + 2 * info.g_lr * e_l * e_r + info.g_rr * e_r**2)
        sketch += info.b_l * e_l + info.b_r * e_r
        prior = stats.norm.logpdf(beta, mu, beta_sigma) + stats.norm.logpdf(a + beta * frame.s, 0, alpha_sigma)
        return (sketch + prior).sum() + log_jacobian

    points = RNG.normal(size=(4, 2, n))
    excess = [log_posterior(c) - stats.norm.logpdf(c).sum() for c in points]
    np.testing.assert_allclose(excess, excess[0], rtol=1e-10)


@pytest.mark.parametrize("frame", FRAMES, ids=str)
def test_bill_logits_jacobian(frame):
    info, bends = bill_info(1), knees(1)

    def alpha_beta(c):
        w, a, _ = bill_logits((c[:1], c[1:]), info, bends, frame, Prior(0.3, 0.7, 3.0))
        return np.concatenate([a + w / frame.sep * frame.s, w / frame.sep])

    c = RNG.normal(size=2)
    expected = bill_logits((c[:1], c[1:]), info, bends, frame, Prior(0.3, 0.7, 3.0))[2]
    np.testing.assert_allclose(expected, log_det(alpha_beta, c), rtol=1e-9)


@pytest.mark.parametrize("frame", FRAMES, ids=str)
def test_positive_bills_standardise(frame):
    """Were the likelihood its sketch in a given w, c_intercept would be standard normal; so c_slope in log w alone."""
    n, (mu, sigma, alpha_sigma) = 6, (0.2, 0.6, 3.0)
    power, center = np.array([0, 0, 0.5, 1, 2, 3]), RNG.normal(1, 0.5, n)
    info = slope_info(n)

    def logs(c):
        log_w, a, log_jacobian = positive_bills(
            c, info, Funnel(0 * center, 0 * center, power, center), frame, Prior(mu, sigma, alpha_sigma)
        )
        w, log_beta = np.exp(log_w), log_w - np.log(frame.sep)
        intercept = -0.5 * info.g_aa * a**2 - info.g_aw * a * w + info.b_a * a
        intercept = intercept * (w / np.exp(center)) ** -power
        intercept += stats.norm.logpdf(a + w * frame.s / frame.sep, 0, alpha_sigma)
        slope = -0.5 * info.precision * log_w**2 + info.pull * log_w + stats.norm.logpdf(log_beta, mu, sigma)
        return intercept.sum(), slope.sum(), log_jacobian

    c_slope, c_intercepts = RNG.normal(size=n), RNG.normal(size=(3, n))
    excess = [logs((c_slope, c))[0] - stats.norm.logpdf(c).sum() for c in c_intercepts]
    np.testing.assert_allclose(excess, excess[0], rtol=1e-10)
    excess = [logs((c, c_slope))[1] - stats.norm.logpdf(c).sum() for c in c_intercepts]
    np.testing.assert_allclose(excess, excess[0], rtol=1e-10)


@pytest.mark.parametrize("frame", FRAMES, ids=str)
def test_positive_bills_jacobian(frame):
    info, funnel = slope_info(1), Funnel(*np.array([[0.6], [-0.4], [0.7], [2.0]]))

    def alpha_log_beta(c):
        log_w, a, _ = positive_bills((c[:1], c[1:]), info, funnel, frame, Prior(0.2, 0.6, 3.0))
        return np.concatenate([log_w - np.log(frame.sep), a + np.exp(log_w) * frame.s / frame.sep])

    c = RNG.normal(size=2)
    expected = positive_bills((c[:1], c[1:]), info, funnel, frame, Prior(0.2, 0.6, 3.0))[2]
    np.testing.assert_allclose(expected, log_det(alpha_log_beta, c), rtol=1e-9)


def in_frame(alpha, beta, frame):
    """Slope and intercept of a bill in a frame: logit = beta * (s + sep * u) - alpha."""
    return beta * frame.sep, alpha - beta * frame.s


@pytest.mark.parametrize(("frame", "home"), [(FRAMES[0], FRAMES[1]), (FRAMES[2], FRAMES[0])], ids=["up", "down"])
def test_bills_carried_between_frames(frame, home):
    """One bill has one logit at one xi; a sketch says the same of it in either frame."""
    alpha, beta = RNG.normal(size=(2, 5))
    (w, a), (w_other, a_other) = in_frame(alpha, beta, home), in_frame(alpha, beta, frame)
    ratio, shift = relative_frame(frame, home)
    np.testing.assert_allclose(ratio * w, w_other)
    np.testing.assert_allclose(a + shift * w, a_other)

    def told(info, w, a):
        e = np.stack([-w / 2 - a, w / 2 - a])
        g = np.array([[info.g_ll, info.g_lr], [info.g_lr, info.g_rr]])
        return -0.5 * np.einsum("in,ijn,jn->n", e, g, e) + np.einsum("in,in->n", np.array([info.b_l, info.b_r]), e)

    info = bill_info(5)
    np.testing.assert_allclose(told(carried_bill_info(info, frame, home), w, a), told(info, w_other, a_other))


@pytest.mark.parametrize(("frame", "home"), [(FRAMES[0], FRAMES[1]), (FRAMES[2], FRAMES[0])], ids=["up", "down"])
def test_slopes_carried_between_frames(frame, home):
    """The same for positive slopes: differences in a at fixed w, and differences in log w."""
    info, ratio = slope_info(5), float(frame.sep / home.sep)
    carried = carried_slope_info(info, frame, home)
    beta, alpha = np.exp(RNG.normal(size=5)), RNG.normal(size=(2, 5))

    def told(info, w, a):
        return -0.5 * info.g_aa * a**2 - info.g_aw * a * w + info.b_a * a

    here = [told(carried, *in_frame(one, beta, home)) for one in alpha]
    there = [told(info, *in_frame(one, beta, frame)) for one in alpha]
    np.testing.assert_allclose(here[1] - here[0], there[1] - there[0])

    def slope(info, log_w):
        return -0.5 * info.precision * log_w**2 + info.pull * log_w

    log_w = RNG.normal(size=(2, 5))
    here, there = slope(carried, log_w), slope(info, log_w + np.log(ratio))
    np.testing.assert_allclose(here[1] - here[0], there[1] - there[0])


def test_what_two_chambers_say_adds_up():
    one, other = bill_info(4), bill_info(4)
    both = shared_info(one, other, FRAMES[0], FRAMES[0])
    np.testing.assert_allclose(both.g_lr, one.g_lr + other.g_lr)
    np.testing.assert_allclose(both.b_r, one.b_r + other.b_r)


@pytest.mark.parametrize("info", [bill_info(4), slope_info(4)], ids=["logits", "slopes"])
def test_carried_there_and_back(info):
    there = carried_back(info, FRAMES[2], FRAMES[0])
    nothing = type(info)(*(np.zeros(4) for _ in vars(info)))
    back = shared_info(nothing, there, FRAMES[2], FRAMES[0])
    for name, value in vars(info).items():
        np.testing.assert_allclose(getattr(back, name), value, rtol=1e-10, atol=1e-10)


def test_draws_keep_their_axes():
    """Leading axes (chain, draw) give what each draw gives alone."""
    info, bends, c = bill_info(3), knees(3), RNG.normal(size=(2, 2, 4, 3))
    frame = Frame(RNG.normal(size=(2, 4)), RNG.gamma(5, 0.5, size=(2, 4)))
    w, a, log_jacobian = bill_logits(c, info, bends, frame, Prior(0.0, 1.0, 5.0))
    alone = bill_logits(c[:, 1, 2], info, bends, Frame(frame.s[1, 2], frame.sep[1, 2]), Prior(0.0, 1.0, 5.0))
    np.testing.assert_allclose((w[1, 2], a[1, 2]), alone[:2])
    np.testing.assert_allclose(log_jacobian[1, 2], alone[2])
