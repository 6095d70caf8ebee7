-- A database as version 4 wrote it: its schema, one row in each table of interest.
PRAGMA application_id = 1214604396;
PRAGMA user_version = 4;

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

-- Workflows that are active: endpoints, webhooks, schedules.

-- What started a run: endpoint, webhook, schedule; NULL: a person.
ALTER TABLE runs ADD COLUMN started_by TEXT;

-- source: the newest version without errors, which is served.
CREATE TABLE activations (
  workflow TEXT NOT NULL PRIMARY KEY REFERENCES workflows (id) ON DELETE CASCADE,
  source INTEGER NOT NULL REFERENCES sources (id),
  since INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX activations_by_source ON activations (source);

-- Up to when the times of a schedule have been seen to, in seconds since the epoch.
CREATE TABLE schedule_marks (
  workflow TEXT NOT NULL REFERENCES activations (workflow) ON DELETE CASCADE,
  node TEXT NOT NULL,
  time INTEGER NOT NULL,
  PRIMARY KEY (workflow, node)
) STRICT, WITHOUT ROWID;

-- Requests that must not run twice (Idempotency-Key), known before their run begins. hash: of the request.
CREATE TABLE request_keys (
  workflow TEXT NOT NULL,
  key TEXT NOT NULL,
  hash TEXT NOT NULL,
  run TEXT NOT NULL,
  created INTEGER NOT NULL,
  PRIMARY KEY (workflow, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX request_keys_by_time ON request_keys (created);

-- The one process that serves; lease: see heddle-store-lease.c.
CREATE TABLE servers (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  lease INTEGER NOT NULL,
  process INTEGER NOT NULL,
  program TEXT NOT NULL,
  address TEXT NOT NULL
) STRICT;

-- Conversations with models, by session key: what was said in the runs of one node with one key.

-- name: of the workflow when it was last used.
CREATE TABLE conversations (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  workflow TEXT NOT NULL,
  name TEXT NOT NULL,
  node TEXT NOT NULL,
  session TEXT NOT NULL,
  started INTEGER NOT NULL,
  updated INTEGER NOT NULL,
  UNIQUE (workflow, node, session)
) STRICT;
CREATE INDEX conversations_by_update ON conversations (updated);

-- message is JSON. All messages of one run are written together.
CREATE TABLE conversation_messages (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  conversation INTEGER NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
  run TEXT NOT NULL,
  added INTEGER NOT NULL,
  message TEXT NOT NULL
) STRICT;
CREATE INDEX conversation_messages_by_conversation ON conversation_messages (conversation, id);

-- What runs cost.

-- Nano-USD; NULL: not known. cost_unknown: the run also used what has no known price.
ALTER TABLE runs ADD COLUMN cost INTEGER;
ALTER TABLE runs ADD COLUMN cost_unknown INTEGER NOT NULL DEFAULT 0;
ALTER TABLE spans ADD COLUMN cost INTEGER;

-- Where the vectors of a knowledge base are kept, when not here: a row of knowledge_vectors is empty then.
ALTER TABLE knowledge_bases ADD COLUMN server_url TEXT;
ALTER TABLE knowledge_bases ADD COLUMN server_credential TEXT;
ALTER TABLE knowledge_bases ADD COLUMN server_collection TEXT;

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

-- Variables that outlive a run: value is JSON; run is the id of the run that wrote it last, NULL for a person.
CREATE TABLE variables (
  name TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL,
  updated INTEGER NOT NULL,
  run TEXT
) STRICT;

-- What runs ask people, and answers on their way from another process.

-- Those that are open; question is JSON. A run that goes on asks anew.
CREATE TABLE questions (
  run INTEGER NOT NULL REFERENCES runs (key) ON DELETE CASCADE,
  id TEXT NOT NULL,
  asked INTEGER NOT NULL,
  question TEXT NOT NULL,
  PRIMARY KEY (run, id)
) STRICT, WITHOUT ROWID;

-- Until the process that has the run takes them; answer is JSON, NULL when the person declines.
CREATE TABLE answers (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  run INTEGER NOT NULL REFERENCES runs (key) ON DELETE CASCADE,
  question TEXT NOT NULL,
  answer TEXT
) STRICT;
CREATE INDEX answers_by_run ON answers (run, id);

-- Results that equal steps may use again; the least recently used go first.
CREATE TABLE result_cache (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,  -- SHA-256 of all that decides the result
  run TEXT NOT NULL,         -- id of the run that made it
  data TEXT NOT NULL,        -- JSON, as that of node.finished
  size INTEGER NOT NULL,     -- bytes of data
  created INTEGER NOT NULL,  -- µs since the epoch
  used INTEGER NOT NULL      -- same
) STRICT;
CREATE INDEX result_cache_used ON result_cache (used, size);

-- Nodes in containers, and runs that are gone on with, forked and kept within limits.

-- Where the node is: "map1#3/loop1#0", the containers and their items from 0; NULL: in no container.
ALTER TABLE events ADD COLUMN scope TEXT;

-- options: JSON, what it was started with and needs to go on. parent: id of the run that a fork began with.
-- bytes: about what its events and values take; n_questions, n_doubts: of an interrupted run, what a person has to say.
ALTER TABLE runs ADD COLUMN options TEXT;
ALTER TABLE runs ADD COLUMN parent TEXT;
ALTER TABLE runs ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0;
ALTER TABLE runs ADD COLUMN n_questions INTEGER NOT NULL DEFAULT 0;
ALTER TABLE runs ADD COLUMN n_doubts INTEGER NOT NULL DEFAULT 0;
UPDATE runs SET bytes =
  ifnull((SELECT sum(40 + ifnull(length(text), 0) + ifnull(length(data), 0)) FROM events WHERE run = runs.key), 0) +
  ifnull((SELECT sum(length(json)) FROM run_blobs JOIN blobs ON blobs.id = blob WHERE run = runs.key), 0);

-- scope: "" in no container.
CREATE TABLE new_spans (
  run INTEGER NOT NULL REFERENCES runs (key) ON DELETE CASCADE,
  scope TEXT NOT NULL,
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
  cost INTEGER,
  PRIMARY KEY (run, scope, node, span)
) STRICT, WITHOUT ROWID;
INSERT INTO new_spans
  SELECT run, '', node, span, parent, kind, name, state, attempt, start, end, input_tokens, output_tokens, cost FROM spans;
DROP TABLE spans;
ALTER TABLE new_spans RENAME TO spans;

INSERT INTO sources VALUES (1, x'01', '{"format":"heddle-workflow"}');
INSERT INTO workflows VALUES ('w1', 'Kept', 1, 0, 1700000000000000);
INSERT INTO versions VALUES (1, 'w1', 1, 1700000000000000);
INSERT INTO journal VALUES (1, 'w1', '[{"kind":"node"}]');
INSERT INTO runs VALUES (1, 'r1', 'w1', 'Kept', 1, 'ok', 1700000000000000, 1500, 12, 'done', 0, 'webhook', NULL, 0, '{}', NULL, 99, 0, 0);
INSERT INTO blobs VALUES (1, x'02', '"long"');
INSERT INTO run_blobs VALUES (1, 1);
INSERT INTO events VALUES (1, 1, 'run.started', 0, NULL, NULL, NULL, NULL, NULL, '{"workflow":"w1"}', NULL);
INSERT INTO events VALUES (1, 2, 'node.started', 5, 'a', 1, NULL, NULL, NULL, '{"title":"A"}', 'map1#0');
INSERT INTO spans VALUES (1, 'map1#0', 'a', 0, 0, 'node', 'A', 'ok', 1, 0, 1500, 5, 7, NULL);
INSERT INTO spans VALUES (1, 'map1#0', 'a', 3, 0, 'model', 'chat', 'ok', 0, 0, 1500, 5, 7, NULL);
INSERT INTO settings VALUES ('theme', '"dark"');
INSERT INTO activations VALUES ('w1', 1, 1700000000000000);
INSERT INTO schedule_marks VALUES ('w1', 's', 1700000000);
INSERT INTO request_keys VALUES ('w1', 'k', 'h', 'r1', 1700000000000000);
INSERT INTO conversations VALUES (1, 'w1', 'Kept', 'a', 'x', 1, 1);
INSERT INTO conversation_messages VALUES (1, 1, 'r1', 1, '{}');
INSERT INTO variables VALUES ('v', '1', 1, NULL);
INSERT INTO memory_graphs VALUES (1, 'Main', 1);
INSERT INTO knowledge_bases VALUES (1, 'Manuals', '', NULL, 0, 0, NULL, NULL, NULL);
INSERT INTO knowledge_documents VALUES (1, 1, 'a.txt', 'A', 'a.txt', 'text/plain', 'h', 3, 1, NULL);
INSERT INTO knowledge_chunks (id, base, document, title, heading, body, page, start, end) VALUES (1, 1, 1, 'A', '', 'abc', 0, 0, 3);
INSERT INTO questions VALUES (1, 'q', 1, '{}');
INSERT INTO answers VALUES (1, 1, 'q', NULL);
INSERT INTO result_cache VALUES (1, 'k', 'r1', '{}', 2, 1, 1);
