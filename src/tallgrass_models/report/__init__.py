"""The HTML page of one experiment, made from files only; `build.write_report` is the way in."""
