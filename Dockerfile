# An image with the package, Snakemake and everything that a project needs.
#
#   docker build -t tallgrass-models .
#   docker run --rm --user "$(id -u):$(id -g)" -v "$PWD":/project tallgrass-models init
#   docker run --rm --user "$(id -u):$(id -g)" -v "$PWD":/project --entrypoint snakemake tallgrass-models --cores 2
#
# With apptainer, which runs as the user that calls it and sees the working folder:
#
#   docker save tallgrass-models -o tallgrass-models.tar
#   apptainer build tallgrass-models.sif docker-archive://tallgrass-models.tar
#   apptainer exec tallgrass-models.sif snakemake --cores 2
#
# `snakemake --sdm apptainer` runs each job in tallgrass-models.sif of the working folder, or in the image that
# `--config container=...` names; the Snakemake that plans the jobs needs the package too.

FROM python:3.13-slim AS wheel
WORKDIR /source
COPY . .
RUN pip wheel --no-cache-dir --no-deps --wheel-dir /wheel .

FROM python:3.13-slim
COPY --from=wheel /wheel /wheel
COPY constraints.txt /wheel/
RUN pip install --no-cache-dir --constraint /wheel/constraints.txt /wheel/*.whl && rm -r /wheel
# Caches of compiled code and of Snakemake go where any user may write.
ENV HOME=/tmp MPLCONFIGDIR=/tmp/matplotlib NUMBA_CACHE_DIR=/tmp/numba
WORKDIR /project
ENTRYPOINT ["tallgrass-models"]
CMD ["--help"]
