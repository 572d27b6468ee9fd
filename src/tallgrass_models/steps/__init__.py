"""Steps of a run, with a module per rule or command that reads and writes its files.

Rules and `run_experiment` call nothing else.
"""
