"""Votes, their probabilities and cutting points, made up, as `draw_tables` leaves them beside the other tables."""

from pathlib import Path

import numpy as np
import xarray as xr
from report_files import CONFIG, edit_csv, read_rows, write_csv
from statistics_files import fake_everything, write_right_of

from tallgrass_models.config.experiments import ExperimentConfig
from tallgrass_models.files.vote_codes import ABSENT, NOT_IN_OFFICE

#: Cutting points of the first roll calls: inside the chamber, not determined, and right of every member.
CUTS = {
    "cut_q05": [-0.2, -30.0, 2.5],
    "cut_q50": [0.1, 0.5, 4.0],
    "cut_q95": [0.4, 30.0, 9.0],
    "p_cut_left": [0.0, 0.4, 0.0],
    "p_cut_right": [0.06, 0.4, 0.99],
    "p_yea_right": [0.0, 0.6, 0.0],
}
STORY = "Democrat until 28 April 2009, then Republican"


def fake_stories(folder: Path, config: ExperimentConfig = CONFIG) -> Path:
    """`fake_everything`, and the votes of every fit.

    Democrats vote Yea on even roll calls and Republicans on odd ones, with probability 0.97. Of the House, the first
    Democrat votes Nay on the first roll call (probability 0.004) and on the fifth (0.25). The first Republican is
    absent on the first, and the second Democrat is not yet there.
    """
    fake_everything(folder, config)
    for unit in config.units:
        members = read_rows(folder / unit / "ideal_points.csv")
        ids = [f"{k}" for k in range(30)]
        tables = {}
        for chamber in dict.fromkeys(m["chamber"] for m in members):
            own = [m for m in members if m["chamber"] == chamber]
            items = [f"both:{vote}" if k < 10 else f"{chamber}:{vote}" for k, vote in enumerate(ids)]
            cast, p_yea = votes_of([m["party"] for m in own], len(ids))
            if chamber == "house":
                deviate(cast, p_yea, [m["party"] for m in own])
            tables[chamber] = votes_table(own, ids, items if unit == "joint" else ids, cast, p_yea)
        write_votes(folder / unit, tables)
        write_right_of(folder / unit / "right_of.nc", members)
        write_csv(folder / unit / "check_members.csv", [unity_of(m, k) for k, m in enumerate(members)])
        edit_csv(folder / unit / "ideal_points.csv", 1, spells=STORY)
    return folder


def votes_of(parties: list[str], n: int) -> tuple[np.ndarray, np.ndarray]:
    """Votes along the lines of the parties, and probabilities of Yea."""
    even = np.arange(n) % 2 == 0
    cast = np.array([even if party == "Democrat" else ~even for party in parties]).astype(np.int8)
    return cast, np.where(cast == 1, 0.97, 0.03)


def deviate(cast: np.ndarray, p_yea: np.ndarray, parties: list[str]) -> None:
    """Let some of the House do otherwise."""
    republican = parties.index("Republican")
    cast[0, [0, 4]] = 0
    p_yea[0, [0, 4]] = 0.996, 0.75
    cast[republican, 0], cast[1, 0] = ABSENT, NOT_IN_OFFICE


def votes_table(
    members: list[dict], ids: list[str], items: list[str], cast: np.ndarray, p_yea: np.ndarray
) -> xr.Dataset:
    """The votes of a chamber."""
    over = ("legislator", "vote")
    cuts = {name: ("vote", np.array([*values, *[values[0]] * (len(ids) - 3)])) for name, values in CUTS.items()}
    return xr.Dataset(
        {"cast": (over, cast), "p_yea": (over, p_yea.astype(np.float32)), "item": ("vote", items), **cuts},
        coords={"legislator": [m["legislator"] for m in members], "vote": ids},
    )


def write_votes(here: Path, tables: dict[str, xr.Dataset]) -> None:
    xr.DataTree.from_dict(tables).to_netcdf(here / "vote_probabilities.nc")


def unity_of(member: dict, k: int) -> dict:
    """A row of check_members.csv."""
    who = {key: member[key] for key in ("legislator", "name", "chamber", "party")}
    return {**who, "unity": 0.99 - 0.01 * k, "unity_q05": 0.9, "unity_q95": 0.95}
