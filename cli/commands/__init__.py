"""The commands by subject; each prints what the interfaces say for `--json`, and readable lines without."""
