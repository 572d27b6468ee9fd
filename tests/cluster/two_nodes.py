"""A Slurm of two nodes on this machine, in namespaces of its own, so that ending one process ends all of it.

The controller, munge and all commands live in one process namespace. Each node has a further one inside it, with a host
name of its own, so that `power_off` is what it says: everything on the node dies at once and says nothing. The
configuration lies over ``/etc/slurm`` for these processes only.
"""

from __future__ import annotations

import os
import random
import shutil
import socket
import subprocess
import time
from collections.abc import Mapping
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path
from typing import Self

NODES = ("n1", "n2")
_NEEDED = ("slurmctld", "slurmd", "sbatch", "squeue", "munged", "mungekey", "unshare", "nsenter")
#: Namespaces that end with their first process, which ends with the test.
_UNSHARE = ("setpriv", "--pdeathsig=KILL", "unshare", "--mount", "--uts", "--pid", "--fork", "--kill-child")

_CONFIGURATION = """\
ClusterName=test
SlurmctldHost=localhost(127.0.0.1)
SlurmctldPort={ports[0]}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
CryptoType=crypto/munge
StateSaveLocation={folder}/state
SlurmctldPidFile={folder}/slurmctld.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdPidFile={folder}/slurmd.%n.pid
SlurmdLogFile={folder}/slurmd.%n.log
SlurmdSpoolDir={folder}/spool.%n
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SlurmdParameters=config_overrides
SwitchType=switch/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
SchedulerParameters=bf_interval=2,sched_interval=2,batch_sched_delay=1
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
ReturnToService=2
MinJobAge=86400
KillWait=30
SlurmdTimeout=20
GresTypes=mcmc
NodeName={nodes} NodeHostname=localhost NodeAddr=127.0.0.1 Port=[{ports[1]}-{ports[2]}] CPUs={cpus} RealMemory={memory} Gres=mcmc:1
PartitionName=debug Nodes=ALL Default=YES MaxTime=INFINITE State=UP
"""  # noqa: E501 -- a line of Slurm's


def why_not() -> str | None:
    """Say why there can be no such cluster here; None if there can."""
    if os.environ.get("TALLGRASS_CLUSTER") != "1":
        return "a Slurm of two nodes is started only with TALLGRASS_CLUSTER=1"
    if os.geteuid() != 0:
        return "needs root, for the daemons of Slurm"
    if find_spec("snakemake_executor_plugin_slurm") is None:
        return "needs snakemake-executor-plugin-slurm"
    if missing := [name for name in _NEEDED if shutil.which(name, path=_path()) is None]:
        return f"needs {', '.join(missing)} (Debian: slurm-wlm, munge, util-linux)"
    if subprocess.run([*_UNSHARE, "true"], capture_output=True).returncode:
        return "needs namespaces, which this container may not make"
    return None


