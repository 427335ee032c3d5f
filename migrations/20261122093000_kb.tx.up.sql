-- The knowledge base: articles with versions by language, macros, feedback.

CREATE TABLE articles (
  id          uuid PRIMARY KEY,
  slug        text NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  intent      text NOT NULL DEFAULT '',
  audience    text NOT NULL CHECK (audience IN ('public','staff')),
  created_at  timestamptz NOT NULL,
  archived_at timestamptz
);
CREATE INDEX articles_intent ON articles (intent) WHERE intent <> '' AND archived_at IS NULL;

-- number counts up within one article and language. At most one version is
-- published and at most one is the draft; published ones are never edited.
CREATE TABLE article_versions (
  id           uuid PRIMARY KEY,
  article_id   uuid NOT NULL REFERENCES articles,
  language     text NOT NULL,
  number       int NOT NULL CHECK (number > 0),
  title        text NOT NULL CHECK (title <> ''),
  answer       text NOT NULL,
  body         text NOT NULL,
  state        text NOT NULL CHECK (state IN ('draft','published','superseded')),
  author       text NOT NULL,
  created_at   timestamptz NOT NULL,
  published_at timestamptz,
  -- The Indonesian stemmer disagrees with itself (kirim, pengiriman -> irim) and
  -- knows no stop words, so the plain words stand beside the stems.
  terms        tsvector GENERATED ALWAYS AS (
                 setweight(to_tsvector('simple'::regconfig, title), 'A') ||
                 setweight(to_tsvector('indonesian'::regconfig, title), 'A') ||
                 setweight(to_tsvector('simple'::regconfig, answer || ' ' || body), 'C') ||
                 setweight(to_tsvector('indonesian'::regconfig, answer || ' ' || body), 'D')
               ) STORED,
  UNIQUE (article_id, language, number)
);
CREATE UNIQUE INDEX article_versions_published ON article_versions (article_id, language) WHERE state = 'published';
CREATE UNIQUE INDEX article_versions_draft ON article_versions (article_id, language) WHERE state = 'draft';
CREATE INDEX article_versions_terms ON article_versions USING gin (terms) WHERE state = 'published';
CREATE INDEX article_versions_title ON article_versions USING gin (title gin_trgm_ops) WHERE state = 'published';

CREATE TABLE macros (
  id         uuid PRIMARY KEY,
  shortcut   text NOT NULL CHECK (shortcut ~ '^[a-z0-9-]+$'),
  language   text NOT NULL,
  title      text NOT NULL CHECK (title <> ''),
  text       text NOT NULL CHECK (text <> ''),
  intent     text NOT NULL DEFAULT '',
  updated_at timestamptz NOT NULL,
  UNIQUE (shortcut, language)
);

CREATE TABLE article_feedback (
  id         uuid PRIMARY KEY,
  article_id uuid NOT NULL REFERENCES articles,
  language   text NOT NULL,
  source     text NOT NULL CHECK (source IN ('reader','bot','staff')),
  helpful    boolean NOT NULL,
  comment    text NOT NULL DEFAULT '',
  at         timestamptz NOT NULL
);
CREATE INDEX article_feedback_article ON article_feedback (article_id, at DESC);
