"""Bytes of a delivery → records: packaging, readers, merging, enrichment, quarantine, ledger."""
