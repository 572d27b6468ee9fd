"""The command `fetch`, which downloads votes from the sites that offer them."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from ..arguments import AddCommand

#: Environment variables with another address of each site.
_ADDRESSES = {"voteview": "TALLGRASS_VOTEVIEW_ADDRESS", "legiscan": "TALLGRASS_LEGISCAN_ADDRESS"}


def register(add: AddCommand) -> None:
    """Declare the command."""
    sub = add("fetch", run, "download votes: fetch voteview 119, or fetch legiscan KS 2025")
    sites = sub.add_subparsers(required=True, metavar="SITE", dest="site")
    voteview = sites.add_parser("voteview", help="a Congress from voteview.com")
    voteview.add_argument("congress", type=int, metavar="CONGRESS", help="its number, such as 119")
    legiscan = sites.add_parser("legiscan", help="a state's session from LegiScan; the key is in LEGISCAN_API_KEY")
    legiscan.add_argument("state", metavar="STATE", help="its two letters, such as KS; US for Congress")
    legiscan.add_argument("year", type=int, metavar="YEAR", help="a year of the session")
    for name, site in (("voteview", voteview), ("legiscan", legiscan)):
        site.add_argument("--into", type=Path, metavar="FOLDER", help="where the files go (default: data/...)")
        site.add_argument("--address", metavar="URL", help=f"another address of the site (or {_ADDRESSES[name]})")


def run(args: argparse.Namespace) -> None:
    """Fetch what is asked for, and say what to do with it."""
    from ...fetching import legiscan, voteview

    address = args.address or os.environ.get(_ADDRESSES[args.site])
    if args.site == "voteview":
        into = args.into or Path(f"data/voteview_{args.congress}")
        voteview.fetch_voteview(args.congress, into, address or voteview.ADDRESS)
        found = into
    else:
        into = args.into or Path(f"data/legiscan_{args.state.lower()}_{args.year}")
        key = os.environ.get(legiscan.KEY)
        found = legiscan.fetch_legiscan(args.state, args.year, key, into, address or legiscan.ADDRESS)
    print(f"next: tallgrass-models init --from {found}")
