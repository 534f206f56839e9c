"""The partitioner: from the cells of a basic grid to nested grids in band, with a proof where that can't be.

Start reading at ``propose``. ``graph`` and ``kernels`` hold the nouns, ``feasible`` the arithmetic; the
stages ``divide``, ``refine``, ``prove`` and ``score`` never import each other.
"""
