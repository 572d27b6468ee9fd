"""Settings that the experiments file may hold, and specs of what each result depends on."""
