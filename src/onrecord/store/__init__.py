"""The ledger at rest: the only SQL.

``schema`` has the tables, ``dialect`` what SQLite and PostgreSQL do differently, ``terms`` what a claim is found by,
``store`` opens and adds, ``questions`` asks, ``finding`` gets one thing by its id, ``proof`` verifies, writes out and
takes in; ``decisions``, ``effective`` and ``changes`` are what a reading comes to.
"""
