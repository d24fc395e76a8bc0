"""Deliveries: the ledger of what was taken in, and the quality of each."""
