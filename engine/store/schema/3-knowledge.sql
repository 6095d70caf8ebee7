-- SPDX-License-Identifier: GPL-3.0-or-later
-- Where the vectors of a knowledge base are kept, when not here: a row of knowledge_vectors is empty then.
ALTER TABLE knowledge_bases ADD COLUMN server_url TEXT;
ALTER TABLE knowledge_bases ADD COLUMN server_credential TEXT;
ALTER TABLE knowledge_bases ADD COLUMN server_collection TEXT;
