"""What a running fit tells, what the overview makes of it, and when a fit is given up."""

import json
import logging
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from tallgrass_models import cli
from tallgrass_models.config.running import EarlyStopConfig, PlatformConfig, RunOptions
from tallgrass_models.monitoring import overview, status, table
from tallgrass_models.monitoring.draws import load_draws, save_draws
from tallgrass_models.monitoring.early_stop import EarlyStopError, reason_to_stop
from tallgrass_models.monitoring.status import FitMonitor
from tallgrass_models.monitoring.status_file import read_status, write_status
from tallgrass_models.sampling.watch import ChainProgress, KeptDraws


class Clock:
    """A clock that the test sets."""

    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


def chain(draw, *, total=300, tune=100, divergences=0, step_size=0.25, runtime_s=None):
    return ChainProgress(draw, total, max(draw - tune, 0), divergences, step_size, runtime_s or draw / 10)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def monitor(tmp_path, clock):
    options = RunOptions("baseline", PlatformConfig(keep_every=30.0))
    return FitMonitor(tmp_path / "live", "house", "nutpie", options, clock)


def written(monitor):
    return json.loads((monitor.folder / "status.json").read_text())


def test_status_by_hand(monitor, clock):
    """Two chains that made 40 draws in 4 s, then 60 in 4 s more, of 600."""
    monitor.phase("compiling")
    for draws in ((10, 10), (30, 20), (70, 40)):
        clock.now += 4
        monitor.progress([chain(draws[0], divergences=2), chain(draws[1])])
    found = written(monitor)
    assert found["phase"] == "tuning"
    assert (found["experiment"], found["unit"], found["sampler"]) == ("baseline", "house", "nutpie")
    assert found["pid"] == os.getpid()
    assert found["elapsed_s"] == 12
    assert found["draws_per_s"] == pytest.approx(90 / 8)
    assert found["eta_s"] == pytest.approx((600 - 110) / (90 / 8), abs=0.1)
    assert [c["draw"] for c in found["chains"]] == [70, 40]
    assert found["chains"][0]["divergences"] == 2
    assert found["chains"][0]["step_size"] == 0.25
    assert found["chains"][0]["draws_per_s"] == 10
    assert monitor.title() == "tallgrass:baseline:house:tuning draw=110/600"
    monitor.progress([chain(150), chain(40)])
    assert written(monitor)["phase"] == "sampling"
    monitor.phase("failed", "stopped by SIGTERM")
    assert (written(monitor)["phase"], written(monitor)["reason"]) == ("failed", "stopped by SIGTERM")
    assert [c["draw"] for c in written(monitor)["chains"]] == [150, 40]
    monitor.phase("writing")
    assert [c["draw"] for c in written(monitor)["chains"]] == [300, 300]


def test_status_is_written_every_fifty_draws_or_five_seconds(monitor, clock, monkeypatch):
    writes = []
    monkeypatch.setattr(status, "write_status", lambda path, value: writes.append(value["elapsed_s"]))
    for draw in range(0, 201, 10):  # 100 draws a second, then none
        monitor.progress([chain(draw)])
        clock.now += 0.1
    assert len(writes) == 1 + 200 // 50
    writes.clear()
    for _ in range(100):  # 10 s
        monitor.progress([chain(200)])
        clock.now += 0.1
    assert len(writes) == 2


