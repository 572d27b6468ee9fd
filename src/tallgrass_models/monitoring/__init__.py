"""Safety of long runs: the platform check, locks, status and signals."""
