"""Search: the query language, text analysis, and engines behind one small protocol."""
