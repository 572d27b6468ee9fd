"""A capsule is whole, gives the same numbers where it is replayed, and tells numbers that differ from chance."""

import hashlib
import json
import stat
import zipfile
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from small import small_chamber, write_tallgrass_csv

from tallgrass_models import cli
from tallgrass_models.config.experiments import ExperimentConfig
from tallgrass_models.config.sampling import SamplingConfig
from tallgrass_models.config.session_files import session_files, session_inputs
from tallgrass_models.config.sessions import SessionConfig
from tallgrass_models.errors import UserError
from tallgrass_models.files.archive import LIST, read_archive, write_archive
from tallgrass_models.steps import replay as replaying
from tallgrass_models.steps import runner
from tallgrass_models.steps.capsule import NUMBERS, export, relocated, source_files
from tallgrass_models.steps.replay import replay
from tallgrass_models.summary.repeated import Quantity
from tallgrass_models.votes.unit import Unit

SAMPLING = SamplingConfig(draws=200, tune=100, chains=2, seed=3)


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """The results of a small experiment on files."""
    folder = tmp_path_factory.mktemp("ran")
    write_tallgrass_csv(folder / "votes", "small", [small_chamber("house", (9, 12, 1), 24, seed=5, apart=2.5)])
    session = SessionConfig("small", "tallgrass", str(folder / "votes"), "small", min_votes=3)
    common = {"sampling": SAMPLING, "flat_sampling": replace(SAMPLING, draws=30)}
    config = ExperimentConfig("one", session=session, chambers=("house",), **common)
    return runner.run_experiment(config, folder / "results", cores=2)


@pytest.fixture(scope="module")
def capsule(ran, tmp_path_factory):
    """An archive with votes and draws."""
    return export(ran, tmp_path_factory.mktemp("capsule") / "one.zip", votes=True, draws=True)


@pytest.fixture(scope="module")
def replayed(capsule, tmp_path_factory):
    """The archive, replayed with its own seed and with another one, in folders of their own."""
    folder = tmp_path_factory.mktemp("replayed")
    return folder, {seed: replay(capsule, folder / str(seed), cores=2, seed=seed) for seed in (None, 77)}


def contents(path):
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rewritten(path, out, change):
    """An archive with changed content whose list is in order again."""
    with read_archive(path) as archive:
        about = {key: value for key, value in archive.about.items() if key != "files"}
        files = {name: archive.read(name) for name in archive.names}
    change(files, about)
    write_archive(out, files, about)
    return out


def changed_numbers(change):
    """A change of the table of numbers, for `rewritten`; ``change`` returns the table."""

    def changed(files, about):
        table = pd.DataFrame(json.loads(files[NUMBERS])["quantities"])
        table["df"] = table["df"].astype(object).where(table["df"].notna(), None)
        table = change(table)
        files[NUMBERS] = json.dumps({"quantities": table.to_dict("records")}).encode()

    return changed


# --- export -----------------------------------------------------------------------------------------------------------


def test_what_is_in_it(ran, capsule, tmp_path):
    plain = contents(export(ran, tmp_path / "plain.zip"))
    held, about = contents(capsule), json.loads(plain[LIST])
    assert {"results/report.html", "results/metrics.json", "results/house/summary.json"} <= set(plain)
    assert {"results/house/ideal_points.csv", "packages.txt", NUMBERS} <= set(plain)
    assert set(held) - set(plain) == {
        "results/house/posterior.nc",
        *(f"votes/small_{role}.csv" for role in ("votes", "rollcalls", "legislators")),
    }
    assert held["results/house/bills.csv"] == ran.files["house/bills.csv"].read_bytes()
    listed = {file["name"]: file["sha256"] for file in about["files"]}
    assert listed == {name: hashlib.sha256(data).hexdigest() for name, data in plain.items() if name != LIST}
    assert ExperimentConfig.from_json(json.dumps(about["config"])) == ran.config
    assert f"numpy=={np.__version__}" in plain["packages.txt"].decode().splitlines()


def test_equal_content_gives_equal_bytes(ran, capsule, tmp_path):
    again = export(ran, tmp_path / "again.zip", votes=True, draws=True)
    assert again.read_bytes() == capsule.read_bytes()


