"""The one-pass likelihood against scipy, and as a PyTensor Op."""

import numpy as np
import pytensor
import pytensor.tensor as pt
import pytest
from pytensor.compile.mode import Mode
from scipy.special import expit, log_expit

from tallgrass_models.models.compiled.likelihood import exp_of_negative, one_pass, sign_matrix
from tallgrass_models.models.compiled.pytensor_op import VoteLogLik, vote_loglik


def case(n=17, m=23, scale=2.0, seed=0):
    """Random members, bills and votes, a quarter of them missing."""
    rng = np.random.default_rng(seed)
    u, w, a = rng.normal(size=n), scale * rng.normal(size=m), scale * rng.normal(size=m)
    return u, w, a, rng.choice(np.array([-1, -1, 0, 0, 1, 1, 1, 0], dtype=np.int8), size=(n, m))


def by_scipy(u, w, a, y):
    """Value and gradients cell by cell: log_expit(eta) for Yea, log_expit(-eta) for Nay, nothing for missing."""
    eta = np.outer(u, w) - a
    value = np.where(y == 1, log_expit(eta), np.where(y == 0, log_expit(-eta), 0.0)).sum()
    residual = np.where(y >= 0, y - expit(eta), 0.0)
    return value, residual @ w, residual.T @ u, -residual.sum(0)


@pytest.mark.parametrize("shape", [(1, 1), (17, 23), (1300, 9), (5, 700)], ids=str)
@pytest.mark.parametrize("scale", [0.01, 2.0, 300.0])
def test_value_and_gradients(shape, scale):
    """Also with logits in the hundreds, and with more members than factors of one product."""
    u, w, a, y = case(*shape, scale=scale)
    for ours, expected in zip(one_pass(u, w, a, sign_matrix(y)), by_scipy(u, w, a, y), strict=True):
        np.testing.assert_allclose(ours, expected, rtol=1e-11, atol=1e-11 * scale)


@pytest.mark.parametrize("logit", [0.0, 30.0, 699.0, 701.0, 1e4, 1e6])
def test_extreme_logits(logit):
    """A vote against a certain logit costs the logit; a vote with it costs nothing; nothing overflows."""
    sign = np.array([[1], [-1]], dtype=np.int8)
    value, grad_u, _, grad_a = one_pass(np.array([1.0, 1.0]), np.array([logit]), np.array([0.0]), sign)
    np.testing.assert_allclose(value, log_expit(logit) + log_expit(-logit), rtol=1e-14)
    np.testing.assert_allclose(grad_u, [expit(-logit) * logit, -expit(logit) * logit], rtol=1e-12, atol=1e-290)
    np.testing.assert_allclose(grad_a, -expit(-logit) + expit(logit), rtol=1e-12)


def test_missing_votes_count_for_nothing():
    u, w, a, y = case()
    nothing = one_pass(u, w, a, sign_matrix(np.full_like(y, -1)))
    assert nothing[0] == 0
    assert not any(np.any(gradient) for gradient in nothing[1:])
    without = one_pass(np.append(u, 3.0), w, a, sign_matrix(np.vstack([y, np.full(y.shape[1], -1)])))
    np.testing.assert_allclose(without[0], one_pass(u, w, a, sign_matrix(y))[0], rtol=1e-15)
    assert without[1][-1] == 0


def test_exp():
    x = -np.concatenate([np.linspace(0, 5, 2001), np.linspace(5, 699, 2001)])
    exact = np.exp(x.astype(np.longdouble))
    ours = np.array([exp_of_negative(value) for value in x])
    assert np.max(np.abs(ours / exact - 1)) < 1e-14
    assert 0 <= exp_of_negative(-1e300) < 1e-303


MODES = {"numba": "NUMBA", "python": Mode(linker="py", optimizer=None)}


@pytest.mark.parametrize("mode", MODES.values(), ids=MODES)
def test_op(mode):
    """In both modes, with a factor on the value, which the gradients must take over."""
    u, w, a, y = case()
    inputs = [pt.dvector(name) for name in "uwa"]
    cost = 3 * vote_loglik(*inputs, pytensor.shared(sign_matrix(y)))
    function = pytensor.function(inputs, [cost, *pt.grad(cost, inputs)], mode=mode)
    for ours, expected in zip(function(u, w, a), by_scipy(u, w, a, y), strict=True):
        np.testing.assert_allclose(ours, 3 * expected, rtol=1e-11, atol=1e-11)


def test_value_and_gradient_take_one_pass():
    inputs = [pt.dvector(name) for name in "uwa"]
    cost = vote_loglik(*inputs, pytensor.shared(sign_matrix(case()[3])))
    function = pytensor.function(inputs, [cost, *pt.grad(cost, inputs)], mode="NUMBA")
    assert sum(isinstance(node.op, VoteLogLik) for node in function.maker.fgraph.apply_nodes) == 1


def test_refusals():
    with pytest.raises(ValueError, match="7"):
        sign_matrix(np.array([[1, 7]]))
    with pytest.raises(TypeError, match="int8"):
        vote_loglik(pt.dvector(), pt.dvector(), pt.dvector(), np.ones((2, 3)))
    with pytest.raises(TypeError, match="vectors"):
        vote_loglik(pt.dmatrix(), pt.dvector(), pt.dvector(), np.ones((2, 3), dtype=np.int8))
    u = pt.dvector()
    gradient = pt.grad(vote_loglik(u, pt.dvector(), pt.dvector(), pt.matrix(dtype="int8")), u)
    with pytest.raises(NotImplementedError, match="second derivatives"):
        pt.grad(gradient.sum(), u)
