// Records and events as they travel between the rooms.
//
// Source   CloudEvents 1.0 for id, source, type, subject and time. `source` is the connection.
#pragma once

#include <cstdint>
#include <string>

namespace crosswalk::model {

// One JSON object with a schema. `json` is kept as text: rooms that only carry it never parse it.
struct Record {
    std::string schema;  // "crosswalk.hire/1"
    std::string key;     // identity in the system that owns the schema; may be empty
    std::string json;
};

struct Event {
    std::string id;       // the same on every redelivery
    std::string type;     // "candidate.hired"
    std::string subject;  // order is kept per (connection, subject)
    std::string title;    // the subject in words; personal data, never logged
    std::int64_t occurred_unix_ms = 0;
    Record record;
};

}  // namespace crosswalk::model
