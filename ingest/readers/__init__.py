"""Readers: one module per format of a document; bytes in, a Document and its warnings out."""
