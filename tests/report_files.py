"""Plausible results of an experiment, written as files, and a reader of the page made from them."""

import csv
import json
import random
import re
from collections.abc import Sequence
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

from tallgrass_models.config.experiments import ExperimentConfig, JointConfig
from tallgrass_models.files.columns import checking, folds, linking, summary, votes
from tallgrass_models.files.tables import Table
from tallgrass_models.priors.spec import BetaPriorSpec
from tallgrass_models.report.files.data import ReportFiles
from tallgrass_models.report.report_page import write_report

POSITIVE = BetaPriorSpec("lognormal_reparam", {"mu": 0, "sigma": 0.5})
CONFIG = ExperimentConfig(
    "positive_beta", "discrimination constrained to be positive", beta_prior=POSITIVE, joint=JointConfig()
)
HOUSE = replace(CONFIG, joint=None, chambers=("house",))
SIZES = {"house": {"Democrat": 12, "Republican": 20}, "senate": {"Democrat": 5, "Republican": 9}}
HOSTILE = (
    '<script>alert("x")</script>',
    '"><img src=x onerror=alert(1)>',
    "]]></text></svg><iframe src='https://example.org'>",
    "=cmd|'/C calc'!A0, $\\frac{a}{b}$ -- & 'quoted'",
    "\u202eאבג دقيقة\u0007\x00",
    "W" * 200,
)
MEANS = {"Democrat": -7.0, "Republican": 5.0}


HELD_OUT_FILES = ("held_out.json", *(f"{table.name}.csv" for table in folds.TABLES))
#: What a column that a test does not care about holds.
NEUTRAL = {"text": "x", "word": "x", "date": "2025-02-03", "whole": 0, "number": 0.0, "truth": False}
_TABLES = (*summary.TABLES, *checking.TABLES, *linking.TABLES, *folds.TABLES, votes.DROPPED)


def table_of(path: Path, tables: Sequence[Table] = _TABLES) -> Table | None:
    """The declared table of a file; None of a file that is none of ours."""
    stem = "dropped" if path.stem.endswith("_dropped") else path.stem
    return next((table for table in tables if table.name == stem), None)


def write_csv(path: Path, rows: list[dict], tables: Sequence[Table] = _TABLES) -> None:
    """Write rows as they are, with the columns that they lack of those declared."""
    declared = table.columns if (table := table_of(path, tables)) else ()
    neutral = {column.name: "" if column.empty else NEUTRAL[column.kind] for column in declared}
    write_bare(path, [neutral | row for row in rows])


def write_bare(path: Path, rows: list[dict]) -> None:
    """Write rows as they are."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def fake_members(chamber: str, sizes: dict[str, int], rng: random.Random, joint: bool) -> list[dict]:
    rows = []
    for party, n in sizes.items():
        for k in range(n):
            mean, half = rng.gauss(MEANS[party], 1.5), rng.uniform(0.4, 1.2)
            identifier = f"{party[:3].lower()}_{chamber}_{k}"
            rows.append(
                {
                    "legislator": f"{chamber}:{identifier}" if joint else identifier,
                    "name": f"{party[:3]} {chamber.title()} {k}",
                    "chamber": chamber,
                    "party": party,
                    "caucus": party,
                    "district": str(k + 1),
                    "state": "KS",
                    "n_votes": rng.randint(150, 280),
                    "position_mean": placed(mean),
                    "position_sd": half / 9.6,
                    "position_q05": placed(mean - half),
                    "position_q95": placed(mean + half),
                    "xi_mean": mean,
                    "rhat": 1.001,
                    "ess_bulk": 2000,
                    "flat_mean": mean / 6,
                    "external": "",
                    "truth": mean + rng.gauss(0, 0.3),
                }
            )
    ordered = sorted(rows, key=lambda r: r["xi_mean"])
    inner = {
        id(next(r for r in line if r["party"] == party))
        for line, party in ((ordered[::-1], "Democrat"), (ordered, "Republican"))
    }
    for rank, row in enumerate(ordered, start=1):
        row |= {"rank_mean": rank, "rank_q05": max(1, rank - 3), "rank_q95": min(len(rows), rank + 3)}
        row |= {
            "p_leftmost": {1: 0.7, 2: 0.3}.get(rank, 0),
            "p_rightmost": 0.97 if row is ordered[-1] else 0.03 if row is ordered[-2] else 0,
        }
        row["p_innermost"] = 0.8 if id(row) in inner else 0.01
    return rows


def placed(xi: float) -> float:
    """The position of an ideal point, where the parties' averages are those of `MEANS`."""
    return (xi - (MEANS["Democrat"] + MEANS["Republican"]) / 2) / ((MEANS["Republican"] - MEANS["Democrat"]) / 2)


