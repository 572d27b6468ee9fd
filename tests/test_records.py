"""What the rooms write holds the keys and types that `files.records` declares: also where pandas makes the rows."""

from dataclasses import replace
from types import NoneType, UnionType
from typing import Annotated, Any, NotRequired, Union, get_args, get_origin, get_type_hints, is_typeddict

import numpy as np
import pandas as pd
import pytest
from small import small_chamber
from test_house_senate import whole
from test_unit_summary import chamber_fit

from tallgrass_models.checking.unit_check import check_unit
from tallgrass_models.config.gates import GateConfig
from tallgrass_models.files.records.checking import Check
from tallgrass_models.files.records.linking import Axes, Linking
from tallgrass_models.files.records.summary import Summary
from tallgrass_models.linking.axis_tables import FittedChamber, audit_axes
from tallgrass_models.linking.build import not_linked
from tallgrass_models.summary.build import ComparedWith, summarize_unit
from tallgrass_models.votes.unit import Unit

#: Keys that the made-up posterior of `chamber_fit` leaves out of its spec.
LEFT_OUT = {"session", "coordinates", "most_draws", "restarts"}


def problems(value: Any, hint: Any, where: str = "") -> list[str]:
    """Say where a value is not of the type ``hint``; keys of records are compared both ways."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Annotated, NotRequired):
        found = problems(value, arguments[0], where)
        known = [field.values for field in arguments[1:] if getattr(field, "values", ())]
        if origin is Annotated and isinstance(value, str) and any(value not in values for values in known):
            found.append(f"{where}: {value!r}")
        return found
    if origin in (Union, UnionType):
        return min((problems(value, one, where) for one in arguments), key=len)
    if is_typeddict(hint):
        hints = get_type_hints(hint, include_extras=True)
        needed = {key for key in hint.__required_keys__ if key not in LEFT_OUT}
        if not isinstance(value, dict) or not needed <= value.keys() <= hints.keys() | {"mu", "sigma"}:
            return [f"{where}: keys {sorted(value) if isinstance(value, dict) else value!r}"]
        return [text for key in value if key in hints for text in problems(value[key], hints[key], f"{where}.{key}")]
    if origin is list:
        if not isinstance(value, list):
            return [f"{where}: {value!r}"]
        return [text for k, one in enumerate(value) for text in problems(one, arguments[0], f"{where}[{k}]")]
    if origin is dict:
        if not isinstance(value, dict):
            return [f"{where}: {value!r}"]
        return [text for key, one in value.items() for text in problems(one, arguments[1], f"{where}.{key}")]
    kinds = {float: (float, int), int: int, NoneType: NoneType, str: str, bool: bool}
    fits = isinstance(value, kinds[hint]) and (hint is bool or not isinstance(value, bool))
    return [] if fits else [f"{where}: {value!r} is no {hint.__name__}"]


@pytest.fixture(scope="module")
def fit():
    votes, posterior = chamber_fit()
    members = votes.legislators.index.to_numpy(object)
    return replace(votes, legislators=votes.legislators.assign(external=np.arange(9) * 1.3)), posterior, members


def test_summary(fit):
    votes, posterior, members = fit
    truth = pd.DataFrame({"chamber": "House", "legislator_slug": members, "xi": np.linspace(-3, 3, 9)})
    others = ComparedWith(truth=truth, scores_name="scores")
    summary, _, _ = summarize_unit(posterior, [votes], GateConfig(ess=1, rhat=2.0), others)
    assert summary["external"]
    assert summary["truth"]
    assert problems(summary, Summary) == []


def test_check(fit):
    votes, posterior, _ = fit
    with np.errstate(all="ignore"):
        found = check_unit(posterior, [votes]).check
    assert found["loo"]["worst"]
    assert problems(found, Check) == []


@pytest.mark.parametrize("settings", [{"joint_moves": 3.0, "unlike": 6}, {"joint_moves": 0.0}, {"n_shared": 2}, {}])
def test_linking(settings):
    found = whole(np.random.default_rng(9), **settings)[0].summary
    assert problems({**found, "joint_vs_separate": None}, Linking) == []  # made up there, not all of it


def test_nothing_linked():
    assert problems(not_linked("s", "only the house was fitted").summary, Linking) == []


def test_axes():
    votes, rng = small_chamber(), np.random.default_rng(11)
    fitted = [FittedChamber(Unit.HOUSE, votes, rng.normal(size=(20, 10)), rng.normal(size=(20, 12)))]
    assert problems(audit_axes(fitted)[0], Axes) == []


def test_a_wrong_key_and_a_wrong_type_are_found():
    votes, rng = small_chamber(), np.random.default_rng(11)
    fitted = [FittedChamber(Unit.HOUSE, votes, rng.normal(size=(20, 10)), rng.normal(size=(20, 12)))]
    (entry,) = audit_axes(fitted)[0]["units"]
    assert problems({"units": [entry | {"more": 1}]}, Axes)
    assert problems({"units": [entry | {"share_pc1": "much"}]}, Axes)
    assert problems({"units": [entry | {"verdict": "none"}]}, Axes)
