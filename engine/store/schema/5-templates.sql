-- SPDX-License-Identifier: GPL-3.0-or-later
-- Nodes that a person saved to use again.

-- json: a part of a workflow, as it is copied. type: of its first node, or NULL when there is none. Times in µs since the epoch.
CREATE TABLE templates (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  description TEXT NOT NULL,
  json TEXT NOT NULL,
  type TEXT,
  created INTEGER NOT NULL,
  modified INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
