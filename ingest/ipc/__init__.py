"""The International Patent Classification: written forms, the scheme, retired symbols, patterns over it.

`symbols` turns a written symbol into `H01M10/42`, `scheme` knows its place and titles, `successors` what
replaced a retired symbol, `patterns` what `H01M10/42*` or `H01M8:H01M10` match. The tables beside them hold
facts (codes, titles, hierarchy), loaded on first use; nothing here needs the network.
"""
