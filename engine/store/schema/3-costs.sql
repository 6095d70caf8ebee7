-- SPDX-License-Identifier: GPL-3.0-or-later
-- What runs cost.

-- Nano-USD; NULL: not known. cost_unknown: the run also used what has no known price.
ALTER TABLE runs ADD COLUMN cost INTEGER;
ALTER TABLE runs ADD COLUMN cost_unknown INTEGER NOT NULL DEFAULT 0;
ALTER TABLE spans ADD COLUMN cost INTEGER;
