-- A store as version 2 of the schema left it: everything in the clear. One hire delivered, one waiting, one unread,
-- one purged, which also told of a posting. Written from the tables that version made; the rows are synthetic.
CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE tally (id INTEGER PRIMARY KEY CHECK (id = 1), received INTEGER NOT NULL);
CREATE TABLE probe (id INTEGER PRIMARY KEY CHECK (id = 1), at_us INTEGER NOT NULL);
CREATE TABLE inbox (id INTEGER PRIMARY KEY, connection TEXT NOT NULL, event_type TEXT NOT NULL, received_us INTEGER
    NOT NULL, replay_of INTEGER NOT NULL DEFAULT 0, state INTEGER NOT NULL DEFAULT 0, due_us INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0, reason TEXT NOT NULL DEFAULT '', route TEXT NOT NULL DEFAULT '', run INTEGER
    NOT NULL DEFAULT 0);
CREATE INDEX inbox_pending ON inbox (connection, due_us, id) WHERE state = 0;
CREATE INDEX inbox_ended ON inbox (state) WHERE state >= 2;
CREATE TABLE payload (inbox_id INTEGER PRIMARY KEY, request TEXT, body BLOB, event TEXT);
CREATE TABLE dedupe (inbox_id INTEGER PRIMARY KEY, hash BLOB NOT NULL, received_us INTEGER NOT NULL);
CREATE TABLE event (inbox_id INTEGER NOT NULL, ordinal INTEGER NOT NULL, event_id TEXT NOT NULL, type TEXT NOT NULL,
    subject TEXT NOT NULL, title TEXT NOT NULL, occurred_ms INTEGER NOT NULL, schema TEXT NOT NULL, key TEXT NOT NULL,
    record TEXT);
CREATE UNIQUE INDEX event_of_item ON event (inbox_id, ordinal);
CREATE TABLE delivery (id INTEGER PRIMARY KEY, inbox_id INTEGER NOT NULL, event_ordinal INTEGER NOT NULL, kind INTEGER
    NOT NULL, state INTEGER NOT NULL, ready INTEGER NOT NULL DEFAULT 0, route TEXT NOT NULL, connection TEXT NOT NULL,
    action TEXT NOT NULL, subject TEXT NOT NULL, target_key TEXT NOT NULL, idempotency_key TEXT NOT NULL, about
    INTEGER NOT NULL, created_us INTEGER NOT NULL, due_us INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
    look_up INTEGER NOT NULL DEFAULT 0, look_ups INTEGER NOT NULL DEFAULT 0, effects INTEGER NOT NULL DEFAULT 0,
    reason TEXT NOT NULL DEFAULT '', remote_key TEXT NOT NULL DEFAULT '', remote_url TEXT NOT NULL DEFAULT '', effect
    INTEGER NOT NULL DEFAULT 0);
CREATE UNIQUE INDEX delivery_key ON delivery (idempotency_key);
CREATE INDEX delivery_lane ON delivery (connection, subject, state DESC, id) WHERE state < 10;
CREATE INDEX delivery_ready ON delivery (connection, route, due_us, id) WHERE ready = 1;
CREATE INDEX delivery_busy ON delivery (connection, target_key) WHERE state IN (1, 2);
CREATE INDEX delivery_of_item ON delivery (inbox_id);
CREATE INDEX delivery_count ON delivery (kind, state, inbox_id);
CREATE TABLE delivery_data (delivery_id INTEGER PRIMARY KEY, schema TEXT NOT NULL, record TEXT, sources TEXT NOT NULL,
    warnings TEXT NOT NULL, fields TEXT NOT NULL);
CREATE TABLE effect (delivery_id INTEGER NOT NULL, sequence INTEGER NOT NULL, number INTEGER NOT NULL, look_up INTEGER
    NOT NULL, started_us INTEGER NOT NULL, ended_us INTEGER, outcome INTEGER NOT NULL DEFAULT 0, reason TEXT NOT NULL
    DEFAULT '', remote_request TEXT NOT NULL DEFAULT '', PRIMARY KEY (delivery_id, sequence)) WITHOUT ROWID;
CREATE TABLE kv (connection TEXT NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL, version INTEGER NOT NULL, PRIMARY
    KEY (connection, key)) WITHOUT ROWID;
CREATE TABLE connection_state (connection TEXT PRIMARY KEY, paused INTEGER NOT NULL DEFAULT 0, reason TEXT NOT NULL
    DEFAULT '', since_us INTEGER, verified_us INTEGER, last_event_us INTEGER, access INTEGER NOT NULL DEFAULT 0)
    WITHOUT ROWID;