def test_numbers_are_those_of_the_tables(ran, capsule):
    table = pd.DataFrame(json.loads(contents(capsule)[NUMBERS])["quantities"]).set_index(["what", "of"])
    house = ran["house"]
    members = house.members.set_index("legislator").sort_index()
    found = table.loc["position"].sort_index()
    np.testing.assert_allclose(found["value"], members["position_mean"], rtol=1e-5)
    np.testing.assert_allclose(found["error"], members["position_mcse"], rtol=1e-4)
    for party, average in house.parties.set_index("party")["xi_mean"].items():
        assert table.loc[("party average, model's scale", f"house/{party}"), "value"] == pytest.approx(
            average, rel=1e-5
        )
    assert table.loc[("icc", "house"), "value"] == pytest.approx(house.metrics["icc"][0]["mean"])
    assert ("log likelihood", "") in table.index
    assert "party average, headline scale" not in table.index.get_level_values(0)  # the scale fixes it


def test_packages_that_are_not_those_of_the_run_are_told(ran, tmp_path, monkeypatch, caplog):
    monkeypatch.setitem(ran.metrics["versions"], "numpy", "1.0")
    with caplog.at_level("WARNING"):
        export(ran, tmp_path / "out.zip")
    assert [record.message for record in caplog.records] == [
        f"packages.txt: numpy is {np.__version__} now, the run had 1.0"
    ]


def test_results_of_several_runs_are_refused(ran, tmp_path):
    ran.metrics["chambers"]["house"]["spec_hash"], kept = "0" * 16, ran.metrics["chambers"]["house"]["spec_hash"]
    try:
        with pytest.raises(UserError, match=r"posterior\.nc: metrics\.json is from another run"):
            export(ran, tmp_path / "out.zip")
    finally:
        ran.metrics["chambers"]["house"]["spec_hash"] = kept
    assert not list(tmp_path.iterdir())


# --- replay -----------------------------------------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_numbers(ran, replayed):
    folder, found = replayed
    assert found[None].same
    elpd = f"{ran['house'].metrics['checks']['elpd_loo']:.2f}"
    assert f"house, expected log predictive density: {elpd} there, {elpd} here" in found[None].lines
    assert found[None].lines[-1].startswith("the same numbers: 27 of 27 quantities agree to the last digit")
    ideal = "one/house/ideal_points.csv"
    assert (folder / "None/results" / ideal).read_bytes() == (ran.parent.parent / ideal).read_bytes()
    assert json.loads((folder / "None/replay.json").read_text())["same"] is True


def test_another_seed_gives_numbers_within_error(replayed):
    found = replayed[1][77]
    assert found.same
    assert found.result.config.sampling.seed == 77
    assert "the same numbers: within Monte Carlo error" in found.lines[-2]


@pytest.fixture
def again(replayed, monkeypatch):
    """Replay an archive with the fits of the replay with another seed, without sampling."""
    monkeypatch.setattr(replaying, "run_experiment", lambda *args, **kwargs: replayed[1][77].result)
    return lambda capsule, into: replay(capsule, into, seed=77)


@pytest.mark.parametrize(
    ("what", "label"),
    [
        ("position", "position of Member 0 (House, Democrat)"),
        ("party average, model's scale", "average of the Democrats"),
    ],
)
def test_a_planted_shift_is_caught(capsule, tmp_path, again, what, label):
    def shift(table):
        k = table.index[table["what"] == what][0]
        table.loc[k, "value"] += 20 * table.loc[k, "error"]
        return table

    found = again(rewritten(capsule, tmp_path / "shifted.zip", changed_numbers(shift)), tmp_path / "into")
    assert not found.same
    assert label in found.lines[-1]
    assert "of 27 quantities differ beyond Monte Carlo error" in found.lines[-2]


def test_a_member_who_is_missing_is_named(capsule, tmp_path, again):
    changed = rewritten(capsule, tmp_path / "x.zip", changed_numbers(lambda table: table.drop(0)))
    found = again(changed, tmp_path / "into")
    assert not found.same
    assert any(line.startswith("house, position of Member 0") and "one run only" in line for line in found.lines)


