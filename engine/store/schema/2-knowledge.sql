-- SPDX-License-Identifier: GPL-3.0-or-later
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
