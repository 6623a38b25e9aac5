#include "store/schema.hpp"

#include "store/state_rows.hpp"
#include "store/version_2.hpp"

#include <array>

namespace crosswalk::store {
namespace {

// An accept appends to `inbox`, `payload`, `dedupe` and its connection's end of `inbox_pending`, and nothing else: all
// are ordered by arrival. What changes later sits in small rows, so payloads are written once.
//
// delivery.state below 10 is open, 10 and above is final (DeliveryState). delivery.ready is 1 for the one open
// delivery of a lane that may go out next, so that a long lane or a paused one costs a lease nothing.
constexpr char version_1[] = R"sql(
CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE tally (id INTEGER PRIMARY KEY CHECK (id = 1), received INTEGER NOT NULL);
INSERT INTO tally VALUES (1, 0);
CREATE TABLE probe (id INTEGER PRIMARY KEY CHECK (id = 1), at_us INTEGER NOT NULL);

CREATE TABLE inbox (
    id INTEGER PRIMARY KEY,
    connection TEXT NOT NULL,
    event_type TEXT NOT NULL,
    received_us INTEGER NOT NULL,
    replay_of INTEGER NOT NULL DEFAULT 0,
    state INTEGER NOT NULL DEFAULT 0,       -- 0 pending, 1 dispatched, 2 filtered, 3 dead
    due_us INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    reason TEXT NOT NULL DEFAULT ''
);
CREATE INDEX inbox_pending ON inbox (connection, due_us, id) WHERE state = 0;
CREATE INDEX inbox_ended ON inbox (state) WHERE state >= 2;
CREATE TABLE payload (
    inbox_id INTEGER PRIMARY KEY,
    request TEXT,                           -- webhook: JSON [method, target, [[name, value], ...]]
    body BLOB,
    event TEXT                              -- polled: the event as JSON
);
CREATE TABLE dedupe (
    inbox_id INTEGER PRIMARY KEY,
    hash BLOB NOT NULL,
    received_us INTEGER NOT NULL
);
CREATE TABLE event (
    inbox_id INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    event_id TEXT NOT NULL,
    type TEXT NOT NULL,
    subject TEXT NOT NULL,
    title TEXT NOT NULL,
    occurred_ms INTEGER NOT NULL,
    schema TEXT NOT NULL,
    key TEXT NOT NULL,
    record TEXT                             -- NULL: purged
);
CREATE UNIQUE INDEX event_of_item ON event (inbox_id, ordinal);

CREATE TABLE delivery (
    id INTEGER PRIMARY KEY,
    inbox_id INTEGER NOT NULL,
    event_ordinal INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    state INTEGER NOT NULL,
    ready INTEGER NOT NULL DEFAULT 0,
    route TEXT NOT NULL,
    connection TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    target_key TEXT NOT NULL,
    idempotency_key TEXT NOT NULL,
    about INTEGER NOT NULL,
    created_us INTEGER NOT NULL,
    due_us INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,    -- pushes that went out since it was made or retried by hand
    look_up INTEGER NOT NULL DEFAULT 0,     -- in flight to be looked up, not pushed
    look_ups INTEGER NOT NULL DEFAULT 0,    -- look-ups that ended since the last push
    effects INTEGER NOT NULL DEFAULT 0,     -- highest effect.sequence
    reason TEXT NOT NULL DEFAULT '',
    remote_key TEXT NOT NULL DEFAULT '',
    remote_url TEXT NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX delivery_key ON delivery (idempotency_key);
CREATE INDEX delivery_lane ON delivery (connection, subject, state DESC, id) WHERE state < 10;
CREATE INDEX delivery_ready ON delivery (connection, route, due_us, id) WHERE ready = 1;
CREATE INDEX delivery_busy ON delivery (connection, target_key) WHERE state IN (1, 2);
CREATE INDEX delivery_of_item ON delivery (inbox_id);
CREATE INDEX delivery_count ON delivery (kind, state, inbox_id);
CREATE TABLE delivery_data (
    delivery_id INTEGER PRIMARY KEY,
    schema TEXT NOT NULL,
    record TEXT,                            -- NULL: purged
    sources TEXT NOT NULL,
    warnings TEXT NOT NULL,
    fields TEXT NOT NULL
);
CREATE TABLE effect (
    delivery_id INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    number INTEGER NOT NULL,
    look_up INTEGER NOT NULL,
    started_us INTEGER NOT NULL,
    ended_us INTEGER,
    outcome INTEGER NOT NULL DEFAULT 0,
    reason TEXT NOT NULL DEFAULT '',
    remote_request TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (delivery_id, sequence)
) WITHOUT ROWID;

CREATE TABLE cursor (connection TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE kv (
    connection TEXT NOT NULL,
    key TEXT NOT NULL,
    value BLOB NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (connection, key)
) WITHOUT ROWID;
CREATE TABLE connection_state (
    connection TEXT PRIMARY KEY,
    paused INTEGER NOT NULL DEFAULT 0,
    reason TEXT NOT NULL DEFAULT '',
    since_us INTEGER,
    verified_us INTEGER,
    last_event_us INTEGER
) WITHOUT ROWID;
CREATE TABLE route_state (route TEXT PRIMARY KEY, mode INTEGER NOT NULL) WITHOUT ROWID;
)sql";

// What routes that ask for their events need: runs and cursors; and what the host keeps for connectors: secrets it was
// handed, links between records, files.
constexpr char version_2[] = R"sql(
ALTER TABLE inbox ADD COLUMN route TEXT NOT NULL DEFAULT '';   -- polled for this route alone; '': for all
ALTER TABLE inbox ADD COLUMN run INTEGER NOT NULL DEFAULT 0;   -- run.id
CREATE INDEX inbox_run ON inbox (run) WHERE run > 0;
ALTER TABLE delivery ADD COLUMN effect INTEGER NOT NULL DEFAULT 0;   -- 0 not said, 1 created, 2 updated

CREATE TABLE run (
    id INTEGER PRIMARY KEY,
    route TEXT NOT NULL,
    cause INTEGER NOT NULL,                 -- 0 first, 1 schedule, 2 a person, 3 a signal
    whole INTEGER NOT NULL DEFAULT 0,       -- every record, changed or not
    state INTEGER NOT NULL,                 -- 0 queued, 1 running, 2 done, 3 failed
    queued_us INTEGER NOT NULL,
    started_us INTEGER,
    beat_us INTEGER,
    ended_us INTEGER,
    turns INTEGER NOT NULL DEFAULT 0,
    events INTEGER NOT NULL DEFAULT 0,
    reason TEXT NOT NULL DEFAULT ''
);
CREATE INDEX run_of_route ON run (route, id);
CREATE UNIQUE INDEX run_open ON run (route) WHERE state < 2;
DROP TABLE cursor;
CREATE TABLE poll_cursor (
    route TEXT PRIMARY KEY,
    selection TEXT NOT NULL,                -- connection, event and selection; another one starts anew
    value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE sealed (
    connection TEXT NOT NULL,
    name TEXT NOT NULL,                     -- "oauth", or "secret:" and a JSON Pointer into the settings
    value BLOB NOT NULL,                    -- encrypted
    changed_us INTEGER NOT NULL,
    PRIMARY KEY (connection, name)
) WITHOUT ROWID;
CREATE TABLE link (
    system TEXT NOT NULL,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    other_system TEXT NOT NULL,
    other_kind TEXT NOT NULL,
    other_id TEXT NOT NULL,
    made_us INTEGER NOT NULL,
    PRIMARY KEY (system, kind, id, other_system, other_kind, other_id)
) WITHOUT ROWID;
CREATE INDEX link_back ON link (other_system, other_kind, other_id);
ALTER TABLE connection_state ADD COLUMN access INTEGER NOT NULL DEFAULT 0;   -- 0 as configured, 1 setting up, 2 removed
)sql";

// Everything personal is encrypted (key_ring.hpp). `sealed`, `story` and `record` are ciphertext; what must be found by
// equality stands as a keyed hash: delivery.subject, target_key and idempotency_key, handle.hash.
constexpr char version_3[] = R"sql(
CREATE TABLE key (
    id INTEGER PRIMARY KEY AUTOINCREMENT,   -- never used twice, also after its row is gone
    kind INTEGER NOT NULL,                  -- KeyKind
    wrapped BLOB NOT NULL                   -- by the host key
);
CREATE INDEX key_arrival ON key (id) WHERE kind = 0;
CREATE TABLE handle (
    hash TEXT NOT NULL,                     -- of an e-mail address or a reference
    key INTEGER NOT NULL,
    PRIMARY KEY (hash, key)
) WITHOUT ROWID;
CREATE INDEX handle_of_key ON handle (key);

ALTER TABLE inbox ADD COLUMN key INTEGER NOT NULL DEFAULT 0;   -- wraps
ALTER TABLE inbox ADD COLUMN wrapped BLOB;                     -- the key of its payload
ALTER TABLE payload RENAME TO payload_2;
CREATE TABLE payload (
    inbox_id INTEGER PRIMARY KEY,
    sealed BLOB NOT NULL
);
ALTER TABLE event RENAME TO event_2;
DROP INDEX event_of_item;
CREATE INDEX event_2_of_item ON event_2 (inbox_id);
CREATE TABLE event (
    inbox_id INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    type TEXT NOT NULL,
    schema TEXT NOT NULL,
    occurred_ms INTEGER NOT NULL,
    key INTEGER NOT NULL,
    story BLOB NOT NULL,                    -- id, subject, title and the record's key
    record BLOB                             -- NULL: purged
);
CREATE UNIQUE INDEX event_of_item ON event (inbox_id, ordinal);
CREATE INDEX event_of_key ON event (key);
ALTER TABLE delivery_data RENAME TO delivery_data_2;
CREATE TABLE delivery_data (
    delivery_id INTEGER PRIMARY KEY,
    schema TEXT NOT NULL,
    key INTEGER NOT NULL,
    story BLOB NOT NULL,                    -- subject, target key, idempotency key, sources, warnings, fields
    record BLOB                             -- NULL: purged
);
)sql";
constexpr char version_3_end[] = R"sql(
INSERT INTO meta SELECT 'clear_text', 1 FROM inbox LIMIT 1;
DROP TABLE payload_2;
DROP TABLE event_2;
DROP TABLE delivery_data_2;
)sql";

// Dead letters: why each died as a code, what became of the discarded ones, and what a person changed in a record.
// An item's due_us is when it died once it is dead. inbox.state: 4 discarded.
constexpr char version_4[] = R"sql(
ALTER TABLE delivery ADD COLUMN cause TEXT NOT NULL DEFAULT '';          -- cause.hpp; '': it is not and was not dead
ALTER TABLE delivery ADD COLUMN died_of TEXT NOT NULL DEFAULT '';        -- discarded: the reason before
ALTER TABLE delivery ADD COLUMN replayed_as INTEGER NOT NULL DEFAULT 0;  -- inbox.id that runs it again
ALTER TABLE delivery_data ADD COLUMN edits BLOB;                         -- sealed JSON; NULL: nobody changed the record
ALTER TABLE inbox ADD COLUMN cause TEXT NOT NULL DEFAULT '';
ALTER TABLE inbox ADD COLUMN died_of TEXT NOT NULL DEFAULT '';
ALTER TABLE inbox ADD COLUMN replayed_as INTEGER NOT NULL DEFAULT 0;
UPDATE delivery SET cause = 'earlier' WHERE state = 14;   -- died before causes were kept
UPDATE inbox SET cause = 'earlier' WHERE state = 3;
CREATE INDEX delivery_dead ON delivery (id) WHERE state = 14;
)sql";

