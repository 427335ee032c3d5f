-- Extensions, and how a big table gets its hash partitions.

CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS pgcrypto;

--bun:split

-- hash_partitions gives table "parent" (declared PARTITION BY HASH) as many
-- partitions as the setting sapa.partitions says, 8 when it is not set.
CREATE FUNCTION hash_partitions(parent text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  count int := coalesce(nullif(current_setting('sapa.partitions', true), ''), '8')::int;
BEGIN
  FOR i IN 0 .. count - 1 LOOP
    EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES WITH (MODULUS %s, REMAINDER %s)',
                   parent || '_p' || i, parent, count, i);
  END LOOP;
END $$;

--bun:split

-- refuse_change is the trigger of append-only tables.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
