"""The query language: text → tree → evaluators. The plain-Python reference defines the meaning."""
