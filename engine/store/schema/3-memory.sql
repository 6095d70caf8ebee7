-- SPDX-License-Identifier: GPL-3.0-or-later
-- What workflows remember between runs: graphs of entities and facts, where each came from, and what is still to be learnt.
-- Keys are names and words as they are compared: folded, without punctuation around them.

CREATE TABLE memory_graphs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  created INTEGER NOT NULL
) STRICT;

-- Who else may read a graph, and who learns into it instead of into its own; borrower is the name of a node's own graph.
CREATE TABLE memory_shares (
  graph INTEGER NOT NULL REFERENCES memory_graphs (id) ON DELETE CASCADE,
  borrower TEXT NOT NULL,
  writes INTEGER NOT NULL,
  PRIMARY KEY (graph, borrower)
) STRICT, WITHOUT ROWID;
CREATE INDEX memory_shares_by_borrower ON memory_shares (borrower);

-- What is known of an entity beyond its kind are facts, so that each has its source.
CREATE TABLE memory_entities (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  graph INTEGER NOT NULL REFERENCES memory_graphs (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  created INTEGER NOT NULL
) STRICT;
CREATE INDEX memory_entities_by_graph ON memory_entities (graph, name);

-- The names of entities, aliases included: one entity for each.
CREATE TABLE memory_names (
  graph INTEGER NOT NULL REFERENCES memory_graphs (id) ON DELETE CASCADE,
  key TEXT NOT NULL,
  entity INTEGER NOT NULL REFERENCES memory_entities (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  PRIMARY KEY (graph, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX memory_names_by_entity ON memory_names (entity);

-- object: the entity that text names, or NULL. until: when it was revoked.
CREATE TABLE memory_facts (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  graph INTEGER NOT NULL REFERENCES memory_graphs (id) ON DELETE CASCADE,
  subject INTEGER NOT NULL REFERENCES memory_entities (id) ON DELETE CASCADE,
  predicate TEXT NOT NULL,
  predicate_key TEXT NOT NULL,
  object INTEGER REFERENCES memory_entities (id) ON DELETE SET NULL,
  text TEXT NOT NULL,
  text_key TEXT NOT NULL,
  confidence REAL NOT NULL,
  is_active INTEGER NOT NULL,
  since INTEGER NOT NULL,
  until INTEGER,
  updated INTEGER NOT NULL,
  UNIQUE (subject, predicate_key, text_key)
) STRICT;
CREATE INDEX memory_facts_by_graph ON memory_facts (graph, is_active, updated);
CREATE INDEX memory_facts_by_object ON memory_facts (object) WHERE object IS NOT NULL;

-- Each time a fact was learnt, confirmed, revoked or edited: when, by which node of which run ('': by hand), out of what.
CREATE TABLE memory_sources (
  id INTEGER PRIMARY KEY,
  fact INTEGER NOT NULL REFERENCES memory_facts (id) ON DELETE CASCADE,
  action TEXT NOT NULL,
  run TEXT NOT NULL,
  node TEXT NOT NULL,
  excerpt TEXT NOT NULL,
  time INTEGER NOT NULL
) STRICT;
CREATE INDEX memory_sources_by_fact ON memory_sources (fact, id);

-- What was said and is to be learnt from. owner: the process that queued it, worker: that which is at it (0: none), see
-- heddle-store-lease.c. What was said is dropped once it is learnt; usage is JSON.
CREATE TABLE memory_lessons (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  graph TEXT NOT NULL,
  model TEXT NOT NULL,
  run TEXT NOT NULL,
  node TEXT NOT NULL,
  question TEXT NOT NULL,
  answer TEXT NOT NULL,
  created INTEGER NOT NULL,
  state TEXT NOT NULL,
  owner INTEGER NOT NULL,
  worker INTEGER NOT NULL DEFAULT 0,
  attempts INTEGER NOT NULL DEFAULT 0,
  n_facts INTEGER NOT NULL DEFAULT 0,
  usage TEXT,
  error TEXT
) STRICT;
CREATE INDEX memory_lessons_waiting ON memory_lessons (graph, id) WHERE state = 'waiting';
CREATE INDEX memory_lessons_by_graph ON memory_lessons (graph, id);

-- Kept in step by heddle-memory-rows.c: with an untrusted schema no trigger may write here. Active facts only. scope is the
-- graph as a word, so that a search passes over the others.
CREATE VIRTUAL TABLE memory_words USING fts5 (
  scope, body,
  tokenize = 'porter unicode61 remove_diacritics 2'
);