def test_the_log_has_a_line_now_and_then(monitor, clock, caplog):
    with caplog.at_level(logging.INFO):
        for second in range(3600):
            clock.now += 1
            monitor.progress([chain(second // 20)])
    lines = [record.message for record in caplog.records]
    assert 20 < len(lines) < 100
    assert "baseline/house: tuning" in lines[0]


def test_errors_of_monitoring_are_told_once_and_end_nothing(monitor, clock, caplog, monkeypatch):
    """A status folder that cannot be written, draws that cannot be had."""

    def full(path, value):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(status, "write_status", full)
    with caplog.at_level(logging.WARNING):
        for draw in range(0, 300, 50):
            clock.now += 10
            monitor.progress([chain(draw)])
            monitor.keep(lambda: 1 / 0)
    told = [record.message for record in caplog.records]
    assert len(told) == 2
    assert "No space left on device; the fit goes on" in told[0]
    assert "ZeroDivisionError" in told[1]


def test_draws_are_wanted_at_most_so_often(monitor, clock):
    monitor.progress([chain(50)])
    clock.now += 31
    assert not monitor.wants_draws()  # there are none while it tunes
    monitor.progress([chain(150)])
    assert monitor.wants_draws()

    def slow():
        clock.now += 2  # what it costs to save them
        return KeptDraws({}, {}, np.array([0]), ["1"])

    monitor.keep(slow)
    clock.now += 199
    assert not monitor.wants_draws()  # two seconds of two hundred are one percent
    clock.now += 2
    assert monitor.wants_draws()


def test_a_clock_that_jumps_does_no_harm(monitor, clock, monkeypatch, tmp_path):
    """Speed, elapsed time and what is alive go by the monotonic clock; dates are only for people."""
    monitor.progress([chain(150)])
    monkeypatch.setattr(time, "time", lambda: 4e9)
    clock.now += 10
    monitor.progress([chain(250)])
    assert written(monitor)["draws_per_s"] == 10
    path = monitor.folder / "status.json"
    write_status(path, read_status(path) | {"heartbeat": "1999-01-01T00:00:00+00:00"})
    (fit,) = overview.find_fits([tmp_path])
    assert fit.state == "sampling"


# --- early stop -------------------------------------------------------------------------------------------------------

LIMITS = EarlyStopConfig(step_size=1e-4, divergence_share=0.2, slow_chain=5)
STOPS = {
    "collapsed step": ([chain(150), chain(150, step_size=1e-6)], "step size of chain 2 is 1e-06, below 0.0001"),
    "still tuning": ([chain(50, step_size=1e-6)], None),
    "many divergences": ([chain(250, divergences=60)], "40 % of the draws of chain 1 diverge, more than 20 %"),
    "not enough draws to tell": ([chain(199, divergences=60)], None),
    "few divergences": ([chain(250, divergences=29)], None),
    "slow": ([chain(290), chain(280), chain(20, runtime_s=15)], "chain 3 takes 7.5 times as long as the median"),
    "two chains, one slow": ([chain(290), chain(20, runtime_s=15)], "chain 2 takes 7.5 times as long as the median"),
    "slow at the start": ([chain(100), chain(100), chain(2, runtime_s=10)], None),
    "slow, but done": ([chain(290), chain(290), chain(300, runtime_s=1e4)], None),
    "waits for a core": ([chain(290), chain(290), chain(0)], None),
}


@pytest.mark.parametrize(("chains", "reason"), STOPS.values(), ids=STOPS)
def test_when_a_fit_is_given_up(chains, reason):
    found = reason_to_stop(chains, LIMITS)
    assert found is None if reason is None else reason in found
    assert reason_to_stop(chains, EarlyStopConfig()) is None


def test_giving_up_ends_the_sampling_but_a_broken_rule_would_not(tmp_path):
    monitor = FitMonitor(tmp_path, "house", "nutpie", RunOptions("a", early_stop=LIMITS))
    with pytest.raises(EarlyStopError, match="below"):
        monitor.progress([chain(150, step_size=1e-6)])


# --- draws so far -----------------------------------------------------------------------------------------------------


def test_draws_round_trip_and_parts(tmp_path):
    draws = {"xi": np.arange(24.0).reshape(3, 4, 2), "tau": np.arange(12.0).reshape(3, 4)}
    kept = KeptDraws(draws, {"lp": draws["tau"]}, np.array([4, 0, 3]), ["1/0", "1/1", "1/2"])
    save_draws(tmp_path / "d.npz", kept, {"spec_hash": "x"})
    back, identity = load_draws(tmp_path / "d.npz")
    assert identity == {"spec_hash": "x"}
    assert back.chain_seeds == kept.chain_seeds
    np.testing.assert_array_equal(back.draws["xi"], draws["xi"])
    assert back.whole == 0
    most = back.most()  # two chains of 3 are more than one of 4
    assert most.chain_seeds == ["1/0", "1/2"]
    np.testing.assert_array_equal(most.draws["tau"], [[0, 1, 2], [8, 9, 10]])


def test_nothing_is_saved_of_nothing(tmp_path):
    save_draws(tmp_path / "d.npz", KeptDraws({}, {}, np.array([0, 0]), ["1", "2"]), {})
    assert not list(tmp_path.iterdir())


# --- the overview -----------------------------------------------------------------------------------------------------


@pytest.fixture
def results(tmp_path):
    """A fit that runs (this process), one that died, one that ended, one on another machine, and rubbish."""
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    options = RunOptions("baseline")
    for name, changes in {
        "running": {},
        "died": {"pid": ended.pid},
        "ended": {"phase": "done"},
        "elsewhere": {"host": "another", "heartbeat": "2020-01-01T00:00:00+00:00"},
    }.items():
        monitor = FitMonitor(tmp_path / name / "live", name, "nutpie", options)
        monitor.progress([chain(150), chain(120)])
        path = monitor.folder / "status.json"
        write_status(path, read_status(path) | changes)
    (tmp_path / "rubbish").mkdir()
    (tmp_path / "rubbish/status.json").write_text('{"phase": ')
    (tmp_path / "list").mkdir()
    (tmp_path / "list/status.json").write_text("[]")
    return tmp_path


def test_the_dead_are_told_from_the_living(results):
    states = {fit.name: fit.state for fit in overview.find_fits([results])}
    assert states == {
        "baseline/running": "sampling",
        "baseline/died": "dead",
        "baseline/ended": "done",
        "baseline/elsewhere": "silent",
        f"{results.name}/rubbish": "damaged",
        f"{results.name}/list": "damaged",
    }


def test_monitor_in_a_pipe_is_lines_or_json(results, capsys):
    assert cli.main(["monitor", "--once", str(results)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 6
    assert any(line.startswith("baseline/running  sampling  draw=270/600") for line in lines)
    assert cli.main(["monitor", "--json", str(results)]) == 0
    found = {fit["name"]: fit for fit in json.loads(capsys.readouterr().out)}
    assert found["baseline/died"]["state"] == "dead"
    assert [c["draw"] for c in found["baseline/died"]["chains"]] == [150, 120]


def test_the_table_has_a_row_for_each_fit(results):
    from rich.console import Console

    with Path(os.devnull).open("w") as nowhere:
        console = Console(width=160, record=True, file=nowhere)
        console.print(table.table(overview.find_fits([results])))
    rows = console.export_text().splitlines()
    (died,) = [row for row in rows if "baseline/died" in row]
    assert "dead" in died
    assert "270/600" in died


@pytest.mark.parametrize(("seconds", "text"), [(0, "0 s"), (59, "59 s"), (61, "1:01"), (7505, "2:05:05")])
def test_durations(seconds, text):
    assert table.duration(seconds) == text


def test_names_cannot_steer_the_terminal():
    from tallgrass_models.files.untrusted import for_terminal

    assert for_terminal("a\x1b[31mb\u202ec\nd") == "a\ufffd[31mb\ufffdc\ufffdd"
    assert for_terminal("José Ñandú 議員") == "José Ñandú 議員"
