"""The ground of a basic grid: coordinate systems, the lattice, barriers, faces, cells and the seam proof."""
