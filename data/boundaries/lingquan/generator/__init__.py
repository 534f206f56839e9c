"""The generator of the sample town: terrain, streets, homes, outlines, registers; all invented, all seeded.

Read :mod:`.town` first: it is the procedure. Only the codes and names of the town, its 18 villages and its
one registered community, the river's name and the position are real.
"""
