-- SPDX-License-Identifier: GPL-3.0-or-later
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
