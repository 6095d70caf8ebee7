-- A database as version 2 wrote it: its schema, one row in each table.
PRAGMA application_id = 1214604396;
PRAGMA user_version = 2;

-- Workflows and their history, runs and what happened in them, settings.
-- Times are microseconds: since the epoch for rows, since the start of the run inside one.

-- Texts of workflows, once each: versions and runs of one text share it.
CREATE TABLE sources (
  id INTEGER PRIMARY KEY,
  hash BLOB NOT NULL UNIQUE,
  json TEXT NOT NULL
) STRICT;

CREATE TABLE workflows (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  source INTEGER NOT NULL REFERENCES sources (id),
  n_nodes INTEGER NOT NULL,
  modified INTEGER NOT NULL
) STRICT;
CREATE INDEX workflows_by_name ON workflows (name, modified);
CREATE INDEX workflows_by_source ON workflows (source);

-- Every save is a version that can be looked at and taken back.
CREATE TABLE versions (
  id INTEGER PRIMARY KEY,
  workflow TEXT NOT NULL REFERENCES workflows (id) ON DELETE CASCADE,
  source INTEGER NOT NULL REFERENCES sources (id),
  saved INTEGER NOT NULL
) STRICT;
CREATE INDEX versions_by_workflow ON versions (workflow, id);
CREATE INDEX versions_by_source ON versions (source);

-- Groups of edits made since the last save. No foreign key: an edit is kept even if its workflow
-- was never saved or was deleted by another process.
CREATE TABLE journal (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  workflow TEXT NOT NULL,
  edits TEXT NOT NULL
) STRICT;
CREATE INDEX journal_by_workflow ON journal (workflow, id);

-- lease: which process records it, see heddle-store-lease.c; 0: none.
CREATE TABLE runs (
  key INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  workflow TEXT NOT NULL,
  name TEXT NOT NULL,
  source INTEGER NOT NULL REFERENCES sources (id),
  state TEXT NOT NULL,
  started INTEGER NOT NULL,
  duration INTEGER,
  tokens INTEGER,
  summary TEXT,
  lease INTEGER NOT NULL
) STRICT;
CREATE INDEX runs_by_workflow ON runs (workflow, started);
CREATE INDEX runs_by_start ON runs (started);
CREATE INDEX runs_by_source ON runs (source);
CREATE INDEX runs_running ON runs (lease) WHERE state = 'running';

