"""A series with both chambers on one scale: what the configuration allows, and from votes to the page."""

import json
import shutil

import numpy as np
import pytest
import xarray as xr
from careers import both_careers, both_votes_of, noisy_together, votes_of, write_tables
from test_workflow import copy_repository, planned, python, snakemake

from tallgrass_models import cli
from tallgrass_models.config.planning import series_files
from tallgrass_models.config.reading import load_experiments, load_series
from tallgrass_models.config.sessions import SessionConfig
from tallgrass_models.config.specs import link_time_spec_json
from tallgrass_models.errors import UserError
from tallgrass_models.files.archive import read_archive
from tallgrass_models.files.columns import over_time as columns
from tallgrass_models.files.json import read_json, write_json
from tallgrass_models.sampling import posterior
from tallgrass_models.sampling.posterior import load_posterior, save_posterior
from tallgrass_models.steps.fitted import votes_hash
from tallgrass_models.steps.link_time import LINK_TIME_FILES
from tallgrass_models.steps.listing import list_results
from tallgrass_models.steps.replay_series import _series
from tallgrass_models.steps.verify import verify

__all__ = ["python", "snakemake"]  # fixtures

SESSIONS = "sessions: {s1: {source: table, votes: s1.csv}, s2: {source: table, votes: s2.csv}}\n"


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("over_time: {joint: true}", "joint links the joint fits of the sessions, and this experiment has none"),
        ("joint: true, over_time: {joint: true, method: dynamic}", "joint is for the methods link and constant"),
        ("joint: {bridges: drift}, over_time: {joint: true, method: constant}", "needs joint: {bridges: same}"),
        ("joint: true, over_time: {joint: yes please}", "joint: must be true or false"),
    ],
)  # fmt: skip
def test_what_cannot_be_put_on_one_scale_is_refused(tmp_path, more, said):
    (tmp_path / "e.yaml").write_text(SESSIONS + f"experiments: {{x: {{sessions: [s1, s2], {more}}}}}\n")
    with pytest.raises(UserError, match=r"experiments\.x\.over_time") as caught:
        load_experiments(tmp_path / "e.yaml")
    assert said in str(caught.value)


def test_the_rule_takes_the_joint_posteriors(snakemake, tmp_path):
    copy_repository(tmp_path)
    for name in ("s1", "s2"):
        (tmp_path / f"{name}.csv").touch()
    text = SESSIONS + "experiments: {x: {sessions: [s1, s2], joint: true, over_time: WAY}}\n"
    specs, experiments = {}, {}
    for way in ("true", "{joint: true}"):
        (tmp_path / "own.yaml").write_text(text.replace("WAY", way))
        series, experiments[way] = load_series(tmp_path / "own.yaml")["x"], load_experiments(tmp_path / "own.yaml")
        specs[way] = json.loads(link_time_spec_json(series, experiments[way]))
    assert [one.to_json() for one in experiments["true"].values()] == [
        one.to_json() for one in experiments["{joint: true}"].values()
    ]  # so that nothing is fitted again
    assert {name: list(one["fit_hashes"]["x_s1"]) for name, one in specs.items()} == {
        "true": ["house", "senate"], "{joint: true}": ["joint"],
    }  # fmt: skip
    assert series_files(series, experiments["{joint: true}"], "posterior.nc") == [
        "results/x_s1/joint/posterior.nc", "results/x_s2/joint/posterior.nc",
    ]  # fmt: skip
    jobs = planned(snakemake(tmp_path, "-n", "--config", "experiments=own.yaml"))
    assert jobs["link_time"] == jobs["time_report"] == ["x"]
    assert len(jobs["fit_joint"]) == 2
    assert "fit_dynamic" not in jobs


