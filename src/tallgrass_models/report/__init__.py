"""The HTML page of one experiment, made from files only; `report_page.write_report` is the way in."""