// Turns between what vendors send and what is asked for. What is polled or listed by a sweep has its subject beside it,
// so that an item that overtakes it can tell whether it may.
constexpr char version_5[] = R"sql(
ALTER TABLE inbox ADD COLUMN origin INTEGER                    -- 0 webhook, 1 poll, 2 sweep
    GENERATED ALWAYS AS ((run > 0) + 2 * (run < 0)) VIRTUAL;
ALTER TABLE inbox ADD COLUMN subject TEXT NOT NULL DEFAULT ''; -- hash; '': nobody has read it yet
DROP INDEX inbox_pending;
CREATE INDEX inbox_pending ON inbox (connection, origin, due_us, id) WHERE state = 0;
CREATE INDEX inbox_subject ON inbox (connection, subject, id) WHERE state = 0 AND subject <> '';
)sql";

// An accept or a dispatch puts no random hash into a tree by itself (hash_index.hpp). One index of deliveries by item
// serves where two did.
constexpr char version_7[] = R"sql(
CREATE TABLE handle_recent (id INTEGER PRIMARY KEY, hash TEXT NOT NULL, key INTEGER NOT NULL);
DROP INDEX delivery_key;
CREATE TABLE delivery_key (
    hash TEXT NOT NULL,                     -- delivery.idempotency_key
    delivery_id INTEGER NOT NULL,
    PRIMARY KEY (hash, delivery_id)
) WITHOUT ROWID;
INSERT INTO delivery_key SELECT idempotency_key, id FROM delivery ORDER BY idempotency_key;
CREATE TABLE delivery_key_recent (id INTEGER PRIMARY KEY, hash TEXT NOT NULL, delivery_id INTEGER NOT NULL);
DROP INDEX delivery_of_item;
DROP INDEX delivery_count;
CREATE INDEX delivery_of_item ON delivery (inbox_id, kind, state);
)sql";

