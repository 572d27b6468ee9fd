"""The samplers that are compared: each takes votes and says how many effective draws it made in how many seconds."""

from __future__ import annotations

import resource
import shutil
import subprocess
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from tallgrass_models.config.sampling import SamplingConfig
from tallgrass_models.draws.mixing import element_statistics
from tallgrass_models.models.base import BuiltModel
from tallgrass_models.models.fast.chamber import build_chamber
from tallgrass_models.models.fast.joint import build_joint
from tallgrass_models.models.starts import xi_start
from tallgrass_models.priors.constants import ALPHA_SIGMA
from tallgrass_models.priors.spec import PRODUCTION_BETA, BetaPriorSpec
from tallgrass_models.sampling.sample import compile_model, sample
from tallgrass_models.votes.matching import JointVotes
from tallgrass_models.votes.matrix import ChamberVotes

CORES = 2


@dataclass(frozen=True)
class Measured:
    """One run, with the worst over all parameter blocks.

    Attributes
    ----------
    compile_s, sample_s
        Seconds on the clock; sampling includes tuning.
    cpu_s
        Seconds of processor time of sampling: unlike those on the clock the same whatever else the machine does.
    """

    compile_s: float
    sample_s: float
    cpu_s: float
    draws: str
    ess: float
    tail_ess: float
    rhat: float
    divergences: int | None

    @property
    def ess_per_s(self) -> float:
        """Least bulk ESS per second of tuning and sampling on `CORES` cores that do nothing else."""
        return self.ess / (self.cpu_s / CORES)


def measure(built: BuiltModel, config: SamplingConfig) -> Measured:
    """Sample a model of this package, in either coordinates, by either sampler."""
    compiled = compile_model(built, config.sampler)
    began = _cpu_seconds()
    sampled = sample(built, config, "benchmark", CORES, compiled=compiled)
    # PyMC compiles more within; that keeps one core busy
    cpu_s = _cpu_seconds() - began - (sampled.compile_s - compiled.seconds)
    reported = built.report(sampled.draws, np.random.default_rng(0))
    worst = _worst(reported)
    divergences = int(sampled.stats["diverging"].sum())
    draws = f"{config.chains} x ({config.tune:,} + {sampled.n_draws:,})"
    return Measured(sampled.compile_s, sampled.sample_s, cpu_s, draws, *worst, divergences)


def _cpu_seconds() -> float:
    """Processor time of this process and of its finished children."""
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def ours(
    votes: ChamberVotes,
    config: SamplingConfig,
    prior: BetaPriorSpec = PRODUCTION_BETA,
    alpha_sigma: float = ALPHA_SIGMA,
) -> Measured:
    """This package as it comes."""
    return measure(build_chamber(votes, prior, alpha_sigma), config)


def ours_joint(
    votes: JointVotes, config: SamplingConfig, prior: BetaPriorSpec = PRODUCTION_BETA, alpha_sigma: float = ALPHA_SIGMA
) -> Measured:
    """The joint model of this package as it comes."""
    return measure(build_joint(votes, prior, alpha_sigma), config)


def textbook_nutpie(votes: ChamberVotes, config: SamplingConfig) -> Measured:
    """The textbook form, sampled by nutpie."""
    return measure(build_chamber(votes, PRODUCTION_BETA, coordinates="reference"), config)


def textbook_joint(votes: JointVotes, config: SamplingConfig) -> Measured:
    """The textbook form of the joint model, sampled by nutpie."""
    return measure(build_joint(votes, PRODUCTION_BETA, coordinates="reference"), config)


def textbook_pymc(votes: ChamberVotes, config: SamplingConfig) -> Measured:
    """The textbook form, sampled by PyMC's NUTS."""
    built = build_chamber(votes, PRODUCTION_BETA, coordinates="reference")
    return measure(built, replace(config, sampler="pymc"))


# --- R ----------------------------------------------------------------------------------------------------------------

