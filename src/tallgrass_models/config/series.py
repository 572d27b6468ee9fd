"""The setting ``over_time`` of an experiment on several sessions: a series whose sessions are put on one scale.

This module needs only the standard library, so that the Snakefile can import it in a bare checkout.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from ..votes.unit import Unit
from ..votes.vocabulary import SAME
from . import checks
from .mappings import section, shape_of_mapping
from .model import STANDARD

if TYPE_CHECKING:
    from .experiments import ExperimentConfig

#: How members of two sessions are known to be one person, where the setting says so.
_MATCHES = ("id", "name")
#: How sessions are put on one scale: by linking their fits, or by fitting them together, with members who move at
#: random or who never move.
LINK, DYNAMIC, CONSTANT = "link", "dynamic", "constant"
METHODS = (LINK, DYNAMIC, CONSTANT)
#: Sources whose ids of people stay the same from session to session.
LASTING_IDS = ("voteview", "legiscan", "openstates", "ord")


@dataclass(frozen=True)
class Matching:
    """How members of different sessions are known to be the same person.

    Attributes
    ----------
    match
        ``id``, ``name``, or None: by id where the source's ids last, else by name.
    same_person
        Ids of members that are one person, each tuple of two or more.
    different
        Ids of members who are nobody else in other sessions.
    """

    match: str | None = None
    same_person: tuple[tuple[str, ...], ...] = ()
    different: tuple[str, ...] = ()

    def spec(self) -> dict[str, Any]:
        """Return the settings as JSON can hold them."""
        return asdict(self)

    @classmethod
    def from_spec(cls, spec: Mapping[str, Any]) -> Matching:
        """Read what `spec` wrote, from JSON."""
        return cls(spec["match"], tuple(map(tuple, spec["same_person"])), tuple(spec["different"]))


@dataclass(frozen=True)
class Series:
    """Sessions on one scale.

    Attributes
    ----------
    name
        Name of the experiment in the file, and of the folder under ``results/over_time``.
    experiments
        Names of its experiments, one for each session, in order of time.
    matching
        How people are followed from session to session.
    method
        `LINK`, `DYNAMIC` or `CONSTANT`.
    joint
        Whether both chambers stand on one scale, by the joint fits of the sessions.
    """

    name: str
    experiments: tuple[str, ...]
    matching: Matching = Matching()
    method: str = LINK
    joint: bool = False

    @property
    def together(self) -> bool:
        """Whether the sessions are fitted together as well."""
        return self.method != LINK

    def units(self, config: ExperimentConfig) -> tuple[Unit, ...]:
        """Return what is fitted: the chambers of one of its experiments, or both together; also of all sessions."""
        return (Unit.JOINT,) if self.joint else tuple(map(Unit, config.chambers))

    @property
    def work(self) -> str:
        """Name of the model of a fit of all sessions, as `fingerprint` knows it."""
        return f"{self.method}_{Unit.JOINT}" if self.joint else self.method


@dataclass(frozen=True)
class Asked:
    """What ``over_time`` asks for."""

    matching: Matching = Matching()
    method: str = LINK
    joint: bool = False


def together_problems(config: ExperimentConfig, method: str) -> list[str]:
    """Say why the sessions of an experiment cannot be fitted together by a method."""
    out = []
    if config.model.structure != STANDARD or config.model.priors.of_unit(joint=False).spec():
        out.append(f"{method} is for the production model, without a structure and with the production priors")
    if config.beta_prior.family.compiled is None:
        out.append(f"{method} has no compiled density for a beta_prior of {config.beta_prior.distribution}")
    return out


def joint_problems(config: ExperimentConfig, method: str) -> list[str]:
    """Say why both chambers of an experiment cannot be put on one scale over time by a method."""
    out = []
    if config.joint is None:
        out.append(
            "joint links the joint fits of the sessions, and this experiment has none; set joint: true beside it"
        )
        return out
    if method == DYNAMIC:
        out.append(f"joint is for the methods {LINK} and {CONSTANT}; {DYNAMIC} fits each chamber by itself")
    if method == CONSTANT and config.joint.bridges != SAME:
        out.append(
            f"joint with {CONSTANT} takes every shared bill for one bill, so it needs joint: {{bridges: {SAME}}}"
        )
    if method == CONSTANT and (config.model.priors.of_unit(joint=True).spec()):
        out.append(f"joint with {CONSTANT} needs the production priors of the joint model")
    if method == CONSTANT and config.joint_beta_prior.family.compiled is None:
        out.append(f"{CONSTANT} has no compiled density for a prior of {config.joint_beta_prior.distribution} in joint")
    return out


def _ids(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or any(isinstance(one, bool) or not isinstance(one, str | int) for one in value):
        raise ValueError(f"must be a list of ids of members, not {value!r}")
    found = tuple(str(one) for one in value)
    if len(set(found)) < len(found):
        raise ValueError(f"names a member twice: {value!r}")
    return found


_ID_LIST = {"type": "array", "items": {"type": ["string", "integer"]}}


@checks.shaped({"type": "array", "items": {**_ID_LIST, "minItems": 2}})
def _same_person(value: Any) -> tuple[tuple[str, ...], ...]:
    if not isinstance(value, list):
        raise ValueError(f"must be a list of lists such as [[rep_smith, sen_smith]], not {value!r}")
    found = tuple(_ids(one) for one in value)
    if any(len(one) < 2 for one in found):
        raise ValueError("each list names two or more ids of one person")
    named = [who for one in found for who in one]
    if twice := {who for who in named if named.count(who) > 1}:
        raise ValueError(f"{', '.join(sorted(twice))}: named in two lists; put all ids of a person into one")
    return found


@checks.shaped(_ID_LIST)
def _different(value: Any) -> tuple[str, ...]:
    return _ids(value)


_CHECKS: dict[str, checks.Check] = {
    "method": checks.one_of(*METHODS),
    "match": checks.one_of(*_MATCHES),
    "same_person": _same_person,
    "different": _different,
    "joint": checks.yes_or_no,
}


@checks.shaped({"anyOf": [{"type": "boolean"}, {"enum": list(METHODS)}, shape_of_mapping(_CHECKS)]})
def over_time(value: Any) -> Asked | None:
    """Check the setting ``over_time``: true, false, a method, or how people are followed from session to session."""
    if isinstance(value, bool):
        return Asked() if value else None
    if value in METHODS:
        return Asked(method=value)
    problems: list[str] = []
    found = section(value, "", _CHECKS, problems) if isinstance(value, dict) else {}
    if not isinstance(value, dict):
        raise ValueError(
            f"must be true, false, {DYNAMIC}, {CONSTANT} or a mapping such as {{match: name}}, not {value!r}"
        )
    if problems:
        raise ValueError("; ".join(problem.lstrip(".: ") for problem in problems))
    both = {who for one in found.get("same_person", ()) for who in one} & set(found.get("different", ()))
    if both:
        raise ValueError(f"{', '.join(sorted(both))}: named under both same_person and different")
    method, joint = found.pop("method", LINK), found.pop("joint", False)
    return Asked(Matching(**found), method, joint)