def test_other_versions_excuse_another_model_and_are_named(capsule, tmp_path, again):
    def other_model(files, about):
        about["fits"]["house"]["model_fingerprint"] = "0" * 16
        about["code"] = {"commit": None, "dirty": None}

    def older(files, about):
        other_model(files, about)
        about["versions"]["numpy"] = "1.0"

    found = again(rewritten(capsule, tmp_path / "older.zip", older), tmp_path / "older")
    assert found.same
    assert "numpy 1.0 there" in found.lines[1]
    assert found.lines[2] == "the log density of house is another one"


class Ran(dict):
    """What a replay looks at of a result: units, and metrics of each and of all."""

    def __init__(self, fingerprints):
        fits = {
            unit: SimpleNamespace(metrics={"model_fingerprint": found, "checks": {"elpd_loo": None}})
            for unit, found in fingerprints.items()
        }
        super().__init__(fits)
        self.units, self.converged, self.config = fits, True, SimpleNamespace(units=[Unit(unit) for unit in fits])
        snapshot = {"machine": "x", "python": "3"}
        self.metrics = {"versions": {"numpy": "2"}, "code": {"commit": "a", "dirty": False}}
        self.metrics["platform"] = {"snapshot": snapshot}
        self.there = {
            **self.metrics,
            "machine": snapshot,
            "converged": True,
            "fits": {unit: {"model_fingerprint": "same"} for unit in fits},
        }


@pytest.mark.parametrize(
    ("other", "shift", "version", "same"),
    [
        ({}, 0, "2", True),
        ({"house": "other"}, 0, "2", False),
        ({"house": "other"}, 1e-9, "2", False),
        ({"house": "other"}, 0, "1", True),
        ({"joint": "other"}, 0, "2", False),
        ({"joint": "other"}, 1e-9, "2", True),
    ],
    ids=["equal", "house", "house with other draws", "older", "joint", "joint with other starts"],
)
def test_another_model_is_a_difference_unless_something_explains_it(other, shift, version, same):
    """The joint model's coordinates, and so its fingerprint, follow the draws of the chambers."""
    result = Ran({"house": "same", "senate": "same", "joint": "same"} | other)
    result.there["versions"] = {"numpy": version}
    then, now = ([Quantity("senate", "icc", "senate", "icc", 0.5 + gap, 0.1, 19)] for gap in (0, shift))
    assert replaying.compared(result.there, result, then, now).same is same


def test_other_votes_are_refused_before_sampling(ran, capsule, tmp_path, monkeypatch):
    monkeypatch.setattr(replaying, "run_experiment", lambda *args, **kwargs: pytest.fail("sampled"))
    plain = export(ran, tmp_path / "plain.zip")
    votes = tmp_path / "votes"
    write_tallgrass_csv(votes, "small", [small_chamber("house", (9, 12, 1), 24, seed=6, apart=2.5)])
    with pytest.raises(UserError, match="other votes than those of"):
        replay(plain, tmp_path / "into", data=votes)
    with pytest.raises(UserError, match=r"small_votes\.csv: no such file$"):
        replay(plain, tmp_path / "second", data=tmp_path / "empty")

    def elsewhere(files, about):
        about["config"]["session"]["path"] = str(tmp_path / "moved")

    with pytest.raises(UserError, match=r"(?s)moved/small_votes\.csv: .*holds no votes; .* --data"):
        replay(rewritten(plain, tmp_path / "moved.zip", elsewhere), tmp_path / "third")


def test_a_folder_with_other_results_is_refused(capsule, tmp_path):
    (tmp_path / "results").mkdir()
    with pytest.raises(UserError, match="is not empty; choose another folder"):
        replay(capsule, tmp_path)
    (tmp_path / "replay.json").write_text('{"capsule": "0"}')
    with pytest.raises(UserError, match="another archive was replayed here"):
        replay(capsule, tmp_path)