-- data is JSON in which large values are references to blobs, see heddle-store-values.c.
CREATE TABLE events (
  run INTEGER NOT NULL REFERENCES runs (key) ON DELETE CASCADE,
  seq INTEGER NOT NULL,
  kind TEXT NOT NULL,
  time INTEGER NOT NULL,
  node TEXT,
  attempt INTEGER,
  span INTEGER,
  parent INTEGER,
  text TEXT,
  data TEXT,
  PRIMARY KEY (run, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX events_partial ON events (run, node) WHERE kind = 'node.partial';

-- Large values, once each; run_blobs says which runs still need them.
CREATE TABLE blobs (
  id INTEGER PRIMARY KEY,
  hash BLOB NOT NULL UNIQUE,
  json TEXT NOT NULL
) STRICT;
CREATE TABLE run_blobs (
  run INTEGER NOT NULL REFERENCES runs (key) ON DELETE CASCADE,
  blob INTEGER NOT NULL REFERENCES blobs (id),
  PRIMARY KEY (run, blob)
) STRICT, WITHOUT ROWID;
CREATE INDEX run_blobs_by_blob ON run_blobs (blob);

-- The bars of the waterfall as columns, for questions across runs. span 0: the node itself.
CREATE TABLE spans (
  run INTEGER NOT NULL REFERENCES runs (key) ON DELETE CASCADE,
  node TEXT NOT NULL,
  span INTEGER NOT NULL,
  parent INTEGER NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  state TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  start INTEGER,
  end INTEGER,
  input_tokens INTEGER,
  output_tokens INTEGER,
  PRIMARY KEY (run, node, span)
) STRICT, WITHOUT ROWID;

-- Small settings that are no secrets; value is JSON.
CREATE TABLE settings (
  key TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Knowledge bases: documents, cut into passages, with an index of words and vectors.
-- AUTOINCREMENT, so that an id that somebody still holds never becomes another's.

-- dimensions: of its vectors, 0 before the first. generation: changes with every change of vectors.
CREATE TABLE knowledge_bases (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  description TEXT NOT NULL,
  embedding_model TEXT,
  dimensions INTEGER NOT NULL DEFAULT 0,
  generation INTEGER NOT NULL DEFAULT 0
) STRICT;

-- identity: what a newer version of the same document has in common. hash: of what was read.
CREATE TABLE knowledge_documents (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  base INTEGER NOT NULL REFERENCES knowledge_bases (id) ON DELETE CASCADE,
  identity TEXT NOT NULL,
  title TEXT NOT NULL,
  source TEXT NOT NULL,
  mime TEXT NOT NULL,
  hash TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  added INTEGER NOT NULL,
  error TEXT,
  UNIQUE (base, identity)
) STRICT;

-- title repeats the document's, so that the index of words can read it here. Rows never change.
CREATE TABLE knowledge_chunks (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  base INTEGER NOT NULL REFERENCES knowledge_bases (id) ON DELETE CASCADE,
  document INTEGER NOT NULL REFERENCES knowledge_documents (id) ON DELETE CASCADE,
  title TEXT NOT NULL,
  heading TEXT NOT NULL,
  body TEXT NOT NULL,
  page INTEGER NOT NULL,
  start INTEGER NOT NULL,
  end INTEGER NOT NULL
) STRICT;
CREATE INDEX knowledge_chunks_by_base ON knowledge_chunks (base);
CREATE INDEX knowledge_chunks_by_document ON knowledge_chunks (document);

-- Unit vectors of 32-bit floats in the processor's order.
CREATE TABLE knowledge_vectors (
  chunk INTEGER PRIMARY KEY REFERENCES knowledge_chunks (id) ON DELETE CASCADE,
  base INTEGER NOT NULL,
  embedding BLOB NOT NULL
) STRICT;
CREATE INDEX knowledge_vectors_by_base ON knowledge_vectors (base);

-- Kept in step by heddle-knowledge-sqlite-documents.c: with an untrusted schema no trigger may write here.
CREATE VIRTUAL TABLE knowledge_words USING fts5 (
  title, heading, body,
  content = 'knowledge_chunks', content_rowid = 'id',
  tokenize = 'porter unicode61 remove_diacritics 2'
);

INSERT INTO sources VALUES (1, x'01', '{"format":"heddle-workflow"}');
INSERT INTO workflows VALUES ('w1', 'Kept', 1, 0, 1700000000000000);
INSERT INTO versions VALUES (1, 'w1', 1, 1700000000000000);
INSERT INTO journal VALUES (1, 'w1', '[{"kind":"node"}]');
INSERT INTO runs VALUES (1, 'r1', 'w1', 'Kept', 1, 'ok', 1700000000000000, 1500, 12, 'done', 0);
INSERT INTO blobs VALUES (1, x'02', '"long"');
INSERT INTO run_blobs VALUES (1, 1);
INSERT INTO events VALUES (1, 1, 'run.started', 0, NULL, NULL, NULL, NULL, NULL, '{"workflow":"w1"}');
INSERT INTO spans VALUES (1, 'a', 0, 0, 'node', 'A', 'ok', 1, 0, 1500, 5, 7);
INSERT INTO settings VALUES ('theme', '"dark"');
INSERT INTO knowledge_bases VALUES (1, 'Manuals', '', NULL, 0, 0);
INSERT INTO knowledge_documents VALUES (1, 1, 'a.txt', 'A', 'a.txt', 'text/plain', 'h', 3, 1, NULL);
INSERT INTO knowledge_chunks (id, base, document, title, heading, body, page, start, end) VALUES (1, 1, 1, 'A', '', 'abc', 0, 0, 3);
