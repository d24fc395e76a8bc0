"""Industries: taxonomies as trees with exact counts, and what their rules say."""
