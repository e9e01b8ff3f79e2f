-- The append-only record: entries, what may be erased beside them, and signed checkpoints.

-- Whose ledger this is. One row.
CREATE TABLE ledger_meta (
    one INTEGER PRIMARY KEY CHECK (one = 1), -- keeps it at one row
    vkey TEXT NOT NULL                       -- the key it was made with; its name is the origin
) STRICT;

-- The entries. One row a group commit; no row is ever changed or removed.
CREATE TABLE batch (
    first_index INTEGER PRIMARY KEY, -- place of the first entry; rows follow without a gap
    n INTEGER NOT NULL CHECK (n > 0), -- how many entries
    second INTEGER NOT NULL,         -- Unix second in each of them; never before the last row's
    root BLOB NOT NULL,              -- root of the tree up to and with this row, 32 bytes
    entries BLOB NOT NULL            -- big-endian 16-bit length and bytes of each (tlog-tiles)
) STRICT;

CREATE TRIGGER batch_is_never_changed BEFORE UPDATE ON batch
BEGIN
    SELECT RAISE(ABORT, 'the ledger is append-only');
END;

CREATE TRIGGER batch_is_never_removed BEFORE DELETE ON batch
BEGIN
    SELECT RAISE(ABORT, 'the ledger is append-only');
END;

-- The keys that seal sidecars. Destroying a row is what erases a person's sidecars.
CREATE TABLE owner_key (
    key_id INTEGER PRIMARY KEY AUTOINCREMENT, -- never given twice, so that a hole stays a hole
    owner BLOB UNIQUE,               -- pseudonym of the person, 16 bytes; NULL: the house's key
    reference BLOB NOT NULL,         -- random name of the person inside sidecars, 16 bytes
    key BLOB NOT NULL                -- AES-256 key, random, 32 bytes
) STRICT;

-- What may be known beside an entry until it is erased. No foreign key: a key may go first.
CREATE TABLE sidecar (
    entry_index INTEGER PRIMARY KEY, -- the entry whose commitment it opens
    key_id INTEGER NOT NULL,         -- which key seals it
    sealed BLOB NOT NULL             -- nonce (12 bytes), then salt and payload under AES-256-GCM
) STRICT;

-- Which entries are a person's. A follower outside the tree: it may be deleted at any time and
-- made anew from `sidecar`; it is written with the entries only because that is simple for now.
CREATE TABLE owner_entry (
    key_id INTEGER NOT NULL,         -- the person, by the key
    entry_index INTEGER NOT NULL,    -- the entry
    PRIMARY KEY (key_id, entry_index)
) STRICT, WITHOUT ROWID;

-- What the ledger has committed itself to. No row is ever changed or removed.
CREATE TABLE checkpoint (
    size INTEGER PRIMARY KEY,        -- how many entries it covers
    at INTEGER NOT NULL,             -- when it was signed, Unix milliseconds
    note TEXT NOT NULL               -- the signed note (c2sp.org/tlog-checkpoint)
) STRICT;

CREATE TRIGGER checkpoint_is_never_changed BEFORE UPDATE ON checkpoint
BEGIN
    SELECT RAISE(ABORT, 'a checkpoint is never taken back');
END;

CREATE TRIGGER checkpoint_is_never_removed BEFORE DELETE ON checkpoint
BEGIN
    SELECT RAISE(ABORT, 'a checkpoint is never taken back');
END;
