-- SPDX-License-Identifier: GPL-3.0-or-later
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
