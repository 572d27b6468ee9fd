"""Votes: readers of two formats, a simulator, filters with a manifest, the vote matrix, bill matching, components."""

from .draws import KANSAS, SMALL, SessionShape
from .filters import apply_filters, minority_share
from .matching import JointVotes, bill_votes, join_chambers, shared_bills
from .matrix import ChamberVotes
from .pca import pca_scores
from .raw import CHAMBERS, PARTIES, RawSession, normalise_bill
from .session import load_chambers, read_session
from .simulate import SimulatedSession, simulate_session, write_session

__all__ = [
    "CHAMBERS",
    "KANSAS",
    "PARTIES",
    "SMALL",
    "ChamberVotes",
    "JointVotes",
    "RawSession",
    "SessionShape",
    "SimulatedSession",
    "apply_filters",
    "bill_votes",
    "join_chambers",
    "load_chambers",
    "minority_share",
    "normalise_bill",
    "pca_scores",
    "read_session",
    "shared_bills",
    "simulate_session",
    "write_session",
]
