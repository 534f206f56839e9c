"""Long work: the use cases, and a real worker."""