def fake_bills(ids: list[str], rng: random.Random) -> list[dict]:
    rows = []
    for k, vote in enumerate(ids):
        beta, alpha = rng.lognormvariate(-0.5, 0.8), rng.gauss(-3, 3)
        rows.append(
            {
                "vote": vote,
                "bill": f"HB {2000 + k}",
                "title": f"An act concerning subject {k}",
                "motion": "Final Action",
                "date": "2025-03-01",
                "chambers": vote.split(":")[0],
                "yea": 80 + k % 40,
                "nay": 40 - k % 40,
                "difficulty_mean": alpha,
                "difficulty_sd": 0.5,
                "discrimination_mean": beta,
                "discrimination_sd": 0.2,
                "discrimination_q05": beta * 0.7,
                "discrimination_q95": beta * 1.4,
                "wrong_sign": "False",
                "cutting_point": alpha / beta,
                "rhat": 1.0,
                "ess_bulk": 3000,
            }
        )
    return rows


def fake_parties(chambers: dict[str, dict[str, int]]) -> list[dict]:
    rows = []
    for c, (chamber, sizes) in enumerate(chambers.items()):
        for party, n in sizes.items():
            mu = MEANS[party] * (1 + 0.1 * c)
            at = placed(mu)
            row = {"chamber": chamber, "party": party, "n": n}
            row |= {"position_mean": at, "position_q05": at - 0.1 * c, "position_q95": at + 0.1 * c}
            row |= {"spread_mean": 0.25, "spread_q05": 0.2, "spread_q95": 0.3}
            row |= {"mu_mean": mu, "mu_sd": 0.3, "mu_q05": mu - 0.5, "mu_q95": mu + 0.5}
            rows.append({**row, "sigma_mean": 1.7, "sigma_sd": 0.2, "sigma_q05": 1.4, "sigma_q95": 2.1})
    return rows


def fake_moments(mean: float) -> dict:
    return {"mean": mean, "sd": 0.3, "q05": mean - 0.5, "q95": mean + 0.5}


def fake_block(name: str, size: int, where: str) -> dict:
    at = {"rhat_where": where, "ess_bulk_where": where, "ess_tail_where": where}
    good = {"rhat_max": 1.004, "ess_bulk_min": 1234.0, "ess_tail_min": 1100.0, "n_rhat_above": 0, "n_ess_below": 0}
    return {"block": name, "size": size, **good, **at}


def fake_roster(chamber: str, **changes: object) -> dict:
    """A chamber of which one member has too few votes, and nothing else is to be said."""
    tallies = {"n_recorded": 30, "n_unlike": 0, "n_explained": 0, "share": 0.0, "loud": False, "votes_missing": 0}
    few = {"legislator": "m1", "name": "Rarely There", "reason": "fewer than 20 Yea and Nay votes", "n_votes": 3}
    block = {"chamber": chamber, "left_out": [few], "outside_parties": [], "spells": [], "tallies": tallies}
    return {**block, "oddities": {}, **changes}


