"""What the experiments file may say, and what each result depends on."""
