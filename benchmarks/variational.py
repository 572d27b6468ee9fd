"""Compare py-irt with previews and full posteriors, as a table in Markdown.

    TALLGRASS_REAL_DATA=folder python benchmarks/variational.py PYTHON

PYTHON is that of an environment with the package py-irt, which needs an older Python than ours. It fits its
two-parameter logistic model by stochastic variational inference, with its defaults. Positions are standardised over the
members, and differences are in standard deviations of the posterior. Seconds are of processor time without start and
imports.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from preview import positions_of_fit
from sessions import chambers

from tallgrass_models.checking.preview import preview
from tallgrass_models.priors.constants import ALPHA_SIGMA
from tallgrass_models.priors.spec import PRODUCTION_BETA
from tallgrass_models.votes.matrix import ChamberVotes

HEAD = ("votes", "members x roll calls", "method", "correlation", "rms difference of means", "seconds")
EPOCHS = 2000
#: What the other Python runs: reads responses, fits, and writes abilities with the subjects' ids and the seconds.
_FIT = f"""
import json, sys, time
from pathlib import Path
from py_irt.config import IrtConfig
from py_irt.training import IrtModelTrainer

began = time.process_time()
config = IrtConfig(model_type="2pl", priors="vague", seed=1, epochs={EPOCHS})
trainer = IrtModelTrainer(data_path=Path(sys.argv[1]), config=config, verbose=False)
trainer.train(epochs={EPOCHS}, device="cpu")
found = trainer.best_params
ids = [found["subject_ids"][k] for k in sorted(found["subject_ids"])]
Path(sys.argv[2]).write_text(json.dumps([ids, [float(x) for x in found["ability"]], time.process_time() - began]))
"""


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table, three rows for each chamber."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("python", metavar="PYTHON", help="a Python that has py-irt")
    parser.add_argument("--only", default="", metavar="WORDS", help="chambers whose name has these words")
    args = parser.parse_args(arguments)
    print(f"| {' | '.join(HEAD)} |\n|{'---|' * len(HEAD)}", flush=True)
    with TemporaryDirectory() as folder:
        for name, load in chambers(Path(folder)).items():
            votes = load() if args.only in name else None
            if votes is not None:
                for row in rows(name, votes, args.python, Path(folder)):
                    print(f"| {' | '.join(row)} |", flush=True)


def rows(name: str, votes: ChamberVotes, python: str, folder: Path) -> Iterator[tuple[str, ...]]:
    """Fit a chamber in all ways, and write the rows."""
    x, seconds = positions_of_fit(votes, PRODUCTION_BETA, 1000)
    mean, sd = x.mean(0), x.std(0)
    began = time.process_time()
    quick = preview(votes, PRODUCTION_BETA, ALPHA_SIGMA).mean
    found = {"preview": (quick, time.process_time() - began), "py-irt": fit_py_irt(votes, python, folder)}
    size = "{} x {}".format(*votes.y.shape)
    for method, (places, took) in found.items():
        r = float(np.corrcoef(places, mean)[0, 1])
        moved = np.sign(r) * (places - places.mean()) / places.std() * mean.std() + mean.mean()
        off = np.sqrt((((moved - mean) / sd) ** 2).mean())
        yield name, size, method, f"{abs(r):.4f}", f"{off:.2f} sd", f"{took:.1f}"
    yield name, size, "full posterior", "1", "0", f"{seconds:.1f}"


def fit_py_irt(votes: ChamberVotes, python: str, folder: Path) -> tuple[np.ndarray, float]:
    """Return the abilities that py-irt finds, in the order of the members, and its seconds of processor time."""
    responses, out = folder / "responses.jsonlines", folder / "abilities.json"
    lines = [
        {"subject_id": str(i), "responses": {f"v{j}": int(vote) for j, vote in enumerate(row) if vote >= 0}}
        for i, row in enumerate(votes.y)
    ]
    responses.write_text("".join(json.dumps(line) + "\n" for line in lines))
    subprocess.run([python, "-c", _FIT, str(responses), str(out)], check=True, capture_output=True)
    ids, abilities, seconds = json.loads(out.read_text())
    places = np.full(len(votes.y), np.nan)
    places[[int(name) for name in ids]] = abilities
    return places, seconds


if __name__ == "__main__":
    main()
