"""Shows the yearly diffs and takes the analysts' verdicts."""
