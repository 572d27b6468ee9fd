"""Agreement with external scores on lines and ranks known by construction, and the file that holds them."""

import numpy as np
import pandas as pd
import pytest

from tallgrass_models.errors import UserError
from tallgrass_models.summary.external import external_agreement
from tallgrass_models.votes.scores import read_scores


def members(n=12):
    xi = np.linspace(-2, 3, n)
    return pd.DataFrame(
        {
            "legislator": [f"m{i}" for i in range(n)],
            "name": [f"Member {i}" for i in range(n)],
            "party": np.where(xi < 0, "Democrat", "Republican"),
            "position_mean": xi,
            "external": 0.5 * xi - 0.1,
        }
    )


def test_a_line_agrees_whatever_its_scale():
    found = external_agreement(members())
    assert found["correlation"] == pytest.approx(1)
    assert found["within"]["Democrat"]["correlation"] == pytest.approx(1)
    assert max(abs(row["gap"]) for row in found["disagreements"]) < 1e-12


def test_parties_that_agree_between_but_not_within():
    table = members()
    for party in ("Democrat", "Republican"):
        own = table["party"] == party
        table.loc[own, "external"] = table.loc[own, "external"].to_numpy()[::-1]
    found = external_agreement(table)
    assert found["within"]["Democrat"] == {"n": 5, "correlation": pytest.approx(-1)}
    assert found["within"]["Republican"]["n"] == 7
    ranks = np.array([5, 4, 3, 2, 1, 12, 11, 10, 9, 8, 7, 6])
    assert found["spearman"] == pytest.approx(np.corrcoef(ranks, np.arange(12))[0, 1])
    assert found["correlation"] == pytest.approx(np.corrcoef(table["position_mean"], table["external"])[0, 1])


def test_the_biggest_disagreement_is_named_in_ideal_point_units():
    table = members()
    table.loc[3, "external"] -= 2.0
    table.loc[7, "external"] = np.nan
    found = external_agreement(table)
    assert found["n"] == 11
    first = found["disagreements"][0]
    assert (first["legislator"], first["name"]) == ("m3", "Member 3")
    slope, start = np.polyfit(table["external"].drop(7), table["position_mean"].drop(7), 1)
    assert first["gap"] == pytest.approx(table["position_mean"][3] - (start + slope * table["external"][3]))
    assert len(found["disagreements"]) == 5


def test_two_scores_are_none():
    table = members()
    table.loc[2:, "external"] = np.nan
    assert external_agreement(table) is None


def test_a_file_of_scores(tmp_path):
    path = tmp_path / "scores.csv"
    path.write_text("\ufeffparty,legislator,score\nD, a ,-0.5\nR,NA,1e-1\n", encoding="utf-8")
    assert read_scores(path) == {"a": -0.5, "NA": 0.1}


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("legislator,points\na,1\n", "column score missing"),
        ("legislator,score\n", "no rows below the header"),
        ("legislator,score\na,1\nb,\n", r"row 3: score '' is not a number"),
        ("legislator,score\na,nan\n", r"row 2: score 'nan' is not a number"),
        ("legislator,score\na,1\na,2\n", r"row 3: 'a' occurs before"),
        ("legislator,score\n,1\n", "row 2: no legislator"),
        ("", "column legislator, score missing"),
    ],
)
def test_a_bad_file_of_scores_is_refused(tmp_path, text, complaint):
    path = tmp_path / "scores.csv"
    path.write_text(text)
    with pytest.raises(UserError, match=complaint) as error:
        read_scores(path)
    assert str(path) in str(error.value)


def test_a_missing_file_of_scores_is_refused(tmp_path):
    with pytest.raises(UserError, match=r"none\.csv: cannot be read: No such file"):
        read_scores(tmp_path / "none.csv")