def test_the_commands(ran, capsule, tmp_path, again, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert cli.main(["export", "one", "--results", str(ran.parent.parent), "--votes", "--draws"]) == 0
    assert (tmp_path / "one.capsule.zip").read_bytes() == capsule.read_bytes()
    assert cli.main(["replay", "one.capsule.zip", "--seed", "77"]) == 0
    assert "the same numbers: within Monte Carlo error" in capsys.readouterr().out

    shift = changed_numbers(lambda table: table.assign(value=table["value"] + 20 * table["error"]))
    shifted = rewritten(capsule, tmp_path / "shifted.zip", shift)
    with pytest.raises(SystemExit) as stopped:
        cli.main(["replay", str(shifted), "--into", "other"])
    assert stopped.value.code == 1
    assert cli.main(["replay", "none.zip", "--into", "third"]) == 2


# --- the session's files ----------------------------------------------------------------------------------------------


def packed(session, tmp_path):
    """Pack the files of a session as `export` does, unpack them, and return the session that reads them there."""
    write_archive(tmp_path / "x.zip", {f"votes/{name}": path for name, path in source_files(session).items()}, {})
    with read_archive(tmp_path / "x.zip") as archive:
        archive.unpack("votes/", tmp_path / "there")
    return relocated(session, tmp_path / "there")


def written(folder, *names):
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)
    return str(folder)


def same_files(one, other):
    """Whether two sessions find files of the same content in the same roles."""
    both = [
        {role: [Path(path).read_text() for path in paths] for role, paths in session_files(session).items()}
        for session in (one, other)
    ]
    return both[0] == both[1] and all(both[0].values())


@pytest.mark.parametrize(
    ("source", "settings", "names"),
    [
        ("tallgrass", {"path": "", "stem": "ks"}, [f"ks_{role}.csv" for role in ("votes", "rollcalls", "legislators")]),
        (
            "voteview",
            {"path": "", "options": {"congress": 119}},
            [f"HS119_{x}.csv" for x in ("votes", "rollcalls", "members")],
        ),
        ("legiscan", {"path": ""}, [f"KS/2025/csv/{x}.csv" for x in ("votes", "rollcalls", "people", "bills")]),
        ("legiscan", {"path": "ks.zip"}, ["ks.zip"]),
        ("table", {"options": {"votes": "a/votes.csv", "members": "b/people.csv"}}, ["a/votes.csv", "b/people.csv"]),
        ("openstates", {"path": "os.zip", "options": {"people": "p/people.csv"}}, ["os.zip", "p/people.csv"]),
    ],
)
def test_files_of_a_session_are_found_where_they_were_unpacked(tmp_path, source, settings, names):
    folder = tmp_path / "here"
    written(folder, *names, "scores.csv", "private.txt")
    options = {
        key: str(folder / value) if key != "congress" else value for key, value in settings.get("options", {}).items()
    }
    path = {"path": str(folder / settings["path"])} if "path" in settings else {}
    stem = settings.get("stem")
    session = SessionConfig("s", source, stem=stem, options=options, external=str(folder / "scores.csv"), **path)
    there = packed(session, tmp_path)
    assert same_files(session, there)
    assert Path(there.external).read_text() == "scores.csv"
    assert not list((tmp_path / "there").rglob("private.txt"))
    assert all(Path(file).is_relative_to(tmp_path / "there") for file in session_inputs(there))


def test_two_files_of_one_name_are_refused(tmp_path):
    folder = written(tmp_path, "a/x.csv", "b/x.csv")
    session = SessionConfig("s", "table", options={"votes": f"{folder}/a/x.csv", "members": f"{folder}/b/x.csv"})
    with pytest.raises(UserError, match="of one name"):
        source_files(session)


# --- archives that are damaged or hostile -----------------------------------------------------------------------------


def small_archive(path):
    write_archive(path, {"a.txt": b"first" * 50, "b.txt": b"second" * 50}, {"format": 1})
    return path


def opened(path):
    with read_archive(path) as archive:
        return archive.names


def test_a_damaged_file_is_named(tmp_path):
    path = small_archive(tmp_path / "x.zip")
    assert opened(path) == ["a.txt", "b.txt"]
    with zipfile.ZipFile(path) as archive:
        info = archive.getinfo("b.txt")
    raw = bytearray(path.read_bytes())
    raw[info.header_offset + 30 + len("b.txt") + 20 + 4] ^= 0xFF  # inside the compressed bytes
    path.write_bytes(raw)
    with pytest.raises(UserError, match=r"x\.zip: b\.txt: damaged"):
        opened(path)


