-- A reply and a note begun in one thread stand side by side. The drafts of before
-- say which they are and stay as they are.
ALTER TABLE drafts DROP CONSTRAINT drafts_pkey;
ALTER TABLE drafts ADD PRIMARY KEY (conversation_id, staff_id, kind);