struct Migration {
    char const* text;
    char const* mark;
    // What SQL alone cannot do, between `text` and `end`.
    model::Result<void> (*rows)(Sqlite&, KeyRing&) = nullptr;
    char const* end = "";
};
constexpr std::array migrations{Migration{version_1, "PRAGMA user_version = 1"},
                                Migration{version_2, "PRAGMA user_version = 2"},
                                Migration{version_3, "PRAGMA user_version = 3", encrypt_version_2, version_3_end},
                                Migration{version_4, "PRAGMA user_version = 4"},
                                Migration{version_5, "PRAGMA user_version = 5"},
                                Migration{"", "PRAGMA user_version = 6", encrypt_version_5},
                                Migration{version_7, "PRAGMA user_version = 7"}};
constexpr int first_encrypted_version = 3;

model::Result<void> apply(Sqlite& sqlite, KeyRing& ring, Migration const& migration) {
    auto done = sqlite.script("BEGIN IMMEDIATE");
    if (done) {
        done = sqlite.script(migration.text);
    }
    if (done && migration.rows != nullptr) {
        done = migration.rows(sqlite, ring);
    }
    for (char const* const step : {migration.end, migration.mark, "COMMIT"}) {
        if (done) {
            done = sqlite.script(step);
        }
    }
    if (!done && sqlite.in_transaction()) {
        // The migration's own error is the one worth reporting.
        (void)sqlite.script("ROLLBACK");
    }
    return done;
}

