"""The documentation: it builds as a site without a broken link, and its commands and code run as they stand."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
GUIDES = ("tutorial", "priors", "python")
#: The experiments that the guides name, with few draws, so that their commands run in a minute or two.
SMALL = """
sessions: {demo: {source: simulated, seed: 2025}}
defaults: {session: demo, sampling: {draws: 400, tune: 60, chains: 2, seed: 1}}
experiments:
  baseline: {description: production priors}
  positive_beta: {beta_prior: {distribution: lognormal_reparam, mu: 0, sigma: 0.5}, compare_with: baseline}
"""


def blocks(name: str, language: str) -> list[str]:
    """Fenced blocks of a page in a language, in order."""
    text = (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, flags=re.DOTALL | re.MULTILINE)


def in_shell(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = os.environ | {"PATH": path, "MPLBACKEND": "agg"}
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", command],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_site_builds_without_a_broken_link(tmp_path):
    run = in_shell(f"python -m mkdocs build --strict --quiet --site-dir {tmp_path}", ROOT)
    assert run.returncode == 0, run.stderr
    api = (tmp_path / "python/index.html").read_text(encoding="utf-8")
    for documented in ("min_minority_share", "output_base", "ArrayFit", "posterior_predictive"):
        assert documented in api
    home = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert 'href="configuration/"' in home  # of config/README.md
    assert "](" not in re.sub("<code>.*?</code>", "", home, flags=re.DOTALL)


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_commands_and_code_of_the_guides_run(tmp_path):
    """In the order of reading, in one folder; only the draws are fewer."""
    first, *rest = blocks("tutorial", "sh")
    init, *after = first.splitlines()
    steps = [(init, "sh")]
    for name in GUIDES:
        shell = [*after, *rest] if name == "tutorial" else blocks(name, "sh")
        python = "\n".join(blocks(name, "python"))  # those of a page build on each other
        steps += [(text, "sh") for text in shell] + ([(python, "python")] if python else [])
    assert len(steps) > 6
    for k, (text, language) in enumerate(steps):
        if k == 1:
            (tmp_path / "config/experiments.yaml").write_text(SMALL)
        (tmp_path / "block.py").write_text(text)
        run = in_shell(text if language == "sh" else "python block.py", tmp_path)
        assert run.returncode == 0, f"{text}\n{run.stdout}\n{run.stderr}"


@pytest.mark.parametrize("name", [path.stem for path in sorted((ROOT / "docs").glob("*.md"))])
def test_configuration_in_the_docs_is_yaml(name):
    for text in blocks(name, "yaml"):
        assert yaml.safe_load(text)