_MCMCPACK = """
suppressMessages(library(MCMCpack)); y <- as.matrix(read.csv("{file}", header = FALSE))
rownames(y) <- paste0("m", 1:nrow(y))
con <- list(); con[["m1"]] <- "-"; con[[paste0("m", nrow(y))]] <- "+"
start <- scan("{start}", quiet = TRUE)
for (chain in 1:{chains}) {{
  t <- system.time(d <- MCMCirt1d(y, theta.constraints = con, burnin = {tune}, mcmc = {draws}, thin = {thin},
    seed = chain, verbose = 0, theta.start = start, T0 = 0, AB0 = 0.25, store.item = TRUE, drop.constant.items = FALSE))
  write(c(t[["elapsed"]], t[["user.self"]] + t[["sys.self"]]), "{out}/seconds", append = TRUE)
  writeBin(as.vector(t(as.matrix(d))), paste0("{out}/chain", chain)); write(ncol(d), "{out}/columns")
}}
"""
_PSCL = """
suppressMessages(library(pscl)); y <- as.matrix(read.csv("{file}", header = FALSE))
rc <- rollcall(y, yea = 1, nay = 0, missing = NA)
for (chain in 1:{chains}) {{
  set.seed(chain)
  t <- system.time(d <- ideal(rc, d = 1, maxiter = {tune} + {draws}, thin = {thin}, burnin = {tune}, store.item = TRUE,
    normalize = TRUE, startvals = "eigen", dropList = list(codes = NULL, lop = NULL)))
  write(c(t[["elapsed"]], t[["user.self"]] + t[["sys.self"]]), "{out}/seconds", append = TRUE)
  x <- cbind(matrix(d$x, nrow = dim(d$x)[1]), matrix(d$beta, nrow = dim(d$beta)[1]))
  writeBin(as.vector(t(x)), paste0("{out}/chain", chain)); write(ncol(x), "{out}/columns")
}}
"""
R_PACKAGES = {"MCMCpack::MCMCirt1d": ("MCMCpack", _MCMCPACK), "pscl::ideal": ("pscl", _PSCL)}


def r_package(name: str, votes: ChamberVotes, tune: int, draws: int, thin: int, chains: int = 2) -> Measured | None:
    """An R package's own model on the same matrix, chains one after another; None where it is not installed.

    Both are probit models without parties, so what is compared is draws of their own posterior per second.
    """
    package, script = R_PACKAGES[name]
    if not _installed(package):
        return None
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "y.csv")
        y = np.where(votes.y >= 0, votes.y.astype(float), np.nan)
        np.savetxt(file, y, delimiter=",", fmt="%g")
        file.write_text(file.read_text().replace("nan", "NA"))
        start = Path(folder, "start")  # MCMCpack's own start fails on missing votes
        np.savetxt(start, xi_start(votes))
        code = script.format(file=file, start=start, out=folder, tune=tune, draws=draws, thin=thin, chains=chains)
        subprocess.run(["Rscript", "-e", code], check=True, capture_output=True)
        columns = int(Path(folder, "columns").read_text())
        draws_of = [np.fromfile(Path(folder, f"chain{k}")).reshape(-1, columns) for k in range(1, chains + 1)]
        elapsed, cpu = np.loadtxt(Path(folder, "seconds")).sum(0)
    n_kept = min(len(chain) for chain in draws_of)
    worst = _worst({"all": np.stack([chain[-n_kept:] for chain in draws_of])})
    return Measured(0.0, float(elapsed), float(cpu), f"{chains} x ({tune:,} + {draws:,})", *worst, None)


def _installed(package: str) -> bool:
    if shutil.which("Rscript") is None:
        return False
    return subprocess.run(["Rscript", "-e", f"library({package})"], capture_output=True).returncode == 0


def _worst(reported: dict[str, np.ndarray]) -> tuple[float, float, float]:
    """Least bulk and tail ESS, largest R-hat over every element of every block; what never moves is left out."""
    ess, tail_ess, rhat = np.inf, np.inf, 0.0
    for draws in reported.values():
        flat = draws.reshape(*draws.shape[:2], -1)
        found = element_statistics(flat[..., np.ptp(flat, axis=(0, 1)) > 0])
        ess, tail_ess = min(ess, float(np.nanmin(found.ess_bulk))), min(tail_ess, float(np.nanmin(found.ess_tail)))
        rhat = max(rhat, float(np.nanmax(found.rhat)))
    return ess, tail_ess, rhat
