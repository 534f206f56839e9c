"""The routes, one module a noun. A handler turns a request into one call of a use case, and no more."""
