"""The production database: PostgreSQL 15 and newer through asyncpg, any number of processes."""
