"""Files are written whole or not at all."""

import json
import os
import subprocess
import sys

import pytest

from tallgrass_models.errors import UserError
from tallgrass_models.files.atomic import atomic, atomic_folder, write_text
from tallgrass_models.files.json import canonical_json, read_json, write_json


def write_half(target, error):
    with atomic(target) as temporary:
        temporary.write_text("half")
        raise error


def test_a_failed_block_leaves_nothing(tmp_path):
    target = tmp_path / "new" / "out.txt"
    with pytest.raises(RuntimeError, match="half-way"):
        write_half(target, RuntimeError("half-way"))
    assert list(target.parent.iterdir()) == []


def test_the_old_file_survives_a_failure(tmp_path):
    target = tmp_path / "out.txt"
    write_text(target, "old")
    with pytest.raises(KeyboardInterrupt):
        write_half(target, KeyboardInterrupt())
    assert target.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["out.txt"]


def test_a_missing_input_is_not_a_writing_problem(tmp_path):
    with pytest.raises(FileNotFoundError), atomic(tmp_path / "out.txt"):
        (tmp_path / "missing.csv").read_text()


def test_unwritable_folder_is_one_message(tmp_path):
    blocker = tmp_path / "file"
    blocker.write_text("")
    with pytest.raises(UserError, match="cannot be written"):
        write_text(blocker / "out.txt", "x")


def test_json_is_strict(tmp_path):
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_json(tmp_path / "m.json", {"a": float("nan")})
    assert os.listdir(tmp_path) == []
    write_json(tmp_path / "m.json", {"b": 1, "a": "ü"})
    assert list(json.loads((tmp_path / "m.json").read_text())) == ["b", "a"]


@pytest.mark.parametrize(
    ("content", "complaint"), [(None, "no such file"), (b"{", "not valid JSON"), (b"\xff", "not valid")]
)
def test_unreadable_json_is_one_message(tmp_path, content, complaint):
    path = tmp_path / "m.json"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UserError, match=complaint):
        read_json(path)


def test_canonical_json_ignores_order():
    assert canonical_json({"b": 1, "a": [0.5]}) == canonical_json({"a": [0.50], "b": 1}) == '{"a":[0.5],"b":1}'


def test_a_folder_is_replaced_whole_or_not_at_all(tmp_path):
    path = tmp_path / "tables"
    with atomic_folder(path) as folder:
        (folder / "old.csv").write_text("1")

    def fail_half_way():
        with atomic_folder(path) as folder:
            (folder / "half.csv").write_text("2")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_half_way()
    assert [p.name for p in tmp_path.iterdir()] == ["tables"]
    assert [p.name for p in path.iterdir()] == ["old.csv"]
    with atomic_folder(path) as folder:
        (folder / "new.csv").write_text("3")
    assert [p.name for p in path.iterdir()] == ["new.csv"]


def test_a_folder_that_cannot_be_written_is_a_user_error(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="cannot be written"), atomic_folder(tmp_path / "file" / "tables"):
        pass


def test_a_folder_left_by_a_killed_process_is_removed(tmp_path):
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    (tmp_path / f".tables.{gone.pid}.tmp").mkdir()
    with atomic_folder(tmp_path / "tables"):
        pass
    assert [p.name for p in tmp_path.iterdir()] == ["tables"]
