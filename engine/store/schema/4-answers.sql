-- SPDX-License-Identifier: GPL-3.0-or-later
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
