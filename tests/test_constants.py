"""Constants of the models and thresholds are named once; what docs and page say of them is what they are."""

import inspect
import re
from dataclasses import replace
from pathlib import Path

import pytest
from report_files import CONFIG

from tallgrass_models.checking import sensitivity
from tallgrass_models.config.model import ModelConfig
from tallgrass_models.draws import scale, separation
from tallgrass_models.files.names import MOVED
from tallgrass_models.linking import agreement, anchors, axis, divisions, link
from tallgrass_models.models import orientation, reference
from tallgrass_models.models.fast import joint as fast_joint
from tallgrass_models.priors import constants as c
from tallgrass_models.priors.model import AlphaPrior, ModelPriors
from tallgrass_models.priors.spec import JOINT_BETA, PRODUCTION_BETA, BetaPriorSpec
from tallgrass_models.report.files.data import Report
from tallgrass_models.report.page.page import _environment
from tallgrass_models.report.sections import sections
from tallgrass_models.summary import wrong_sign_bills
from tallgrass_models.votes import tallies
from tallgrass_models.votes.simulator import process

ROOT = Path(__file__).parents[1]
WORDS = {1: "one", 2: "two", 3: "three"}
TIMES = {2: "twice"}


def one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text)


LEVELS = f"mu_global ~ Normal(0, {c.MU_SIGMA:g}); sigma_chamber ~ HalfNormal({c.LEVEL_SIGMA:g})"
WITHIN = f"s = {c.SMALL_WITHIN_SIGMA:g} where a party has {{}} {c.SMALL_PARTY} members, else {c.WITHIN_SIGMA:g}"
MEANS = f"mu_raw[p] ~ Normal(0, {c.MU_SIGMA:g})"
PARTIES = f"sigma_party ~ HalfNormal({c.LEVEL_SIGMA:g})"

DOCUMENTED = {
    "docs/model.md": [
        f"alpha ~ Normal(0, {c.ALPHA_SIGMA:g}); beta ~ Normal({PRODUCTION_BETA.params['mu']:g}, "
        f"{PRODUCTION_BETA.params['sigma']:g})",
        MEANS,
        f"step[p] ~ HalfNormal({c.STEP_SIGMA:g}); entry_step ~ HalfNormal({c.ENTRY_SIGMA:g})",
        WITHIN.format("fewer than"),
        f"alpha[j] ~ Normal(0, {c.ALPHA_SIGMA:g})",
        LEVELS,
        PARTIES,
        f"`beta ~ {JOINT_BETA.distribution}({JOINT_BETA.params['mu']:g}, {JOINT_BETA.params['sigma']:g})` and "
        f"`alpha_sigma` {c.JOINT_ALPHA_SIGMA:g}",
        f"because `alpha ~ Normal(0, {c.ALPHA_SIGMA:g})` does not know",
        f"larger by more than {WORDS[orientation.CERTAIN]} standard errors",
        f"Certainly means {WORDS[wrong_sign_bills._CERTAIN]} standard errors",
        f"{100 * scale._CERTAIN:g} % of the draws have the same order and |d| of at least {separation.LEAST_D:g}",
        f"reach in {100 * separation._BY_CHANCE:g} % of cases",
        f"less than {100 * anchors._CERTAIN:g} % of the draws have the sign",
        f"rises by less than {anchors._LEAST_RISE:g} over",
        f"rejects at {100 * anchors._UNLIKE_P:g} % and their root mean square distance exceeds {anchors._UNLIKE_GAP:g}",
        f"on {link.N_DRAWS:,} pairs of draws",
        f"a probability differs by {agreement._OPPOSITE:g} or more",
        f"`d` is at least {axis.SEPARATED:g} and no component separates the parties {TIMES[axis.OTHER_AXIS]} as well",
        f"is at least {axis._CLEARLY_SEPARATED:g}",
        f"least {100 * divisions.CONTESTED:g} % of the votes in the minority",
        f"has {100 * divisions.DIVIDED:g} % of its own votes",
        f"above the customary {sensitivity.THRESHOLD:g}",
    ],
    "docs/metrics.md": [
        f"by more than {MOVED:g} posterior standard deviations",
        f"`loud`: more than {100 * tallies._LOUD_SHARE:g} % disagree",
        f"Whether that share is above {100 * tallies._LOUD_SHARE:g} %",
        f"no probability across chambers differs by {agreement._OPPOSITE:g} or more",
        f"certainly the Democratic side ({WORDS[wrong_sign_bills._CERTAIN]} standard errors)",
        f"must reach: {separation.LEAST_D:g}, or what two groups of these sizes reach by chance in "
        f"{100 * separation._BY_CHANCE:g} % of cases",
    ],
    "docs/over-time.md": [f"step[p] ~ HalfNormal({c.STEP_SIGMA:g}), entry_step ~ HalfNormal({c.ENTRY_SIGMA:g})"],
    "config/README.md": [
        f"| `alpha_sigma` | `{c.JOINT_ALPHA_SIGMA:g}` |",
        f"it is {c.ALPHA_SIGMA:g} in the models of single chambers",
    ],
}


