"""The embedded database: SQLite through apsw, one writer process, durable commits."""
