"""The table of variants that are run on several sessions."""

from tallgrass_models.report.sections.comparison_sessions import session_parts

GROUPS = [{"group": "ks-84", "title": "84th"}, {"group": "ks-85", "title": "85th"}]


def entry(experiment, session):
    return {"experiment": experiment, "session": session, "group": session}


def share(experiment, mean):
    return {
        "experiment": experiment,
        "unit": "house",
        "chamber": "house",
        "share_mean": mean,
        "share_q05": mean - 0.1,
        "share_q95": mean + 0.1,
    }


def test_a_row_for_each_variant_and_a_column_for_each_session():
    runs = [entry("base_ks_84", "ks-84"), entry("base_ks_85", "ks-85"), entry("wide_ks_84", "ks-84")]
    runs += [entry("wide_ks_85", "ks-85"), entry("alone", "ks-85")]
    rows = [share("base_ks_84", 0.5), share("base_ks_85", 0.7), share("wide_ks_85", 0.8), share("alone", 0.1)]
    (table,) = session_parts({"experiments": runs, "groups": GROUPS}, rows)
    assert [column.title for column in table.columns] == ["Variant", "Fit", "84th", "85th"]
    assert table.columns[2].names == ("ks-84_mean", "ks-84_q05", "ks-84_q95")
    assert [[getattr(cell, "text", cell) for cell in row[2:]] for row in table.rows] == [
        ["0.50 (0.40 to 0.60)", "0.70 (0.60 to 0.80)"],
        ["–", "0.80 (0.70 to 0.90)"],
    ]
    assert [row[0].raw for row in table.rows] == ["base", "wide"]


def test_no_table_where_every_variant_is_on_one_session():
    runs = [entry("base", "ks-84"), entry("alone", "ks-85")]
    assert session_parts({"experiments": runs, "groups": GROUPS}, [share("base", 0.5), share("alone", 0.6)]) == []
