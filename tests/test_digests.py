"""What a step writes has a digest, and every reader compares it."""

import ast
import hashlib
import json
import os
import shutil
from pathlib import Path

import pytest
from damage import DAMAGES

import tallgrass_models
from tallgrass_models.errors import UserError
from tallgrass_models.files import atomic, digests
from tallgrass_models.files.json import read_json, write_json
from tallgrass_models.monitoring import overview
from tallgrass_models.monitoring.status_file import read_status, write_status
from tallgrass_models.steps.ledger import Ledger, Step

SOURCE = Path(tallgrass_models.__file__).parent


@pytest.fixture
def written(tmp_path):
    """A file that the step ``count`` wrote."""
    path = tmp_path / "numbers.json"
    with digests.written_by("count"):
        write_json(path, {"numbers": list(range(100))})
    return path


def test_the_digest_is_that_of_the_content(written):
    (place,) = (written.parent / digests.FOLDER).iterdir()
    said = json.loads(place.read_text())
    assert said["sha256"] == hashlib.sha256(written.read_bytes()).hexdigest()
    assert (said["size"], said["step"]) == (written.stat().st_size, "count")
    assert digests.verified(written) == written
    assert read_json(written) == {"numbers": list(range(100))}


@pytest.mark.parametrize("kind", DAMAGES)
def test_any_damage_is_told_with_the_file_and_its_step(written, kind):
    DAMAGES[kind](written, seed=3)
    for read in (digests.verified, digests.read_bytes, read_json):
        with pytest.raises(UserError, match=r"numbers\.json: not as the step 'count' wrote it.*run that step again"):
            read(written)
    assert not digests.is_intact(written)
    assert digests.damaged_files([written.parent]) == [written]


def test_a_file_without_a_step_or_without_its_digest_is_read(tmp_path, written):
    write_json(tmp_path / "own.json", 1)
    assert not (tmp_path / digests.FOLDER / "own.json.sha256").exists()
    shutil.rmtree(tmp_path / digests.FOLDER)
    written.write_text("2")
    assert [read_json(path) for path in (tmp_path / "own.json", written)] == [1, 2]


def test_a_file_written_outside_a_step_loses_the_digest_of_its_name(written):
    write_json(written, 5)
    assert read_json(written) == 5


def test_a_digest_that_is_damaged_is_told(written):
    (place,) = (written.parent / digests.FOLDER).iterdir()
    place.write_text("{")
    with pytest.raises(UserError, match=r"its digest .* is damaged"):
        read_json(written)


def test_a_reader_between_two_files_takes_the_new_one(written, monkeypatch):
    """The digest of before, and the file of after: a step has just replaced it."""
    before = digests._recorded(written)
    with digests.written_by("count"):
        write_json(written, 7)
    answers = [before, digests._recorded(written), digests._recorded(written)]
    monkeypatch.setattr(digests, "_recorded", lambda path: answers.pop(0))
    assert read_json(written) == 7


def test_a_large_file_is_looked_at_before_a_run_only_if_size_or_time_changed(tmp_path):
    path = tmp_path / "large"
    with digests.written_by("count"), atomic.atomic(path) as temporary:
        temporary.write_bytes(bytes(2**20 + 1))
    time = path.stat().st_mtime_ns
    DAMAGES["flipped bit"](path, seed=1)
    assert not digests.is_intact(path)
    os.utime(path, ns=(time, time))
    assert digests.is_intact(path)
    with pytest.raises(UserError):  # but whoever reads it looks at all of it
        digests.verified(path)


def test_a_damaged_result_is_no_reason_to_stop_but_to_run_its_step(tmp_path, caplog):
    path, ledger = tmp_path / "a.json", Ledger(tmp_path, tmp_path)
    step = Step("count", "{}", [], [path], lambda: write_json(path, [1, 2]))
    assert [ledger.do(step), ledger.do(step)] == [True, False]
    time = path.stat().st_mtime_ns
    DAMAGES["flipped bit"](path, seed=1)
    os.utime(path, ns=(time, time))
    assert ledger.do(step)
    assert "a.json: damaged since the step 'count' wrote it" in caplog.text
    assert read_json(path) == [1, 2]


def test_leftovers_of_killed_processes_go_with_the_next_write(tmp_path):
    left, foreign = tmp_path / ".a.json.999999999.tmp", tmp_path / ".a.json.backup.tmp"
    for path in (left, foreign):
        path.write_text("half")
    write_json(tmp_path / "a.json", 1)
    assert not left.exists()
    assert foreign.exists()


@pytest.mark.parametrize("kind", DAMAGES)
def test_a_damaged_status_is_shown_as_such(tmp_path, kind):
    path = tmp_path / "a/house/live/status.json"
    write_status(path, {"phase": "done", "numbers": list(range(30))})
    assert read_status(path)["phase"] == "done"
    DAMAGES[kind](path, seed=5)
    with pytest.raises(UserError, match=r"status\.json"):
        read_status(path)
    (fit,) = overview.find_fits([tmp_path])
    assert (fit.name, fit.state) == ("a/house", "damaged")


#: Functions of libraries that open a file by its path.
OPENERS = ("open_dataset", "open_datatree", "load_dataset", "read_csv", "read_json", "read_parquet", "loadtxt")
#: Modules that read JSON which no step writes.
MAY = ("digests.py", "download.py", "schema.py")


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("*.py")), ids=lambda path: str(path.relative_to(SOURCE)))
def test_libraries_open_only_what_was_verified(path):
    """A new step that opens a file in another way would read it without a look at its digest."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "json.loads":
            assert ".read_" not in ast.unparse(node) or path.name in MAY, f"{path}, line {node.lineno}: not read_json()"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in OPENERS:
            given = node.args[0]
            checked = isinstance(given, ast.Call) and ast.unparse(given.func) in ("verified", "io.BytesIO")
            assert checked, f"{path}, line {node.lineno}: {ast.unparse(node.func)} without verified()"
