"""The sets of cases: a file of JSON lines each, with their purposes in sets.toml."""
