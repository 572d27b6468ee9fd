"""Folds in the configuration, in the workflow's plan, and on the page of an experiment."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from report_files import CONFIG, HOUSE, Tree, fake_results, page
from small import small_chamber
from test_folds import BIG, VERDICT, results

from tallgrass_models import cli
from tallgrass_models.config import planning, specs
from tallgrass_models.config.experiments import ExperimentConfig, JointConfig
from tallgrass_models.config.folds import FoldsConfig, folds_check
from tallgrass_models.config.reading import load_experiments
from tallgrass_models.config.sessions import SessionConfig
from tallgrass_models.errors import UserError
from tallgrass_models.files.columns import folds as columns
from tallgrass_models.folds.ladder import chamber_ladder, ladder_tables, pool
from tallgrass_models.folds.store import write_fold, write_scores
from tallgrass_models.folds.verdict import judge
from tallgrass_models.monitoring.sweep import earlier_seconds
from tallgrass_models.wording.held_out import gain_sentence, together_sentence

REPOSITORY = Path(__file__).parents[1]
FOLDED = replace(HOUSE, folds=FoldsConfig(number=5, run=2))


# --- configuration ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (False, None),
        (5, FoldsConfig(number=5, run=5)),
        ({}, FoldsConfig()),
        ({"number": 20, "run": 3}, FoldsConfig(number=20, run=3)),
        ({"run": 2, "draws": 300}, FoldsConfig(run=2, draws=300)),
    ],
)
def test_folds_that_may_be_asked_for(value, expected):
    assert folds_check(value) == expected


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (True, "must be false, a number of folds or a mapping, not True"),
        ("ten", "must be false, a number of folds or a mapping, not 'ten'"),
        (1, "must be a whole number from 2 to 50"),
        ({"number": 5, "run": 6}, "run: there are only 5 folds, not 6"),
        ({"runs": 3}, "unknown key 'runs' (did you mean 'run'?)"),
        ({"draws": 3}, "draws: must be a whole number from 100"),
    ],
)
def test_folds_that_are_refused(value, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        folds_check(value)


def test_an_experiment_takes_the_folds_of_the_defaults_or_none(tmp_path):
    path = tmp_path / "e.yaml"
    path.write_text(
        "sessions: {demo: {source: simulated}}\n"
        "defaults: {folds: 4}\n"
        "experiments: {a: {}, b: {folds: false}, c: {folds: {number: 3}}}\n"
    )
    found = load_experiments(path)
    assert [one.folds and one.folds.number for one in found.values()] == [4, None, 3]
    for one in found.values():
        assert ExperimentConfig.from_json(one.to_json()) == one
    assert "folds" not in found["b"].to_dict()


def test_folds_change_no_spec_of_a_fit_or_of_its_results():
    bare = replace(FOLDED, folds=None)
    for make in (specs.fit_spec_json, specs.summary_spec_json, specs.check_spec_json, specs.draw_tables_spec_json):
        assert make(FOLDED, "house") == make(bare, "house")
    spec = json.loads(specs.fold_spec_json(FOLDED, "house", 2))
    assert spec["fold"] == {"number": 5, "fold": 2}
    assert (spec["sampling"]["draws"], spec["sampling"]["tune"]) == (1000, 300)
    assert spec["beta_prior"] == json.loads(specs.fit_spec_json(bare, "house"))["beta_prior"]


def test_experiments_share_the_folds_of_the_flat_model():
    other = replace(FOLDED, name="other", folds=FoldsConfig(number=5, run=3, draws=200))
    assert specs.fold_spec_json(FOLDED, "flat_house", 1) == specs.fold_spec_json(other, "flat_house", 1)
    assert set(planning.fold_files(FOLDED)) & set(planning.fold_files(other)) == {
        f"results/sessions/{FOLDED.session.folder}/folds_5/flat_house_{k}.nc" for k in (1, 2)
    }


def test_files_of_folds():
    config = ExperimentConfig("a", session=SessionConfig("s"), joint=JointConfig(), folds=FoldsConfig(number=9, run=1))
    own = [f"results/a/{unit}/fold_1.nc" for unit in ("house", "senate", "joint")]
    assert planning.fold_files(config)[:3] == own
    assert planning.fold_files(config, "joint") == own[2:]
    assert planning.start_files(config, "joint") == ["results/a/house/posterior.nc", "results/a/senate/posterior.nc"]
    assert planning.start_files(config, "house") == []
    assert planning.held_out_files(config, "x.json") == ["results/a/x.json"]
    assert planning.fold_files(replace(config, folds=None)) == planning.held_out_files(HOUSE, "x.json") == []


# --- plan -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A folder with the workflow and three experiments, where nothing has run."""
    (tmp_path / "workflow").symlink_to(REPOSITORY / "workflow")
    (tmp_path / "config").mkdir()
    (tmp_path / "config/experiments.yaml").write_text(
        "sessions: {demo: {source: simulated, seed: 5}}\n"
        "experiments:\n"
        "  alpha: {joint: true, folds: {number: 7, run: 3}}\n"
        "  beta: {chambers: [senate], folds: {number: 7, run: 3}}\n"
        "  gamma: {chambers: [senate]}\n"
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_plan_counts_the_fits_of_folds(project, capsys):
    assert cli.main(["plan"]) == 0
    out = capsys.readouterr().out
    assert "fit_fold house joint senate (9 fits): it never ran" in out.replace(
        "house senate joint", "house joint senate"
    )
    assert "fit_fold senate (3 fits): it never ran" in out
    assert "fit_flat_fold house senate (6 fits): it never ran" in out.replace("senate house", "house senate")
    assert out.count("pool_folds") == 2
    # 5 chamber models, 1 joint one, 2 flat ones; 9 + 3 folds, 6 of the flat model
    assert "of which 25 sample" in out


def test_the_commands_of_the_rules_take_what_the_rules_give(project):
    command = [sys.executable, "-m", "snakemake", "--cores", "1", "--dry-run", "--printshellcmds"]
    run = subprocess.run(command, capture_output=True, text=True, check=False, cwd=project)
    assert run.returncode == 0, run.stderr
    lines = re.findall(r"exec tallgrass-models (.*) > \S+ 2>&1", run.stdout)
    given = [(words[0], cli._parser().parse_args(words)) for words in map(shlex.split, lines)]
    folds = [args for name, args in given if name == "fit-fold"]
    assert len(folds) == 12
    joint = [args for args in folds if len(args.data) == 2]
    assert [path.parts[-2] for args in joint for path in args.starts] == ["house", "senate"] * 3
    assert {json.loads(args.spec)["fold"]["fold"] for args in joint} == {1, 2, 3}
    assert len({args.out for args in folds}) == len({args.live for args in folds}) == 12
    pooled = {str(args.held_out): args for name, args in given if name == "pool-folds"}
    assert [str(path) for path in pooled["results/beta/held_out.json"].folds] == [
        *(f"results/beta/senate/fold_{k}.nc" for k in (1, 2, 3)),
        *(f"results/sessions/demo/folds_7/flat_senate_{k}.nc" for k in (1, 2, 3)),
    ]
    read = {
        str(args.out): [path.name for path in args.held_out] for name, args in given if name in ("report", "metrics")
    }
    assert read["results/alpha/metrics.json"] == ["held_out.json"]
    assert read["results/alpha/report.html"] == [
        *("held_out.json", "held_out_parts.csv", "held_out_calibration.csv"),
    ]
    assert read["results/gamma/metrics.json"] == read["results/gamma/report.html"] == []


def test_times_of_earlier_folds_are_those_of_their_rule(tmp_path):
    for name in ("a/benchmarks/fit_fold_joint_12", "sessions/s/benchmarks/fit_flat_fold_house_folds_10_3"):
        path = tmp_path / f"{name}.tsv"
        path.parent.mkdir(parents=True)
        path.write_text("s\tmax_rss\n100\t900\n")
    assert earlier_seconds(tmp_path) == {"fit_fold": [100], "fit_flat_fold": [100]}


# --- the page ---------------------------------------------------------------------------------------------------------


def write_held_out(
    folder: Path,
    converged: bool = True,
    name: str = "a",
    kinds: Sequence[str] = ("chamber",),
    of: str = "votes",
) -> None:
    """Held-out votes of a chamber in the files of an experiment, as `pool_folds` writes them."""
    kept = VERDICT if converged else {**VERDICT, "rhat_max": 1.2}
    fits = [judge(kept, FOLDED.gates, kind, "house", k) for kind in dict.fromkeys(kinds) for k in (1, 2)]
    scores = pool(BIG, 5, 2, [one for kind in kinds for one in results(BIG, 5, 2, kind, of)], of)
    content = {
        "schema_version": 1,
        "experiment": name,
        "session": "demo",
        "fit_hashes": {},
        "folds": FoldsConfig(5, 2, of=of).to_dict(),
        "chambers": {"house": chamber_ladder(scores, fits)},
        **({} if of == "votes" else {"together": TOGETHER}),
        "n_fits": len(fits),
        "n_converged": sum(fit["ok"] for fit in fits),
        "fits": fits,
    }
    (folder / "held_out.json").write_text(json.dumps(content))
    write_scores([scores], {"number": 5}, folder / "held_out.nc")
    for table_name, frame in ladder_tables([scores]).items():
        next(table for table in columns.TABLES if table.name == table_name).write(folder / f"{table_name}.csv", frame)


@pytest.mark.usefixtures("no_pictures")
def test_the_page_has_the_ladder(tmp_path):
    fake_results(tmp_path, HOUSE)
    write_held_out(tmp_path)
    tree = Tree(page(tmp_path, FOLDED))
    text = " ".join(tree.text["held-out"].split())
    assert "divided into 5 folds by a hash. For the first two of them, every model is fitted again" in text
    assert "All 2 fits of folds passed every gate." in text
    found = json.loads((tmp_path / "held_out.json").read_text())["chambers"]["house"]
    ladder = tree.tables["held-out-house-ladder"]
    assert [row[0] for row in ladder[1:]] == ["Party alone", "Chamber model"]
    assert ladder[2][1] == f"{found['ladder'][1]['log_score']:.4f}".replace("-", "−")
    assert ladder[2][5] == "100.00 %"  # each vote got 0.8
    assert ladder[2][7:] == ["2 of 2", "4.0 s"]
    assert {"held-out-house-steps", "held-out-house-party", "held-out-house-member"} <= tree.tables.keys()


TOGETHER = {"n_bills": 7, "n_votes": 400, "log_score": -0.3, "mcse": 0.001, "apart": -0.35}
TOGETHER |= {"gain": 0.05, "gain_se": 0.01, "gain_q05": 0.0336, "gain_q95": 0.0664}


@pytest.mark.usefixtures("no_pictures")
def test_the_page_says_that_whole_roll_calls_are_held_out(tmp_path):
    fake_results(tmp_path, HOUSE)
    write_held_out(tmp_path, of="roll_calls")
    tree = Tree(page(tmp_path, replace(FOLDED, folds=FoldsConfig(5, 2, of="roll_calls"))))
    text = " ".join(tree.text["held-out"].split())
    assert "The roll calls are divided into 5 folds by a hash; those on one bill are in one fold." in text
    assert "of 1,000 held-out votes right from the other votes of their roll call than party alone" in text
    assert "the chamber model predicts these roll calls best" in text
    assert "divided by their number" in text
    assert "The votes are divided" not in text
    said = "On 7 bills held out from both chambers at once, the joint model gives the votes of both chambers together a"
    assert f"{said} log score higher by 0.0500 per vote (90 % interval +0.0336 to +0.0664)" in text
    ladder = tree.tables["held-out-house-ladder"]
    assert ladder[2][1] == "−0.2231"  # the log of 0.8, for each roll call
    assert ladder[2][5] == "100.00 %"  # each vote got 0.9 given the others


def test_both_chambers_together_in_words():
    assert (
        "predict the votes of both chambers together about equally well: per vote, the log score differs by +0.0500"
        in (together_sentence({**TOGETHER, "gain_q05": -0.01}))
    )
    one = together_sentence({**TOGETHER, "n_bills": 1, "gain": -0.05, "gain_q05": None, "gain_q95": None})
    assert one.startswith("On 1 bill held out from both chambers at once, the joint model gives")
    assert "lower by 0.0500 per vote than the chamber models" in one


@pytest.mark.usefixtures("no_pictures")
def test_the_page_says_which_folds_did_not_converge_and_what_is_missing(tmp_path):
    fake_results(tmp_path, HOUSE)
    write_held_out(tmp_path, converged=False)
    for table in columns.TABLES:
        (tmp_path / f"{table.name}.csv").unlink()
    tree = Tree(page(tmp_path, FOLDED))
    text = " ".join(tree.text["held-out"].split())
    assert "Of 2 fits of folds, 0 passed every gate." in text
    assert "R-hat of xi reaches 1.200 and is not below 1.01" in text
    assert "(held_out_parts.csv)" in text
    assert "(held_out_calibration.csv)" in text
    (tmp_path / "held_out.json").unlink()
    assert "(held_out.json)" in Tree(page(tmp_path, FOLDED)).text["held-out"]


@pytest.mark.usefixtures("no_pictures")
def test_the_page_says_what_was_decided_by_all_votes(tmp_path):
    said = "Which shared bills the joint model merges was decided by fits to all votes."
    write_held_out(tmp_path)
    for bridges in ("same", "screened"):
        config = replace(CONFIG, folds=FOLDED.folds, joint=replace(CONFIG.joint, bridges=bridges))
        fake_results(tmp_path, config)
        text = Tree(page(tmp_path, config)).text["held-out"]
        assert (said in text) is (bridges == "screened")


@pytest.mark.usefixtures("no_pictures")
def test_an_experiment_without_folds_has_no_such_section(tmp_path):
    fake_results(tmp_path)
    assert "held-out" not in Tree(page(tmp_path, CONFIG)).text


# --- sentences --------------------------------------------------------------------------------------------------------


def said(score: float, right: float, score_se: float | None = 0.001, right_se: float | None = 1.0) -> str:
    ends = {"q05": -1.645, "q95": 1.645}
    found = {"log_score": score, "log_score_se": score_se, "right": right, "right_se": right_se}
    for name, mean, se in (("log_score", score, score_se), ("right", right, right_se)):
        found |= {f"{name}_{end}": None if se is None else mean + width * se for end, width in ends.items()}
    return gain_sentence("the flat model", "party alone", found)


@pytest.mark.parametrize(
    ("found", "text"),
    [
        (
            said(0.034, 14.1),
            "the flat model calls 14.1 more of 1,000 held-out votes right than party alone (90 % interval +12.5 to "
            "+15.7); the log score per vote is higher by 0.0340 (90 % interval +0.0324 to +0.0356).",
        ),
        (
            said(-0.034, -14.1),
            "the flat model calls 14.1 fewer of 1,000 held-out votes right than party alone (90 % interval −15.7 to "
            "−12.5); the log score per vote is lower by 0.0340 (90 % interval −0.0356 to −0.0324).",
        ),
        (
            said(0.001, 0.2),
            "the flat model and party alone call about as many held-out votes right (of 1,000, +0.2; 90 % interval "
            "−1.4 to +1.8); the log score per vote differs by no more than chance variation (+0.0010, 90 % interval "
            "−0.0006 to +0.0026).",
        ),
        (
            said(0.034, 14.1, None, None),
            "the flat model calls 14.1 more of 1,000 held-out votes right than party alone; the log score per vote "
            "differs by +0.0340.",
        ),
    ],
    ids=["better", "worse", "unclear", "one roll call"],
)
def test_what_a_step_buys_in_words(found, text):
    assert found == text


def test_a_fold_of_other_settings_or_votes_is_refused(tmp_path):
    from tallgrass_models.steps.fitted import votes_hash
    from tallgrass_models.steps.pool_folds import FOLD_FILES, pool_folds

    votes = small_chamber(seed=2)
    votes.save(tmp_path / "house.nc")
    (one,) = results(votes, 2, 1)
    spec = {
        "experiment": "a",
        "folds": {"number": 2, "run": 1, "draws": 100, "tune": 100},
        "gates": FOLDED.to_dict()["gates"],
        "fit_hashes": {"house": "x"},
        "fold_hashes": ["hash"],
    }
    out = {name: tmp_path / file for name, file in FOLD_FILES.items()}
    write_fold(one, tmp_path / "fold_1.nc")
    with pytest.raises(UserError, match=r"fold_1\.nc: made with other votes"):
        pool_folds(spec, [tmp_path / "house.nc"], [tmp_path / "fold_1.nc"], out)
    write_fold(replace(one, data_hash=[votes_hash(votes)], spec_hash="old"), tmp_path / "fold_1.nc")
    with pytest.raises(UserError, match=r"fold_1\.nc: made with other settings or code"):
        pool_folds(spec, [tmp_path / "house.nc"], [tmp_path / "fold_1.nc"], out)
    assert not any(path.exists() for path in out.values())
    write_fold(replace(one, data_hash=[votes_hash(votes)]), tmp_path / "fold_1.nc")
    pool_folds(spec, [tmp_path / "house.nc"], [tmp_path / "fold_1.nc"], out)
    assert json.loads(out["held_out"].read_text())["n_converged"] == 1
