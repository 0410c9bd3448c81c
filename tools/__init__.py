"""What keeps the snapshots and the site true: `python -m tools` lists the commands."""
