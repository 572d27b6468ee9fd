"""The process that compiles one C function of `nutpie` and keeps it: ``python -m ... elsewhere NAME``."""

import sys

from .nutpie import compile_here

if __name__ == "__main__":
    compile_here(sys.argv[1])
