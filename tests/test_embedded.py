"""Data inside a page: what goes in comes out, nothing of it is markup, and equal pages have equal bytes."""

import base64
import gzip
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from page_files import BLOCK, PAGE, written


def test_a_block_holds_what_was_put_in_and_no_character_of_markup(tmp_path: Path) -> None:
    html = written(PAGE, tmp_path)
    [(name, text)] = re.findall('<script type="application/gzip" data-block="(.*?)">(.*?)</script>', html, re.DOTALL)
    assert name == "people"
    assert re.fullmatch("[A-Za-z0-9+/]+=*", text)
    assert json.loads(gzip.decompress(base64.b64decode(text))) == BLOCK
    assert "alert" not in html.split("<body>")[1].split("<script>")[0]


def test_the_name_of_a_block_is_inert(tmp_path: Path) -> None:
    html = written(replace(PAGE, data={'"><b>': 1}), tmp_path)
    assert 'data-block="&#34;&gt;&lt;b&gt;"' in html


def test_equal_pages_have_equal_bytes_at_any_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = written(PAGE, tmp_path)
    monkeypatch.setattr("time.time", lambda: 2e9)
    assert written(PAGE, tmp_path) == first


def test_what_json_cannot_hold_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        written(replace(PAGE, data={"people": float("nan")}), tmp_path)
