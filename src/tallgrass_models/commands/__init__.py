"""The subcommands of `tallgrass-models`: arguments to the functions of `steps`, one per rule, and some for people."""
