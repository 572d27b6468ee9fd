"""What each step of a run does to files, a module per rule or command. Rules and `run_experiment` call nothing else."""
