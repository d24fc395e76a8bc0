"""Tests of the store run on both databases."""

from tests.postgresql import node, postgresql

__all__ = ["node", "postgresql"]
