"""The step that writes a simulated session."""

from __future__ import annotations

from pathlib import Path

from ..config.sessions import SessionConfig


def simulate(
    session: SessionConfig, votes: Path, rollcalls: Path, legislators: Path, truth_legislators: Path, truth_bills: Path
) -> None:
    """Write the simulated session of the seed in the settings, and the truth behind it."""
    from ..votes.simulator.tables import simulate_session, write_session

    write_session(
        simulate_session(session.seed),
        votes=votes,
        rollcalls=rollcalls,
        legislators=legislators,
        truth_legislators=truth_legislators,
        truth_bills=truth_bills,
    )