@pytest.mark.parametrize(("page", "phrase"), [(page, said) for page, all_ in DOCUMENTED.items() for said in all_])
def test_docs_say_what_the_constants_are(page, phrase):
    assert phrase in one_line((ROOT / page).read_text())


@pytest.mark.parametrize(
    ("model", "phrases"),
    [
        (reference.build_flat, [f"alpha[j] ~ Normal(0, {c.ALPHA_SIGMA:g})"]),
        (reference.build_chamber, [MEANS, WITHIN.format("<")]),
        (reference.build_joint, [LEVELS, PARTIES]),
        (fast_joint.build_joint, [LEVELS, PARTIES]),
    ],
)
def test_equations_in_docstrings_are_those_of_the_constants(model, phrases):
    said = one_line(inspect.getdoc(model))
    assert [phrase for phrase in phrases if phrase not in said] == []


def test_the_simulator_draws_alpha_as_the_models_expect_it():
    assert process._ALPHA_SD == c.ALPHA_SIGMA  # votes and priors do not know each other


def test_the_page_quotes_the_constants(monkeypatch):
    changed = {"WITHIN_SIGMA": 1.25, "SMALL_WITHIN_SIGMA": 0.75, "SMALL_PARTY": 33, "ALPHA_SIGMA": 6.5}
    for name, value in changed.items():
        monkeypatch.setattr(c, name, value)
    said = model_section(CONFIG)
    assert f"two draws of Normal(0, {c.MU_SIGMA:g}), sorted" in said
    assert "HalfNormal(1.25), or HalfNormal(0.75) for a party of fewer than 33" in said
    level = f"HalfNormal({c.LEVEL_SIGMA:g})"
    assert f"μ ~ Normal(0, {c.MU_SIGMA:g}), τchamber ~ {level}, τparty ~ {level}" in said
    assert "ξi ~ Normal(0, 1), αj ~ Normal(0, 6.5)" in said
    assert "/ S" not in said


def model_section(config):
    """The text of the page on the model."""
    (prose,) = sections._model_section(Report(config, {})).parts
    text = _environment().get_template(prose.template).render(context=prose.context)
    return one_line(re.sub(r"<[^>]+>", "", text))


def test_the_page_states_the_priors_of_the_experiment():
    t = BetaPriorSpec("student_t", {"nu": 4, "mu": 0, "sigma": 2})
    own = ModelPriors(
        AlphaPrior(t, scaled=True),
        BetaPriorSpec("normal", {"mu": 0.5, "sigma": 3}),
        BetaPriorSpec("gamma", {"mu": 1, "sigma": 0.5}),
        BetaPriorSpec("exponential", {"scale": 2}),
    )
    said = model_section(replace(CONFIG, model=ModelConfig(priors=own)))
    assert "two draws of Normal(0.5, 3), sorted" in said
    assert "σp ~ Gamma(mu=1, sigma=0.5) spread" in said
    assert "τchamber ~ Exponential(scale=2), τparty ~ HalfNormal(1)" in said
    assert "αj / S ~ StudentT(nu=4, mu=0, sigma=2) difficulty" in said
    assert "αj / S ~ StudentT(nu=4, mu=0, sigma=2), βj ~" in said
    assert "S2 = (σD2 + σR2) / 2 + (μR − μD)2 / 4, and for both chambers" in said
    assert "StudentT has nu degrees of freedom" in said
    assert "fewer than" not in said
    plain = AlphaPrior(BetaPriorSpec("normal", {"mu": 0, "sigma": 3}))
    said = model_section(replace(CONFIG, model=ModelConfig(priors=ModelPriors(plain))))
    assert "αj ~ Normal(0, 3) difficulty" in said
    assert "αj ~ Normal(0, 3), βj ~" in said
