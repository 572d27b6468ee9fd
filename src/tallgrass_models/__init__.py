"""Where the members of a legislature stand, from their roll-call votes.

Light on purpose: the Snakefile imports this package on every call, so nothing heavy is imported here.
"""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("tallgrass-models")
except PackageNotFoundError:  # a bare checkout, as when Snakemake lints it
    __version__ = "0.0.0"
