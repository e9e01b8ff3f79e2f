-- Facts that decisions rest on and that no event carries.

-- Assessments and audits that must be in order before anything goes.
CREATE TABLE consent_gate (
    name TEXT PRIMARY KEY,           -- identifier in the policy: `DPIA-2026-014`, `bias audit`
    at_ms INTEGER NOT NULL,          -- until when (DPIA) or since when (audit) it holds, Unix ms
    salt BLOB NOT NULL,              -- with the change hashes to what the entry says, 32 bytes
    entry INTEGER NOT NULL           -- index of the entry of its last change
) STRICT, WITHOUT ROWID;

-- Who is on which list.
CREATE TABLE consent_listing (
    list TEXT NOT NULL,              -- name in the policy
    subject BLOB NOT NULL,           -- pseudonym: keyed hash of one identifier, 16 bytes
    since_ms INTEGER NOT NULL,       -- from when, Unix milliseconds
    until_ms INTEGER,                -- until when, Unix milliseconds; NULL: without end
    salt BLOB NOT NULL,              -- with the change hashes to what the entry says, 32 bytes
    entry INTEGER NOT NULL,          -- index of the entry of the change that put them there
    PRIMARY KEY (list, subject)
) STRICT, WITHOUT ROWID;
