-- SPDX-License-Identifier: GPL-3.0-or-later
-- Undo beyond saves, versions with names, and who edits.

-- Steps that can be undone, and after them those that can be redone, as of the last save: the journal has what came after. By position they
-- follow each other without a gap. entry is JSON, see heddle-document.h.
CREATE TABLE history (
  workflow TEXT NOT NULL REFERENCES workflows (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  undone INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  entry TEXT NOT NULL,
  UNIQUE (workflow, position)
) STRICT;

-- name: given by a person, or NULL. label: of the last step before it was saved, or NULL. bytes: of its text.
ALTER TABLE versions ADD COLUMN name TEXT;
ALTER TABLE versions ADD COLUMN label TEXT;
ALTER TABLE versions ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0;
UPDATE versions SET bytes = (SELECT length (CAST (json AS BLOB)) FROM sources WHERE sources.id = source);

-- Which process has a workflow open for editing; lease: see heddle-store-lease.c.
CREATE TABLE editors (
  workflow TEXT NOT NULL PRIMARY KEY,
  lease INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