def write_joint_run(folder, pair, rng, converged=True):
    """Write what `link_time` reads of an experiment with a joint fit: votes, joint posterior and metrics."""
    home = folder / f"base_{pair[0].session}"
    (home / "joint").mkdir(parents=True)
    chambers = [votes_of(term, 12, 0, chamber) for term, chamber in zip(pair, ("house", "senate"), strict=True)]
    for votes in chambers:
        votes.save(home / f"{votes.chamber}.nc")
    xi = np.concatenate(noisy_together(pair, rng, 200, 0.1), axis=1).reshape(2, 100, -1)
    who = [f"{votes.chamber}:{member}" for votes in chambers for member in votes.legislators.index]
    data = xr.Dataset({"xi": (("chain", "draw", "legislator"), xi)}, coords={"legislator": who})
    facts = {
        "format": posterior._FORMAT,
        "spec": "{}",
        "spec_hash": f"hash-{pair[0].session}",
        "data_hash": json.dumps([votes_hash(votes) for votes in chambers]),
    }
    tree = xr.DataTree.from_dict({"/": xr.Dataset(attrs=facts), "/posterior": data})
    save_posterior(tree, home / "joint/posterior.nc")
    session = SessionConfig(pair[0].session, "table", title=f"Session {pair[0].session}")
    scale = {"kind": "parties", "turned": False}
    scales = {"house": {**scale, "sets_scale": True}, "senate": {**scale, "sets_scale": False}}
    block = {"sides": {}, "convergence_ok": converged, "convergence_failures": [], "scale": scales}
    block["chain_modes"] = {"verdict": "one mode"}
    content = {"experiment": home.name, "config": {"session": session.to_dict()}, "chambers": {}, "joint": block}
    write_json(home / "metrics.json", {**content, "axis": []})
    return home


def linked(folder, homes, posteriors):
    """Run the command as the rule does."""
    names = [home.name for home in homes]
    spec = {"series": "base", "experiments": names, "matching": {"match": "id", "same_person": [], "different": []}}
    spec["fit_hashes"] = {name: {"joint": f"hash-{name[5:]}"} for name in names}
    files = {f"--{name.replace('_', '-')}": folder / file for name, file in LINK_TIME_FILES.items()}
    words = ["link-time", "--spec", json.dumps(spec), *(str(x) for pair in files.items() for x in pair)]
    words += ["--metrics", *(str(home / "metrics.json") for home in homes), "--posteriors", *map(str, posteriors)]
    return cli.main([*words, "--data", *(str(home / f"{c}.nc") for home in homes for c in ("house", "senate"))])


def test_from_joint_posteriors_to_tables(tmp_path, capsys):
    terms, rng = both_careers(12, n_sessions=2, promoted=1), np.random.default_rng(12)
    homes = [write_joint_run(tmp_path, pair, rng, converged=k == 0) for k, pair in enumerate(terms)]
    posteriors = [home / "joint/posterior.nc" for home in homes]
    assert linked(tmp_path, homes, posteriors) == 0
    content = read_json(tmp_path / "link_time.json")
    assert content["sessions"][1]["faults"] == [
        {"chamber": chamber, "fault": "not converged"} for chamber in ("house", "senate")
    ]
    members = columns.TIME_MEMBERS.read(tmp_path / "time_members.csv")
    for k, pair in enumerate(terms):
        for chamber, term in zip(("house", "senate"), pair, strict=True):
            rows = members[(members["session"] == f"s{k + 1}") & (members["chamber"] == chamber)]
            assert rows["legislator"].tolist() == [f"m{who:03d}" for who in term.person]
            assert np.corrcoef(rows["place_median"], term.x)[0, 1] > 0.97
    assert linked(tmp_path, homes, posteriors[:1]) == 2
    assert "base_s2: no posterior of joint; name those of all fits" in capsys.readouterr().err
    homes[1].joinpath("senate.nc").unlink()
    votes_of(terms[1][1], 12, 1, "senate").save(homes[1] / "senate.nc")
    assert linked(tmp_path, homes, posteriors) == 2
    assert "fitted to other votes than those given" in capsys.readouterr().err


def test_a_broken_chain_is_listed_once(tmp_path):
    chambers = [{"chamber": name, "reason": "s1 and s2 have 0 members in common"} for name in ("house", "senate")]
    folder = tmp_path / "over_time/base"
    folder.mkdir(parents=True)
    sessions = [{"session": name, "faults": []} for name in ("s1", "s2")]
    write_json(folder / "link_time.json", {"sessions": sessions, "chambers": chambers, "joint": {"links": []}})
    (found,) = list_results(tmp_path)
    assert found.failures == ("both chambers: s1 and s2 have 0 members in common",)


FILE = """
sessions: {{s1: {{source: table, votes: {0}/s1.csv}}, s2: {{source: table, votes: {0}/s2.csv}}}}
defaults:
  sampling: {{draws: 300, tune: 300, chains: 2, seed: 3}}
experiments:
  base:
    sessions: [s1, s2]
    joint: {{beta_prior: {{distribution: normal, mu: 0, sigma: 1}}}}
    over_time: {{joint: true, match: id}}
"""


