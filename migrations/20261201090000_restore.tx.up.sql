-- pg_restore builds the indexes with an empty search path, where a function that
-- calls another of ours by its bare name does not find it: no backup could be
-- restored. line_words therefore has the text of line_plain inside. It gives the
-- same words as before, so the indexes stay as they are.
CREATE OR REPLACE FUNCTION line_words(line text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT to_tsvector('simple'::regconfig, plain) || to_tsvector('indonesian'::regconfig, plain)
  FROM (SELECT translate(line, './\@-_:<>&?=+~%#', '                ') AS plain) AS said
$$;
