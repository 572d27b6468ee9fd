"""Programs in R that sample the same models with a probit link, called from tests that are skipped without them."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

#: `logistic(LINK * z)` is within 0.01 of the standard normal distribution function for every z.
LINK = 1.702

_IRT_1D = """
suppressMessages(library(MCMCpack)); y <- as.matrix(read.csv("{folder}/y.csv", header = FALSE))
rownames(y) <- paste0("m", 1:nrow(y)); sides <- list(m{left} = "-", m{right} = "+")
draws <- MCMCirt1d(y, theta.constraints = sides, burnin = 2000, mcmc = 40000, thin = 10, seed = 1, verbose = 0,
  theta.start = scan("{folder}/start", quiet = TRUE), T0 = 1, AB0 = diag(c({alpha}, {beta})), store.item = TRUE,
  drop.constant.items = FALSE)
writeBin(as.vector(t(as.matrix(draws))), "{folder}/draws"); cat(colnames(draws), file = "{folder}/names", sep = "\\n")
"""
_IRT_KD = """
suppressMessages(library(MCMCpack)); y <- as.matrix(read.csv("{folder}/y.csv", header = FALSE))
rownames(y) <- paste0("m", 1:nrow(y)); colnames(y) <- paste0("v", 1:ncol(y))
along <- list(v{first} = list(2, "+"), v{first} = list(3, 0), v{second} = list(3, "+"))
draws <- MCMCirtKd(y, dimensions = 2, item.constraints = along, burnin = 5000, mcmc = 40000, thin = 10, seed = 1,
  verbose = 0, B0 = t(replicate(ncol(y), c({alpha}, {beta}, {beta}))), store.item = TRUE, store.ability = TRUE)
writeBin(as.vector(t(as.matrix(draws))), "{folder}/draws"); cat(colnames(draws), file = "{folder}/names", sep = "\\n")
"""
_DYNAMIC = """
suppressMessages(library(MCMCpack)); y <- as.matrix(read.csv("{folder}/y.csv", header = FALSE))
rownames(y) <- paste0("m", 1:nrow(y)); sides <- list(m{left} = "-", m{right} = "+")
draws <- MCMCdynamicIRT1d(y, item.time.map = scan("{folder}/session", quiet = TRUE), theta.constraints = sides,
  burnin = 400, mcmc = 1600, thin = 2, seed = 1, A0 = {alpha}, B0 = {beta}, c0 = 20, d0 = 20 * {step}^2,
  theta.start = scan("{folder}/start", quiet = TRUE))
writeBin(as.vector(t(as.matrix(draws))), "{folder}/draws"); cat(colnames(draws), file = "{folder}/names", sep = "\\n")
"""


def skip_without(package: str) -> None:
    """Skip the test where R or one of its packages is not installed."""
    if shutil.which("Rscript") is None:
        pytest.skip("needs R")
    if subprocess.run(["Rscript", "-e", f"library({package})"], capture_output=True).returncode:
        pytest.skip(f"needs the R package {package}")


def irt_1d(
    y: np.ndarray, folder: Path, start: np.ndarray, alpha_sigma: float, beta_sigma: float
) -> dict[str, np.ndarray]:
    """Sample MCMCpack's ``MCMCirt1d`` under the priors of the logit model, in its units.

    ``y`` has -1 where a vote is missing; ``start`` has the first position of each member, and its ends tell the sides.

    Returns
    -------
    dict
        Draws of theta, shape (draw, member), and of alpha and beta, shape (draw, bill), times `LINK`.
    """
    sides = {"left": int(np.argmin(start)) + 1, "right": int(np.argmax(start)) + 1}
    np.savetxt(folder / "start", start)
    return _run(_IRT_1D, y, folder, alpha_sigma, beta_sigma, **sides)


def irt_2d(
    y: np.ndarray, folder: Path, first: int, second: int, alpha_sigma: float, beta_sigma: float
) -> dict[str, np.ndarray]:
    """Sample MCMCpack's ``MCMCirtKd`` in two dimensions; `irt_1d` says how.

    The first axis runs along roll call ``first``, and ``second`` says which end of the other one is up.
    """
    return _run(_IRT_KD, y, folder, alpha_sigma, beta_sigma, first=first + 1, second=second + 1)


def dynamic_irt_1d(
    y: np.ndarray, folder: Path, session: np.ndarray, start: np.ndarray, step: float, sigmas: tuple[float, float]
) -> np.ndarray:
    """Sample MCMCpack's ``MCMCdynamicIRT1d``, Martin and Quinn's model; `irt_1d` says how.

    ``session`` counts the sessions of the roll calls from 1, ``step`` is about the standard deviation of a member's
    steps, and ``sigmas`` are those of alpha and beta. Everybody sits in every session.

    Returns
    -------
    ndarray, shape (draw, member, session)
    """
    sides = {"left": int(np.argmin(start)) + 1, "right": int(np.argmax(start)) + 1}
    np.savetxt(folder / "start", start)
    np.savetxt(folder / "session", session, fmt="%d")
    return _run(_DYNAMIC, y, folder, *sigmas, **sides, step=step)["theta"].reshape(-1, len(y), int(session.max()))


def _run(
    script: str, y: np.ndarray, folder: Path, alpha_sigma: float, beta_sigma: float, **more: float
) -> dict[str, np.ndarray]:
    rows = [",".join("NA" if vote < 0 else str(vote) for vote in row) for row in y]
    (folder / "y.csv").write_text("\n".join(rows) + "\n")
    precisions = {"alpha": (LINK / alpha_sigma) ** 2, "beta": (LINK / beta_sigma) ** 2}
    code = script.format(folder=folder, **precisions, **more)
    done = subprocess.run(["Rscript", "-e", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    names = (folder / "names").read_text().split()
    draws = np.fromfile(folder / "draws").reshape(-1, len(names))
    kinds = {name: [k for k, of in enumerate(names) if of.startswith(name)] for name in ("theta", "alpha", "beta")}
    return {name: draws[:, columns] * (1 if name == "theta" else LINK) for name, columns in kinds.items()}
