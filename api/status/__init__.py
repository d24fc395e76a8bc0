"""Status: what the node holds and whether it can answer."""
