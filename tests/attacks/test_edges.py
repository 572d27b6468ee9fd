"""Configurations and locks at their edges: refused by name, before any job, at once."""

from __future__ import annotations

import os

import pytest

from tallgrass_models.config.reading import load_experiments
from tallgrass_models.errors import UserError
from tallgrass_models.files.digests import read_bytes
from tallgrass_models.monitoring.locks import Holder, Lock
from tallgrass_models.monitoring.sweep import lock_left

_GOOD = """\
sessions: {{{session}: {{source: simulated}}}}
defaults: {{chambers: [house]}}
experiments: {{{name}: {{description: {description}, beta_prior: {prior}}}}}
"""
_FINE = {"session": "small", "name": "a", "description": "x", "prior": "{distribution: normal, mu: 0, sigma: 1}"}


def normal(**changes: str) -> str:
    given = {"distribution": "normal", "mu": "0", "sigma": "1"} | changes
    return "{" + ", ".join(f"{key}: {value}" for key, value in given.items()) + "}"


def read(folder, content):
    path = folder / "e.yaml"
    path.write_text(content)
    return load_experiments(path)


def test_what_the_others_change_is_fine(tmp_path):
    assert read(tmp_path, _GOOD.format(**_FINE))["a"].description == "x"


@pytest.mark.parametrize(
    ("key", "value", "named"),
    [
        ("prior", normal(sigma="1.0e-9"), r"sigma must be from 0\.0001 to 5000"),
        ("prior", normal(sigma="1.0e+9"), "sigma must be from"),
        ("prior", normal(mu="-1.0e+300"), "mu must be from -5000 to 5000"),
        ("prior", normal(sigma=".inf"), "finite number"),
        ("prior", normal(sigma=".nan"), "finite number"),
        ("prior", normal(distribution="lognormal", sigma="27"), "so wide that no number holds its mean square"),
        ("name", "a" * 300, "at most 100"),
        ("session", "s" * 300, "at most 100"),
        ("session", "'s{x}'", "lower-case letters"),
        ("description", r'"a\0b"', "line 3: .*zero byte"),
        ("description", r'"\ud800"', "line 3: .*half a character"),
        ("description", "x" * 200_000, "200000 characters"),
        ("description", "!!timestamp x", "does not fit its tag"),
        ("description", "!!bool maybe", "does not fit its tag"),
        ("description", "[" * 100_000, "brackets are open"),
    ],
)
def test_a_setting_at_its_edge_is_refused_by_name(tmp_path, key, value, named):
    with pytest.raises(UserError, match=rf"e\.yaml: .*{named}") as refused:
        read(tmp_path, _GOOD.format(**_FINE | {key: value}))
    assert len(str(refused.value)) < 5000


#: A lock with a process that is no number.
_NO_HOLDER = '{"pid": "x", "start": "", "host": "", "what": ""}'


def test_a_pipe_or_a_device_is_no_file(tmp_path):
    pipe = tmp_path / "e.yaml"
    os.mkfifo(pipe)
    for path in (pipe, "/dev/zero"):
        with pytest.raises(UserError, match="not a plain file"):
            load_experiments(path)
        with pytest.raises(OSError, match="not a plain file"):
            read_bytes(path)


def test_a_pipe_as_a_lock_is_told_at_once(tmp_path):
    os.mkfifo(tmp_path / "fit.lock")
    lock = Lock(tmp_path / "fit.lock")
    assert lock.holder() is None
    with pytest.raises(OSError, match="not a plain file; remove it"):
        lock.acquire(Holder.me("the test"))


@pytest.mark.parametrize(
    "content", ["[" * 200_000, "{}", "null", '{"pid": "x", "start": "", "host": "", "what": ""}', "\0"]
)
def test_a_lock_that_holds_something_else_is_nobodys(tmp_path, content):
    lock = Lock(tmp_path / "fit.lock")
    lock.path.write_text(content)
    assert lock.holder() is None
    assert lock.acquire(Holder.me("the test"))
    lock.release()


def test_the_lock_of_a_killed_snakemake_is_explained(tmp_path):
    assert lock_left(tmp_path) is None
    (tmp_path / ".snakemake/locks").mkdir(parents=True)
    assert lock_left(tmp_path) is None
    (tmp_path / ".snakemake/locks/0.output.lock").write_text("results/a/metrics.json")
    assert "snakemake --unlock" in str(lock_left(tmp_path))
