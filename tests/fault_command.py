"""The command `tallgrass-models`, which stays at the stage of a fit that FAULT_STAGE names until something ends it."""

import os
import sys
import time
from dataclasses import replace

import xarray as xr

from tallgrass_models import cli
from tallgrass_models.sampling import sample as sampling


def stay(*args, **kwargs):
    time.sleep(100)


def stay_half_way(tree, path, **kwargs):
    path.write_bytes(b"half a file")
    stay()


def stay_sampling(real, **changes):
    def sample(built, config, *args):
        return real(built, replace(config, **changes), *args)

    return sample


STAGE = os.environ.get("FAULT_STAGE")
if STAGE == "compiling":
    sampling.compile_model = stay
elif STAGE == "tuning":
    sampling.sample = stay_sampling(sampling.sample, tune=10**7)
elif STAGE == "sampling":
    sampling.sample = stay_sampling(sampling.sample, draws=10**5)
elif STAGE == "writing":
    xr.DataTree.to_netcdf = stay_half_way

if __name__ == "__main__":
    sys.exit(cli.main())