class TwoNodes:
    """The cluster, as a context manager; ``folder`` gets its configuration, state and logs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._stack = ExitStack()
        self._nodes: dict[str, subprocess.Popen[bytes]] = {}
        self._head = 0

    def __enter__(self) -> Self:
        with self._stack:
            self._configure()
            script = (
                f"mount --bind {self.folder}/etc /etc/slurm && mount --bind {self.folder}/hosts /etc/hosts && "
                + _head_of(self.folder)
            )
            unshared = self._start([*_UNSHARE, "--mount-proc", "bash", "-c", script], "head")
            self._head = _first_child(unshared.pid)
            # A node has a copy of the mounts, so they must be there before it.
            self.wait_until((self.folder / "munge.socket").exists, "munge")
            for node in NODES:
                self.power_on(node)
            self.wait_until(lambda: self.states() == dict.fromkeys(NODES, "idle"), "two idle nodes")
            self._stack = self._stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def inside(self, *command: str, at: Path | None = None) -> list[str]:
        """Return the command line that runs a command where the controller is, in the folder ``at``."""
        there = f"--wd={at or Path.cwd()}"
        return ["nsenter", f"--target={self._head}", "--mount", "--uts", "--pid", there, "--", *command]

    def call(self, *command: str) -> str:
        """Run a command of Slurm to its end, and return what it says."""
        done = subprocess.run(self.inside(*command), capture_output=True, text=True, timeout=60, env=self.environment())
        if done.returncode:
            raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip()}")
        return done.stdout

    def environment(self, more: Mapping[str, str] | None = None) -> dict[str, str]:
        """Return the environment of commands: this one's, without what Slurm or a terminal may have left in it."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("SLURM", "SBATCH", "SNAKEMAKE"))}
        return {**kept, "PATH": _path(), **(more or {})}

    def states(self) -> dict[str, str]:
        """Return the state of each node in one word of sinfo, such as idle, mixed, draining, drained, down."""
        try:
            lines = self.call("sinfo", "-h", "-N", "-o", "%N %T").split("\n")
        except (RuntimeError, subprocess.TimeoutExpired):
            return {}
        return dict(line.split() for line in lines if line)  # type: ignore[misc]

    def jobs(self) -> list[dict[str, str]]:
        """Return the jobs that Slurm remembers: id, state, node, and what Snakemake calls them."""
        lines = self.call("squeue", "-h", "-a", "-t", "all", "-o", "%i|%T|%N|%r|%k").splitlines()
        return [dict(zip(("id", "state", "node", "reason", "what"), line.split("|", 4), strict=True)) for line in lines]

    def power_on(self, node: str) -> None:
        """Start a node."""
        script = f"hostname {node}; mount -t proc proc /proc; slurmd -D -N {node} & wait"
        command = self.inside(*_UNSHARE, "bash", "-c", script)
        self._nodes[node] = self._start(command, node)

    def power_off(self, node: str) -> None:
        """Kill everything on a node at once."""
        os.kill(self._first_on(node), 9)
        self._nodes.pop(node).wait(10)

    def stop(self, node: str, pid: int) -> None:
        """Let a process of a node stand still until it is continued; ``pid`` is its number there."""
        there = ["nsenter", f"--target={self._first_on(node)}", "--mount", "--pid", "--"]
        subprocess.run([*there, "kill", "-STOP", str(pid)], check=True, timeout=10)

    def _first_on(self, node: str) -> int:
        (unshare,) = _children(self._nodes[node].pid)
        (first,) = _children(unshare)
        return first

    def wait_until(self, condition: object, what: str, seconds: float = 60.0) -> None:
        """Wait until ``condition()`` is true; `AssertionError` with what was waited for if it does not become so."""
        deadline = time.monotonic() + seconds
        while not condition():  # type: ignore[operator]
            said = f"waited {seconds:.0f} s for {what}; the logs of Slurm are in {self.folder}"
            assert time.monotonic() < deadline, said
            time.sleep(0.2)

    def _configure(self) -> None:
        for name in ("etc", "state", *(f"spool.{node}" for node in NODES)):
            (self.folder / name).mkdir(parents=True)
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20 // 2
        text = _CONFIGURATION.format(
            folder=self.folder, ports=_free_ports(), nodes="n[1-2]", cpus=max(4, os.cpu_count() or 1), memory=memory
        )
        (self.folder / "etc/slurm.conf").write_text(text)
        (self.folder / "etc/gres.conf").write_text("Name=mcmc Count=1\n")
        hosts = Path("/etc/hosts").read_text()
        (self.folder / "hosts").write_text(f"{hosts}\n127.0.0.1 {' '.join(NODES)}\n")

    def _start(self, command: list[str], name: str) -> subprocess.Popen[bytes]:
        out = self._stack.enter_context((self.folder / f"{name}.out").open("ab"))
        started = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=self.environment(), cwd="/"
        )
        self._stack.callback(_end, started)
        return started


def _head_of(folder: Path) -> str:
    """Return the shell's commands that start munge and the controller, and wait for them."""
    munge = f"--socket={folder}/munge.socket --key-file={folder}/munge.key --pid-file={folder}/munged.pid"
    return (
        f"mungekey --create --keyfile={folder}/munge.key && "
        f"(munged --foreground --force {munge} --log-file={folder}/munged.log --seed-file={folder}/munge.seed &) && "
        f"while [ ! -S {folder}/munge.socket ]; do sleep 0.1; done; slurmctld -D & wait"
    )


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill a process, and with it its namespace."""
    process.kill()
    process.wait(20)


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _first_child(pid: int, seconds: float = 10.0) -> int:
    deadline = time.monotonic() + seconds
    while not (found := _children(pid)):
        assert time.monotonic() < deadline, f"process {pid} started nothing"
        time.sleep(0.05)
    return found[0]


def _free_ports() -> tuple[int, int, int]:
    """Return a port of the controller and two neighbours of the nodes, which nothing listens to now."""
    for _ in range(100):
        first = random.randrange(20000, 30000)
        ports = (first, first + 1, first + 2)
        with ExitStack() as stack:
            try:
                for port in ports:
                    stack.enter_context(socket.socket()).bind(("127.0.0.1", port))
            except OSError:
                continue
            return ports
    raise RuntimeError("no free ports")


def _path() -> str:
    return os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"])
