"""Tests of a whole ingest run on both databases where they ask for a `node`."""

from tests.postgresql import node, postgresql

__all__ = ["node", "postgresql"]