CREATE TABLE route_state (route TEXT PRIMARY KEY, mode INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX inbox_run ON inbox (run) WHERE run > 0;
CREATE TABLE run (id INTEGER PRIMARY KEY, route TEXT NOT NULL, cause INTEGER NOT NULL, whole INTEGER NOT NULL DEFAULT
    0, state INTEGER NOT NULL, queued_us INTEGER NOT NULL, started_us INTEGER, beat_us INTEGER, ended_us INTEGER,
    turns INTEGER NOT NULL DEFAULT 0, events INTEGER NOT NULL DEFAULT 0, reason TEXT NOT NULL DEFAULT '');
CREATE INDEX run_of_route ON run (route, id);
CREATE UNIQUE INDEX run_open ON run (route) WHERE state < 2;
CREATE TABLE poll_cursor (route TEXT PRIMARY KEY, selection TEXT NOT NULL, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE sealed (connection TEXT NOT NULL, name TEXT NOT NULL, value BLOB NOT NULL, changed_us INTEGER NOT NULL,
    PRIMARY KEY (connection, name)) WITHOUT ROWID;
CREATE TABLE link (system TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, other_system TEXT NOT NULL, other_kind
    TEXT NOT NULL, other_id TEXT NOT NULL, made_us INTEGER NOT NULL, PRIMARY KEY (system, kind, id, other_system,
    other_kind, other_id)) WITHOUT ROWID;
CREATE INDEX link_back ON link (other_system, other_kind, other_id);
INSERT INTO meta VALUES ('dedupe_secret', x'000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f');
INSERT INTO tally VALUES (1, 4);
INSERT INTO inbox (id, connection, event_type, received_us, state, due_us) VALUES (1, 'lever', 'candidate.hired', 1000, 1, 1000),
    (2, 'lever', 'candidate.hired', 2000, 1, 2000), (3, 'lever', 'candidate.hired', 3000, 0, 3000),
    (4, 'lever', 'candidate.hired', 4000, 1, 4000);
INSERT INTO payload VALUES (1, '["POST","/hooks/lever",[["content-type","application/json"]]]', 'body of Canarylast', NULL), (2, NULL, NULL,
    '{"id":"e2","type":"candidate.hired","subject":"opp-1","title":"Ada Canarylast","occurred_ms":5,"schema":"lever.opportunity/1","key":"k","record":"{}"}'),
    (3, '["POST","/hooks/lever",[["content-type","application/json"]]]', 'unread Canarylast', NULL);
INSERT INTO event VALUES (1, 0, 'e1', 'candidate.hired', 'opp-1', 'Ada Canarylast', 5, 'crosswalk.hire/1', 'k',
    '{"kind":"hire","ref":{"system":"lever","kind":"opportunity","id":"opp-1"},"personal_email":"ada.canary@example.com","last_name":"Canarylast"}'),
    (2, 0, 'e2', 'candidate.hired', 'opp-1', 'Ada Canarylast', 5, 'crosswalk.hire/1', 'k',
    '{"kind":"hire","ref":{"system":"lever","kind":"opportunity","id":"opp-1"},"personal_email":"ada.canary@example.com","last_name":"Canarylast"}'),
    (4, 0, 'e4', 'candidate.hired', 'opp-4', 'Bob Example', 5, 'crosswalk.hire/1', 'k', NULL),
    (4, 1, 'e5', 'posting.changed', 'post-1', 'Baker', 5, 'crosswalk.posting/1', 'k', '{"kind":"posting","title":"Baker"}');
INSERT INTO delivery (id, inbox_id, event_ordinal, kind, state, ready, route, connection, action, subject, target_key,
    idempotency_key, about, created_us, due_us) VALUES
    (1, 1, 0, 0, 10, 0, 'hires', 'goco', 'create_employee', 'opp-1', 't1', 'key 1', 0, 1000, 1000),
    (2, 2, 0, 0, 0, 1, 'hires', 'goco', 'create_employee', 'opp-1', 't2', 'key 2', 0, 2000, 2000),
    (3, 4, 0, 0, 10, 0, 'hires', 'goco', 'create_employee', 'opp-4', '', 'key 3', 0, 4000, 4000);
INSERT INTO delivery_data VALUES (1, 'goco.employee/1', '{"last":"Canarylast"}', '[["last","/last_name"]]', '[]', '[]'),
    (2, 'goco.employee/1', '{"last":"Canarylast"}', '[["last","/last_name"]]', '[["x","left out"]]', '[]'),
    (3, 'goco.employee/1', NULL, '[]', '[]', '[]');
PRAGMA user_version = 2;