// What was deleted while the store was in the clear must not stay behind in free pages or in the log. A host that is
// stopped here comes back to it.
model::Result<void> forget_clear_text(Sqlite& sqlite) {
    bool left = false;
    auto done = sqlite.each("SELECT 1 FROM meta WHERE name = 'clear_text'", [&](Row const&) { left = true; });
    for (char const* const step :
         {"VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)", "DELETE FROM meta WHERE name = 'clear_text'"}) {
        if (done && left) {
            done = sqlite.script(step);
        }
    }
    return done;
}

}  // namespace

int schema_version() noexcept {
    return static_cast<int>(migrations.size());
}

model::Result<void> migrate(Sqlite& sqlite, KeyRing& ring) {
    int version = 0;
    int tables = 0;
    auto const asked = sqlite.each("SELECT (SELECT user_version FROM pragma_user_version), count(*) FROM sqlite_schema",
                                   [&](Row const& row) {
                                       version = row.number(0);
                                       tables = row.number(1);
                                   });
    if (!asked) {
        return asked;
    }
    if (version > schema_version()) {
        return model::Error{model::ErrorCode::failed_precondition,
                            "The store was written by a newer Crosswalk (schema " + std::to_string(version) +
                                ", this one knows " + std::to_string(schema_version()) +
                                "). Start the newer version, or restore a backup."};
    }
    if (version < 0 || (version == 0 && tables > 0)) {
        return model::Error{model::ErrorCode::failed_precondition,
                            "The file is an SQLite database, but not a Crosswalk store. Give store.path another name."};
    }
    if (version >= first_encrypted_version) {
        if (auto const ours = ring.check(sqlite); !ours) {
            return ours;
        }
    }
    for (auto at = static_cast<std::size_t>(version); at < migrations.size(); ++at) {
        auto const applied = apply(sqlite, ring, migrations[at]);
        if (!applied) {
            return applied;
        }
    }
    return forget_clear_text(sqlite);
}

}  // namespace crosswalk::store
