"""The field of wangge: ground, plans, partition, duty, store. It has never heard of HTTP or HTML.

Start reading in :mod:`spatial.planning` and :mod:`spatial.lookup`, the use cases: each function there is one
transaction. Below them, top to bottom, each knowing only what stands beneath: ``partition``, ``store``,
``readers`` and ``writers``; ``plans``; ``ground`` and ``duty``; ``policy``; ``errors``.
"""
