-- Search over what people wrote and what tickets are about.

-- line_plain keeps PostgreSQL's parser from taking chat for addresses: to it
-- "cair.tolong" is a host, "otp/sandi" a file and "a<b" a tag, none of which is
-- found by its words. Every character stays in its place, so an excerpt of the
-- one is an excerpt of the other.
CREATE FUNCTION line_plain(line text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT translate(line, './\@-_:<>&?=+~%#', '                ')
$$;

-- line_words are the words of a line as typed and as stems: the Indonesian
-- stemmer disagrees with itself (kirim, pengiriman -> irim).
CREATE FUNCTION line_words(line text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT to_tsvector('simple'::regconfig, line_plain(line)) || to_tsvector('indonesian'::regconfig, line_plain(line))
$$;

--bun:split

-- line_query wants every one of the terms (letters and digits only), as typed or
-- by its stem. The last one may be unfinished: people search while they type.
CREATE FUNCTION line_query(terms text[]) RETURNS tsquery LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  wanted tsquery;
  one    tsquery;
BEGIN
  FOR i IN 1 .. cardinality(terms) LOOP
    one := to_tsquery('simple'::regconfig, terms[i] || CASE WHEN i = cardinality(terms) THEN ':*' ELSE '' END)
      || to_tsquery('indonesian'::regconfig, terms[i]);
    wanted := CASE WHEN wanted IS NULL THEN one ELSE wanted && one END;
  END LOOP;
  RETURN wanted;
END $$;

--bun:split

-- Messages are inserted all day and never changed, so the index is one that is
-- cheap to write: an expression, no column (rows stay as wide as they were); only
-- lines that somebody said (no notes, no notices of the system); and GIN with its
-- list of pending entries, which turns the scattered writes of a message's dozen
-- words into one append. Measured on 60,000 lines of nine words, one message costs
-- 34 microseconds more, most of them for cutting it into words; the index is a
-- fifth as large as the table. The list is kept short (512 kB instead of 4 MB),
-- for a search reads it from end to end and one insert in so many empties it.
CREATE INDEX messages_words ON messages USING gin (line_words(text)) WITH (fastupdate = on, gin_pending_list_limit = 512)
  WHERE kind = 'message' AND author <> 'system';
CREATE INDEX tickets_words ON tickets USING gin (line_words(subject));
CREATE INDEX contacts_name ON contacts USING gin (name gin_trgm_ops);
