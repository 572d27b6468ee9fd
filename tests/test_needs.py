"""What jobs ask of a cluster, against what real fits took."""

import csv
from pathlib import Path

import netCDF4
import pytest

from tallgrass_models.config import needs
from tallgrass_models.config.needs import Size
from tallgrass_models.config.sampling import SamplingConfig

#: From benchmark files of real fits, on two cores; the last three of fits are from docs/performance.md.
MEASURED = list(csv.DictReader((Path(__file__).parent / "data/measured_needs.csv").read_text().splitlines()))


def votes_file(path, members, rollcalls):
    with netCDF4.Dataset(path, "w") as file:
        file.createDimension("legislator", members)
        file.createDimension("vote", rollcalls)
    return str(path)


@pytest.mark.parametrize("row", MEASURED, ids=lambda row: f"{row['rule']} {row['structure']} {row['what']}")
def test_what_is_asked_for_covers_what_was_taken(row, tmp_path):
    shapes = [tuple(map(int, part.split("x"))) for part in row["chambers"].split("+")]
    votes = [votes_file(tmp_path / f"{k}.nc", *shape) for k, shape in enumerate(shapes)]
    sampling = SamplingConfig(draws=int(row["draws"]), tune=int(row["tune"]), chains=int(row["chains"]))
    if row["rule"].startswith("fit_"):
        memory = needs.fit_memory(votes, sampling, structure=row["structure"])
        minutes = needs.fit_minutes(votes, sampling, int(row["cores"]), structure=row["structure"])
    else:
        memory = needs.step_memory(votes, sampling, structure=row["structure"])
        minutes = needs.step_minutes(votes)
    taken = float(row["megabytes"])
    assert 1.4 * taken < memory < max(8 * taken, 1600)
    assert 3 * float(row["seconds"]) < 60 * minutes < max(60 * float(row["seconds"]), 1801)


def test_a_second_attempt_asks_for_twice_as_much(tmp_path):
    votes, sampling = votes_file(tmp_path / "house.nc", 84, 1329), SamplingConfig()
    for ask in (
        lambda n: needs.fit_memory(votes, sampling, n),
        lambda n: needs.fit_minutes(votes, sampling, 4, n),
        lambda n: needs.step_memory([votes], sampling, n),
        lambda n: needs.step_minutes([votes], n),
        lambda n: needs.reader_memory([votes], n),
    ):
        assert [ask(2), ask(3)] == [2 * ask(1), 4 * ask(1)]


def test_votes_that_are_not_there_yet_are_named(tmp_path):
    """Snakemake asks again when such a file is there, if the error names an input of the job."""
    with pytest.raises(FileNotFoundError) as error:
        needs.fit_memory([str(tmp_path / "house.nc")], SamplingConfig())
    assert error.value.filename == str(tmp_path / "house.nc")


def test_a_file_that_was_read_again_has_its_new_size(tmp_path):
    path = tmp_path / "house.nc"
    assert needs.size_of(votes_file(path, 20, 30)) == Size(((20, 30),))
    path.unlink()
    assert needs.size_of([votes_file(path, 21, 30), votes_file(tmp_path / "senate.nc", 5, 6)]).votes == 21 * 30 + 5 * 6


def test_a_file_that_is_no_votes_counts_as_a_large_chamber(tmp_path):
    (tmp_path / "house.nc").write_text("nothing")
    assert needs.size_of(str(tmp_path / "house.nc")).votes == 200_000


def test_more_of_anything_needs_more(tmp_path):
    small, large, few, many = (
        Size(((40, 500),)),
        Size(((400, 5000),)),
        SamplingConfig(draws=500),
        SamplingConfig(draws=4000),
    )
    assert needs.fit_seconds(small, few, 2) < needs.fit_seconds(large, few, 2) < needs.fit_seconds(large, many, 2)
    assert needs.fit_seconds(large, many, 4) < needs.fit_seconds(large, many, 2)
    assert needs.fit_seconds(large, many, 4) == needs.fit_seconds(large, many, 64)  # a core for each chain
    assert needs.fit_seconds(large, many, 2) < needs.fit_seconds(large, many, 2, "plane")
    assert needs.fit_megabytes(small, few) < needs.fit_megabytes(large, few) < needs.fit_megabytes(large, many)
    assert needs.step_megabytes(small, few) < needs.step_megabytes(large, few) < needs.step_megabytes(large, many)


def test_packed_text_needs_more(tmp_path):
    plain, packed = tmp_path / "votes.csv", tmp_path / "votes.csv.gz"
    for path in (plain, packed):
        path.write_bytes(bytes(50_000_000))
    assert needs.reader_memory([str(plain)]) == 1700
    assert needs.reader_memory([str(packed)]) > 5 * 1700
