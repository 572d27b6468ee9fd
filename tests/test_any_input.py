"""Whatever a file contains, its reader gives a result or the one error class, and never a traceback."""

import copy
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from votes_fixtures import tallgrass_tables, voteview_tables, write_tables

from tallgrass_models.config.reading import load_experiments
from tallgrass_models.errors import UserError
from tallgrass_models.votes.session import load_chambers, read_session

settings.register_profile("files", deadline=None, max_examples=60, derandomize=True)
settings.load_profile("files")

TABLES = {"tallgrass": tallgrass_tables(), "voteview": voteview_tables()}
GOOD = """\
sessions: {demo: {source: simulated}}
platform: {samplers: 1, allow: [memory]}
defaults: {sampling: {draws: 100}, joint: false, early_stop: {slow_chain: 5}}
experiments: {a: {beta_prior: {distribution: normal, mu: 0, sigma: 1}}}
"""

#: Cells that have broken readers of tables before, and any other text.
CELLS = st.sampled_from(
    ["", " ", "0", "-1", "1e999", "nan", "NaN", "9" * 30, "1.5", "=1+1", '"', "a,b", "\x00", "\ufeff", "é", "None"]
) | st.text(max_size=8)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(SCALARS.filter(lambda x: x == x), inner, max_size=3),
    max_leaves=6,
)


def in_a_file(content: bytes, read):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "file")
        path.write_bytes(content)
        with suppress(UserError):
            read(path)


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
@example(b"&a [*a]")
@example(b"? {a: 1} : 2")
@example(b"a: !!python/object:os.system {}")
@example(b"a: 2001-99-99")
@example(b"- &x {<<: *x}")
@example(b"experiments: {a: {session: []}}\nsessions: {demo: {source: simulated}}")
@example(b"experiments: {a: {}}\nsessions: {demo: {source: []}}")
def test_any_bytes_as_configuration(content):
    in_a_file(content, load_experiments)


@given(st.sampled_from(["sessions", "platform", "defaults", "experiments"]), VALUES, st.sampled_from([0, 1, 2, 3]))
def test_any_value_at_any_depth_of_a_configuration(part, value, depth):
    """A good file in which one value is any other."""
    import yaml

    tree = yaml.safe_load(GOOD)
    at, key = tree, part
    while depth and isinstance(at[key], dict) and at[key]:
        at, key, depth = at[key], next(reversed(at[key])), depth - 1
    at[key] = value
    in_a_file(yaml.safe_dump(tree).encode(), load_experiments)


def read_all(source, paths):
    with suppress(UserError):
        load_chambers(read_session(source, **paths), "tiny", ("house", "senate"), 0.025, 1)


@pytest.mark.parametrize("source", TABLES)
@given(data=st.data())
def test_any_cell_of_the_votes(source, data):
    """A good session in which a few cells, heads of columns too, are any other text; or a row is cut short there."""
    tables = copy.deepcopy(TABLES[source])
    for _ in range(data.draw(st.integers(1, 3))):
        table = tables[data.draw(st.sampled_from(sorted(tables)))]
        row = table[data.draw(st.integers(0, len(table) - 1))]
        column = data.draw(st.integers(0, max(len(row) - 1, 0)))
        row[column : None if data.draw(st.integers(0, 9)) == 0 else column + 1] = [data.draw(CELLS)]
    with tempfile.TemporaryDirectory() as folder:
        read_all(source, write_tables(Path(folder), tables))


@pytest.mark.parametrize("source", TABLES)
@given(role=st.sampled_from(["votes", "rollcalls", "legislators"]), content=st.binary(max_size=120), gz=st.booleans())
def test_any_bytes_as_votes(source, role, content, gz):
    with tempfile.TemporaryDirectory() as folder:
        paths = write_tables(Path(folder), TABLES[source], gz=[role] if gz else [])
        whole = paths[role].read_bytes()
        for damaged in (content, whole[: len(whole) // 2] + content):
            paths[role].write_bytes(damaged)
            read_all(source, paths)