def fake_summary(unit: str, config: ExperimentConfig, members: list[dict], bills: list[dict]) -> dict:
    joint = unit == "joint"
    chambers = list(config.chambers) if joint else [unit]
    blocks = [
        fake_block("xi", len(members), members[0]["legislator"]),
        fake_block("beta", len(bills), bills[0]["vote"]),
    ]
    blocks.append(fake_block("mu_group" if joint else "mu_party", 2, "Democrat"))
    return {
        "unit": unit,
        "kind": "joint" if joint else "chamber",
        "experiment_spec": {**config.fit_spec(unit), "code": "0123"},
        "spec_hash": f"spec-{unit}",
        "data_hash": ["hash-h", "hash-s"] if joint else f"hash-{unit}",
        "session": "demo",
        "n_legislators": len(members),
        "n_left_out": 2,
        "n_rollcalls": len(bills),
        "n_votes": 8765,
        "n_shared_bills": 7 if joint else None,
        "sampling": {
            "sampler": "nutpie",
            "draws": 2000,
            "tune": 1500,
            "chains": 4,
            "cores": 2,
            "target_accept": 0.95,
            "seed": 42,
            "chain_seeds": [11, 12, 13, 14],
            "time_s": 71.4,
            "compile_s": 9.0,
            "divergences": 0,
            "mean_tree_depth": None,
            "gradients": 120000,
        },
        "convergence": {
            "ok": True,
            "gates": {"rhat": 1.01, "ess": 400, "divergence_share": 0.001, "ebfmi": 0.3},
            "blocks": blocks,
            "divergences": 0,
            "divergence_limit": 8,
            "ebfmi": [0.9, 0.91, 0.92, 0.93],
            "failures": [],
        },
        "scale": [
            {"chamber": c, "sets_scale": k == 0, "kind": "parties", "turned": False, "p_right": 1.0, "d": 8.25}
            for k, c in enumerate(chambers)
        ],
        "parties_apart": [
            {"chamber": c, "d": fake_moments(8.25), "position": fake_moments(2.0), "p_republicans_wider": 0.99}
            for c in chambers
        ],
        "gaps_compared": {"ratio": fake_moments(1.1), "p_senate_wider": 0.99} if joint else None,
        "icc": [{"chamber": c, "mean": 0.923, "sd": 0.01, "q05": 0.901, "q95": 0.941} for c in chambers],
        "flat_corr": dict.fromkeys(chambers, 0.987),
        "party_overlap": 0.0,
        "roster": [fake_roster(c) for c in chambers],
        "truth": [
            {"chamber": c, "correlation": 0.9876, "correlation_within": {"Democrat": 0.943, "Republican": 0.884}}
            | {"coverage90_relative": 0.91, "coverage90_rank": 0.93, "n": len(members)}
            | {"coverage90": None, "coverage90_reason": "this fit has another prior"}
            for c in chambers
        ],
        "fit_versions": {"pymc": "6.1.0", "nutpie": "0.16.9"},
    }


def fake_results(folder: Path, config: ExperimentConfig = CONFIG, sizes: dict = SIZES, n_bills: int = 30) -> Path:
    """Write the files of a whole experiment under ``folder`` and return it."""
    rng = random.Random(1)
    for unit in config.units:
        joint = unit == "joint"
        chambers = sizes if joint else {unit: sizes[unit]}
        members = [row for c, s in chambers.items() for row in fake_members(c, s, rng, joint)]
        kinds = ("both", "house", "senate") if joint else ("",)
        ids = [f"{kind}:{k}".lstrip(":") for kind in kinds for k in range(n_bills // len(kinds))]
        bills = fake_bills(ids, rng)
        if not joint:
            bills = [bill | {"chambers": unit} for bill in bills]
        write_csv(folder / unit / "ideal_points.csv", members)
        write_csv(folder / unit / "bills.csv", bills)
        write_csv(folder / unit / "parties.csv", fake_parties(chambers))
        summary = fake_summary(unit, config, members, bills)
        (folder / unit / "summary.json").write_text(json.dumps(summary), encoding="utf-8")
    for chamber in config.chambers:
        roll_call = {"kind": "roll call", "id": "x1", "name": "HB 1", "reason": "near-unanimous", "value": 0.01}
        member = {"kind": "legislator", "id": "m1", "name": "Rarely There", "reason": "few votes", "value": 3}
        write_csv(folder / f"{chamber}_dropped.csv", [roll_call, roll_call | {"id": "x2"}, member])
    finding = {"level": "warning", "text": "4 chains on 2 CPUs"}
    platform = {"snapshot": {"cpus": 2, "thread_caps": {}}, "findings": [finding], "overrides": {}}
    (folder / "platform.json").write_text(json.dumps(platform), encoding="utf-8")
    return folder


def page(folder: Path, config: ExperimentConfig = CONFIG) -> str:
    """Write the page of the files under ``folder`` and return its text."""
    write_report(config, report_inputs(folder, config), folder / "report.html", *outputs(folder))
    return (folder / "report.html").read_text(encoding="utf-8")


def report_inputs(folder: Path, config: ExperimentConfig) -> ReportFiles:
    """The files under ``folder`` that a report is made from, as the workflow names them."""

    def of_units(name: str, under: Path = folder) -> list[Path]:
        return [path for unit in config.units if (path := under / unit / name).exists()]

    return ReportFiles(
        platform=folder / "platform.json",
        summaries=of_units("summary.json"),
        dropped=[folder / f"{chamber}_dropped.csv" for chamber in config.chambers],
        checks=of_units("check.json"),
        curves=of_units("curves.csv"),
        linking=folder / "linking.json" if (folder / "linking.json").exists() else None,
        compare_with=of_units("ideal_points.csv", folder / "other"),
        held_out=[path for name in HELD_OUT_FILES if (path := folder / name).exists()],
    )


def outputs(folder: Path) -> tuple[Path, Path]:
    return folder / "figures", folder / "tables"


def edit_json(path: Path, **changes: object) -> None:
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | changes), encoding="utf-8")