def belongs_together(name, path, archive, results, where):
    """Verify results, of which ``name`` is one, find the series in what export writes, and replay that."""
    series = load_series(path)
    found = verify(load_experiments(path), results, models=True, series=series)
    assert found.problems == []
    assert name in found.checked
    assert cli.main(["export", "base", *where, "--out", str(archive)]) == 0
    with read_archive(archive) as opened:
        assert _series(opened, archive) == series["base"]
    assert cli.main(["replay", str(archive), "--into", str(archive.with_suffix("")), "--cores", "2"]) == 0


@pytest.mark.slow
@pytest.mark.timeout(3000)
def test_from_votes_to_one_scale(tmp_path, capsys):
    """Run, list, verify, export and replay a series; its positions are those that the votes were drawn from."""
    terms = both_careers(12, n_sessions=2, sizes=(20, 14), promoted=1, right=0)
    for k, pair in enumerate(terms):
        write_tables(pair[0], both_votes_of(pair, 60, 40, k), tmp_path)
    path, results = tmp_path / "e.yaml", tmp_path / "results"
    path.write_text(FILE.format(tmp_path))
    where = ["--config", str(path), "--results", str(results)]
    assert cli.main(["run", "base", *where, "--cores", "2"]) == 0
    home = results / "over_time/base"
    members = columns.TIME_MEMBERS.read(home / "time_members.csv")
    origin, unit = (
        op([terms[0][0].x[p::2].mean() for p in (0, 1)]) for op in (np.mean, lambda at: (at[1] - at[0]) / 2)
    )
    for k, pair in enumerate(terms):
        for chamber, term in zip(("house", "senate"), pair, strict=True):
            rows = members[(members["session"] == f"s{k + 1}") & (members["chamber"] == chamber)].set_index("person")
            rows, truth = rows.loc[[f"m{who:03d}" for who in term.person]], (term.x - origin) / unit
            assert np.corrcoef(rows["place_median"], truth)[0, 1] > 0.9
            assert np.abs(rows["place_median"].to_numpy() - truth).mean() < 0.35  # of 60 roll calls
    crossed = columns.TIME_CROSSED.read(home / "time_crossed.csv")
    assert set(crossed["person"]) == {f"m{who:03d}" for who in set(terms[0][0].person) & set(terms[1][1].person)}
    assert len(crossed) > 0
    assert "joint" in read_json(home / "link_time.json")
    listed = {one.experiment: one for one in list_results(results)}["over_time/base"]
    assert listed.model == "joint fits linked by members who return"
    made = {file: file.stat().st_mtime_ns for file in results.rglob("*") if file.suffix in (".nc", ".csv", ".html")}
    assert cli.main(["run", "base", *where, "--cores", "2"]) == 0
    assert made == {file: file.stat().st_mtime_ns for file in made}
    belongs_together("over_time/base", path, tmp_path / "base.zip", results, where)
    path.write_text(path.read_text().replace("match: id", "match: id, method: constant"))
    assert cli.main(["run", "base", *where, "--cores", "2"]) == 0
    assert (home / "joint/posterior.nc").exists()
    assert not (home / "house").exists()
    chambers = read_json(home / "link_time.json")["chambers"]
    assert [one["constant"]["n_careers"] for one in chambers] == [
        len({who for pair in terms for who in pair[c].person.tolist()}) for c in (0, 1)
    ]
    again = columns.TIME_MEMBERS.read(home / "time_members.csv")
    assert again["legislator"].tolist() == members["legislator"].tolist()
    assert np.corrcoef(again["place_median"], members["place_median"])[0, 1] > 0.9
    belongs_together("over_time/base/joint", path, tmp_path / "constant.zip", results, where)
    path.write_text(path.read_text().replace(", method: constant", ""))
    assert cli.main(["run", "base", *where, "--cores", "2"]) == 0
    joint = results / "base_s2/joint/posterior.nc"
    tree = load_posterior(joint)
    xi = tree["posterior"]["xi"]
    tree["posterior"]["xi"] = xi + xi["legislator"].str.startswith("senate:")  # as if fitted again
    save_posterior(tree, joint)
    shutil.rmtree(joint.parent / ".digests")
    said = verify(load_experiments(path), results, models=True, series=load_series(path)).problems
    assert any("not what the fits of its sessions give now" in line for line in said), said
