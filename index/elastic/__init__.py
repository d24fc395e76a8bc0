"""The engine for nodes that outgrow one machine: the same trees and documents as the embedded one, on a cluster.

No plugin is needed: texts arrive cut, the built-in `whitespace` analyser splits them at blanks.
"""