def edit_csv(path: Path, row: int, **changes: object) -> list[dict]:
    with path.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    rows[row] |= changes
    write_csv(path, rows)
    return rows


class Tree(HTMLParser):
    """Tags, attributes, ids, headings and the text of every section; checks that tags nest."""

    VOID = frozenset({"meta", "link", "br", "img", "hr", "input"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.stack: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.headings: list[int] = []
        self.tables: dict[str, list[list[str]]] = {}
        self.text: dict[str, str] = {}
        self._section = self._table = ""
        self.feed(html)
        self.close()
        assert self.stack == []
        if "first" in self.text:  # the findings begin on the first screen, with the warnings
            self.text["findings"] = f"{self.text['first']} {self.text.get('findings', '')}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.append((tag, found))
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag == "section":
            self._section = found["id"] or ""
        if tag == "table":
            self._table = found["id"] or ""
            self.tables[self._table] = []
        if tag == "tr":
            self.tables[self._table].append([])
        if tag in ("td", "th"):
            self.tables[self._table][-1].append("")
        if tag not in self.VOID:
            self.stack.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.stack.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text[self._section] = self.text.get(self._section, "") + data
        if "td" in self.stack or "th" in self.stack:
            self.tables[self._table][-1][-1] += data.replace("\xa0", " ")


def fake_hostile(folder: Path, config: ExperimentConfig) -> None:
    """`fake_results` with names, titles, parties and reasons that try to be markup."""
    fake_results(folder, config)
    for unit in config.units:
        for row, text in enumerate(HOSTILE):
            party = text if row > 3 else "Democrat"
            edit_csv(folder / unit / "ideal_points.csv", row, name=text, district=text, party=party, caucus=party)
            edit_csv(folder / unit / "bills.csv", row, bill=text, title=text, motion=text, discrimination_mean=9 + row)
    for row, text in enumerate(HOSTILE[:3]):
        edit_csv(folder / "house_dropped.csv", row, name=text, reason=text, kind=text)
    fail(folder)
    findings = [{"level": HOSTILE[0], "text": HOSTILE[1]}]
    edit_json(folder / "platform.json", snapshot={HOSTILE[0]: HOSTILE[1]}, findings=findings)
    edit_json(folder / "senate" / "summary.json", fit_versions={HOSTILE[0]: HOSTILE[1]})


def read_rows(path: Path) -> list[dict]:
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def fail(folder: Path) -> None:
    """Let the House fail: R-hat at a member, ESS at a bill."""
    path = folder / "house" / "summary.json"
    convergence = json.loads(path.read_text(encoding="utf-8"))["convergence"]
    xi, beta, _ = convergence["blocks"]
    xi |= {"rhat_max": 1.534, "n_rhat_above": 17}
    beta |= {"ess_bulk_min": 53.0, "n_ess_below": 4, "ess_bulk_where": "3"}
    edit_json(path, convergence=convergence | {"ok": False, "failures": ["R-hat of xi reaches 1.534 at dem_house_0"]})
