"""Everything that speaks SQL: the private cluster, the engine, the tables and one repository a noun.

Use cases open a `spatial.store.engine.Store` once and pass the ``tx`` of ``with store.transaction() as tx``
to the functions of the repositories (places, grounds, plans, editions, locate, keys), which take it first.
"""
