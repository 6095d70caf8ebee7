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
