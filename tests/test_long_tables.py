"""Long tables and heavy pictures are data, and hold what markup would show; files beside the page stay."""

import base64
import csv
import gzip
import io
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from markupsafe import Markup
from page_files import N_ROWS, PARTIES, long_table, name_of, page_of, picture, score_of, written
from report_files import Tree

from tallgrass_models.report.page import long_tables
from tallgrass_models.report.page.trees import tree


def data_of(html: str, block: str) -> Any:
    block = re.search(f'data-block="{block}">(.*?)</script>', html)[1]
    return json.loads(gzip.decompress(base64.b64decode(block)))


def test_rows_of_a_long_table_are_data_and_those_of_a_short_one_markup(tmp_path: Path) -> None:
    tables = [long_table("short", 200), long_table("long"), long_table("folded", folded=True)]
    tables += [long_table("short-folded", 50, folded=True)]
    shown = Tree(written(page_of(*tables), tmp_path)).tables
    assert {name: len(rows) - 1 for name, rows in shown.items()} == {
        "short": 200,
        "long": 50,
        "folded": 0,
        "short-folded": 50,
    }
    html = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert html.count(f"All {N_ROWS} rows are in the file <code>tables/") == 2
    for name in ("long", "folded"):
        name_column, *_, score, span = data_of(html, f"table {name}")["columns"]
        assert [len(name_column["cells"]), len(score["order"])] == [N_ROWS, N_ROWS]
        assert name_column["order"] == [name_of(k) for k in range(N_ROWS)]
        assert score["order"] == [
            None if x is None else pytest.approx(x, rel=1e-5) for x in map(score_of, range(N_ROWS))
        ]
        assert score["order"] == span["order"]


def test_texts_of_the_data_are_those_of_the_markup(tmp_path: Path) -> None:
    """The same rows in a table that cannot be sorted are markup, which an HTML parser reads."""
    table = long_table()
    shown = Tree(written(page_of(replace(table, interactive=False)), tmp_path)).tables["long"][1:]
    columns = long_tables.block(table)["columns"]
    assert [[text(column["cells"][k]).replace("\xa0", " ") for column in columns] for k in range(N_ROWS)] == shown


def text(tree: str | list) -> str:
    return tree if isinstance(tree, str) else "".join(text(child) for child in tree[2:])


def test_csv_files_do_not_depend_on_how_a_table_is_shown(tmp_path: Path) -> None:
    table = long_table()
    written(page_of(table), tmp_path / "a")
    written(page_of(replace(table, interactive=False)), tmp_path / "b")
    long, plain = ((tmp_path / name / "tables" / "long.csv").read_bytes() for name in "ab")
    assert long == plain
    assert len(list(csv.reader(io.StringIO(long.decode(), newline="")))) == N_ROWS + 1


def test_markup_of_a_cell_is_a_tree_of_what_cells_need() -> None:
    name = "<script>alert(1)</script>"
    assert tree(name) == name  # a text, whatever it looks like
    assert tree(Markup("<bdi>{}</bdi>").format(name)) == ["bdi", {}, name]
    link = Markup('<a href="#member=1">{}</a>, <b class="dem">D</b>').format(name)
    assert tree(link) == ["", {}, ["a", {"href": "#member=1"}, name], ", ", ["b", {"class": "dem"}, "D"]]
    assert tree(Markup("")) == ["", {}]
    assert tree("<b>alike</b>") == "<b>alike</b>" != tree(Markup("<b>alike</b>"))
    assert tree("<b>alike</b>") == "<b>alike</b>"


@pytest.mark.parametrize(
    "markup",
    [
        "<script>1</script>",
        "<img src=x>",
        '<b onclick="x()">b</b>',
        '<b data-x="1">b</b>',
        '<a href="https://x.example">x</a>',
        '<a href="javascript:x()">x</a>',
        "<b>not closed",
        "<b>crossed<i></b></i>",
    ],
)
def test_other_markup_is_refused(markup: str) -> None:
    with pytest.raises(ValueError, match=r"data of a page|not closed|another element"):
        tree(Markup(markup))


def test_parties_in_the_data_are_words(tmp_path: Path) -> None:
    party = long_tables.block(long_table())["columns"][2]
    assert party["order"][:4] == PARTIES
    assert party["cells"][0] == [
        "span",
        {"class": "dem"},
        ["span", {"aria-hidden": "true"}, "●"],
        " ",
        ["bdi", {}, "Democrat"],
    ]


def test_a_folded_picture_is_data_only_if_it_is_heavy(tmp_path: Path) -> None:
    heavy, light = picture("heavy", 1200), picture("light", 40)
    html = written(page_of(heavy, light, replace(heavy, id="open", folded="")), tmp_path)
    pictures = {
        name: part.split("</figure>")[0]
        for name, part in re.findall('<figure id="(.*?)">(.*?)</figure>', html, re.DOTALL)
    }
    assert {name: part.count("<svg") for name, part in pictures.items()} == {"heavy": 0, "light": 2, "open": 2}
    assert "The picture is in the file <code>figures/heavy.svg</code>." in pictures["heavy"]
    assert {path.name for path in (tmp_path / "figures").iterdir()} == {"heavy.svg", "light.svg", "open.svg"}
    wide = data_of(html, "figure heavy")
    assert text(wide).count("\n") == text(
        tree(Markup(re.search("<svg.*</svg>", pictures["open"], re.DOTALL)[0]))
    ).count("\n")
