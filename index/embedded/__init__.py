"""The search engine that needs no service: Tantivy in the home folder, with columns of our own for facets.

Everything that is Tantivy's stays in this room. A folder holds generations of the index; a pointer file names
the one in use; readers in any process see a commit and a switch with their next search.
"""
