"""Search: reading a query, asking the engine, and making hits, facets and explanations of its answer."""
