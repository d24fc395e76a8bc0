"""Metrics of the service in Prometheus' text format: how long it takes to answer, and how fresh its data is.

They hold no personal data: addresses only as templates of routes, no query, no reader.
"""