def test_a_file_that_was_exchanged_is_named(tmp_path):
    files = contents(small_archive(tmp_path / "x.zip"))
    with zipfile.ZipFile(tmp_path / "y.zip", "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content[::-1] if name == "b.txt" else content)
    with pytest.raises(UserError, match=r"y\.zip: b\.txt: damaged: not the file that"):
        opened(tmp_path / "y.zip")
    with zipfile.ZipFile(tmp_path / "z.zip", "w") as archive:
        archive.writestr(LIST, files[LIST])
        archive.writestr("a.txt", files["a.txt"])
    with pytest.raises(UserError, match=r"z\.zip: b\.txt: is missing"):
        opened(tmp_path / "z.zip")


@pytest.mark.parametrize("kept", [0, 0.3, 0.99])
def test_a_truncated_archive_is_told(tmp_path, kept):
    path = small_archive(tmp_path / "x.zip")
    raw = path.read_bytes()
    path.write_bytes(raw[: int(kept * len(raw))])
    with pytest.raises(UserError, match=r"x\.zip: no whole zip file"):
        opened(path)


HOSTILE = ("../evil", "/evil", "a/../../evil", "a\\..\\evil", "c:evil", "a//b", "./a", "folder/", "A.TXT", "unlisted")


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_refused(tmp_path, name):
    path = small_archive(tmp_path / "x.zip")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(name, b"")
    with pytest.raises(UserError, match=r"x\.zip: .*(evil|//|\./a|folder/|A\.TXT|unlisted)"):
        opened(path)


def test_a_link_is_refused(tmp_path):
    path = small_archive(tmp_path / "x.zip")
    info = zipfile.ZipInfo("link")
    info.external_attr, info.create_system = (stat.S_IFLNK | 0o777) << 16, 3
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(info, "/etc/passwd")
    with pytest.raises(UserError, match="link: a link"):
        opened(path)


def test_names_that_meet_on_some_disks_are_refused(tmp_path):
    with pytest.raises(UserError, match=r"'a\.txt': .* rename"):
        write_archive(tmp_path / "x.zip", {"A.txt": b"", "a.txt": b""}, {})
    empty = hashlib.sha256(b"").hexdigest()
    listed = {"files": [{"name": name, "size": 0, "sha256": empty} for name in ("a.txt", "A.txt")]}
    with zipfile.ZipFile(tmp_path / "y.zip", "w") as archive:
        for name, content in {"a.txt": "", "A.txt": "", LIST: json.dumps(listed)}.items():
            archive.writestr(name, content)
    with pytest.raises(UserError, match=r"A\.txt: is there twice"):
        opened(tmp_path / "y.zip")


def test_a_file_longer_than_listed_is_not_unpacked(tmp_path, monkeypatch):
    """A bomb: the list says 10 bytes, the file has many more."""
    read, sizes = zipfile.ZipExtFile.read, []

    def recorded(self, n=-1):
        found = read(self, n)
        sizes.append(len(found) if self.name == "bomb" else 0)
        return found

    monkeypatch.setattr(zipfile.ZipExtFile, "read", recorded)
    path = tmp_path / "x.zip"
    listed = {"files": [{"name": "bomb", "size": 10, "sha256": "0" * 64}]}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb", bytes(10**7))
        archive.writestr(LIST, json.dumps(listed))
    with pytest.raises(UserError, match="bomb: damaged: not the file that"):
        opened(path)
    assert sum(sizes) == 11
    listed["files"][0]["size"] = 10**12
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("bomb", b"")
        archive.writestr(LIST, json.dumps(listed))
    with pytest.raises(UserError, match="unpacks to more than"):
        opened(path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda files, about: about.update(format=2), "format 2; this version replays format 1"),
        (lambda files, about: about["config"]["session"].update(name="../x"), "not a configuration that can be run"),
        (lambda files, about: about["config"]["session"].update(label="../x"), "not a configuration that can be run"),
        (lambda files, about: about["config"].update(name="../x"), "a name is made of"),
        (lambda files, about: about["config"].pop("sampling"), "not the configuration of an experiment"),
        (lambda files, about: about.pop("fits"), "not the configuration of an experiment"),
        (lambda files, about: files.pop(NUMBERS), r"has no numbers\.json"),
        (lambda files, about: files.update({NUMBERS: b"{}"}), "does not hold the numbers"),
    ],
)
def test_a_list_that_we_would_not_write_is_refused(capsule, tmp_path, change, message):
    with pytest.raises(UserError, match=message):
        replay(rewritten(capsule, tmp_path / "x.zip", change), tmp_path / "into")
    assert not (tmp_path / "into").exists()
