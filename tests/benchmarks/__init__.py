"""Studies too slow for the test command: ``script/bench NAME`` runs one and prints its table."""
