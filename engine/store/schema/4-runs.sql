-- SPDX-License-Identifier: GPL-3.0-or-later
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
