"""R-hat and ESS against ArviZ on draws of every kind, and against a closed form."""

import numpy as np
import pytest
from arviz_stats.base import array_stats

from tallgrass_models.draws import mixing


def autoregression(rho, shape, seed=0):
    rng = np.random.default_rng(seed)
    noise = rng.normal(size=shape)
    draws = noise / np.sqrt(1 - rho**2)
    for t in range(1, shape[1]):
        draws[:, t] = rho * draws[:, t - 1] + noise[:, t]
    return draws


def odd_draws(shape):
    """Every kind of trouble in one array: fast, slow and antithetic chains, ties, disagreement, constants."""
    rng = np.random.default_rng(1)
    kinds = [autoregression(rho, shape, seed) for seed, rho in enumerate((0.0, 0.5, 0.95, -0.6, 0.999))]
    kinds += [kinds[0].round(1), (kinds[0] > 0).astype(float), np.ones(shape)]
    kinds += [kinds[1] + 3 * np.arange(shape[0])[:, None], kinds[1] * np.linspace(1, 3, shape[0])[:, None]]
    kinds += [
        np.cumsum(kinds[0], axis=1),
        rng.standard_cauchy(shape),
        np.where(np.arange(shape[1]) < 3, 50.0, kinds[0]),
    ]
    kinds.append(np.broadcast_to(np.arange(shape[0])[:, None], shape).astype(float))  # chains stuck at different places
    return np.stack(kinds, axis=-1)


@pytest.mark.parametrize("shape", [(4, 1000), (4, 333), (2, 50), (3, 8), (2, 9), (5, 12)])
def test_equal_to_arviz(shape):
    draws = odd_draws(shape)
    axes = {"chain_axis": 0, "draw_axis": 1}
    found = mixing.element_statistics(draws)
    with np.errstate(all="ignore"):
        rhat = array_stats.rhat(draws, **axes, method="rank")
        bulk = array_stats.ess(draws, **axes, method="bulk")
        tail = array_stats.ess(draws, **axes, method="tail", prob=(0.05, 0.95))
    ceiling = 1e6  # chains stuck at different places: infinity, or what rounding leaves of it
    np.testing.assert_allclose(np.minimum(found.rhat, ceiling), np.minimum(rhat, ceiling), rtol=1e-10)
    np.testing.assert_allclose(found.ess_bulk, bulk, rtol=1e-10)
    np.testing.assert_allclose(found.ess_tail, tail, rtol=1e-10)


def test_single_precision_and_many_elements():
    """More elements than are computed at once, in the precision of a posterior file, with the ties that brings."""
    draws = autoregression(0.3, (4, 200, 2 * mixing.CHUNK + 5)).astype(np.float16).astype(np.float32)
    found = mixing.element_statistics(draws.reshape(4, 200, 1, -1))
    wide = draws.astype(float)
    np.testing.assert_allclose(found.rhat, array_stats.rhat(wide, chain_axis=0, draw_axis=1), rtol=1e-10)
    np.testing.assert_allclose(found.ess_bulk, array_stats.ess(wide, chain_axis=0, draw_axis=1), rtol=1e-10)


def test_what_is_not_finite_passes_no_gate():
    draws = odd_draws((4, 100))[..., :2]
    draws[1, 5, 0] = np.nan
    found = mixing.element_statistics(draws)
    assert np.isnan(found.rhat).tolist() == [True, False]
    assert np.isnan(found.ess_within).tolist() == [True, False]


def test_too_few_draws_are_refused():
    with pytest.raises(ValueError, match="two chains of eight draws"):
        mixing.element_statistics(np.zeros((4, 7, 1)))


def test_within_chains_of_an_autoregression():
    """ESS of an AR(1) chain is n (1 - rho) / (1 + rho), and what chains disagree about does not touch it."""
    draws = autoregression(0.6, (4, 4000, 30))
    for apart in (0.0, 1.0):
        shifted = draws + apart * np.array([0, 0, 0, 1])[:, None, None]
        found = mixing.element_statistics(shifted)
        assert np.median(found.ess_within) == pytest.approx(16_000 * 0.4 / 1.6, rel=0.1)
    assert np.median(found.ess_bulk) < 100
