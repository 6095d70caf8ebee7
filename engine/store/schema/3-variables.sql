-- SPDX-License-Identifier: GPL-3.0-or-later
-- Variables that outlive a run: value is JSON; run is the id of the run that wrote it last, NULL for a person.
CREATE TABLE variables (
  name TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL,
  updated INTEGER NOT NULL,
  run TEXT
) STRICT;
