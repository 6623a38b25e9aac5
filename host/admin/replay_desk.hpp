// Where dead letters are tried again, rehearsed and edited: what the admin room asks of the house.
//
// Shape    one letter at a time; who replays many asks for each, oldest first. A rehearsal (`dry_run`) says what would
//          be sent and stores nothing.
// Errors   a letter that may not be replayed is an answer, `refused`, with the reason in words. An Error is about the
//          store: the rest of a page would meet it as well.
// Threads  safe from any thread. Privacy  answers hold records: for holders of the token, never logged.
#pragma once

#include "model/error.hpp"
#include "model/record.hpp"
#include "store/dead_letters.hpp"
#include "store/outbox.hpp"

#include <boost/json/value.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace crosswalk::admin {

// What is run again: what was received, or the stored event and record.
enum class ReplayFrom : std::uint8_t {
    usual,  // mapped for a delivery, raw for an item
    raw,
    mapped,
};
// With which rules.
enum class ReplayMapping : std::uint8_t {
    usual,       // as stored; present where nothing was ever made for the target
    as_stored,   // "old": the record that was sent
    as_present,  // "new": the event, with the rules that the host runs with now
};
struct ReplayOrder {
    ReplayFrom from = ReplayFrom::usual;
    ReplayMapping mapping = ReplayMapping::usual;
    bool dry_run = false;
    bool force = false;
};

enum class ReplayResult : std::uint8_t {
    done,     // replayed or edited
    would,    // rehearsed, and it would be
    already,  // on its way since an earlier call
    refused,
};

// One place where the record differs from the stored one; the values as JSON, empty where there is none.
struct FieldChange {
    std::string field;  // JSON Pointer
    std::string before;
    std::string after;
};
// One record as it would be sent, or as far as it came.
struct Preview {
    std::string route;
    std::string connection;
    std::string action;
    std::string event_title;
    bool sends = false;          // false: `why` says what keeps it
    bool look_up_first = false;  // its last attempt may have been applied
    std::string why;
    model::Record record;
    std::vector<store::FieldSource> sources;
    std::vector<model::FieldProblem> warnings;
    std::vector<model::FieldProblem> fields;  // missing or wrong
    std::vector<FieldChange> changes;         // against the stored record; at most 200
};
struct Replayed {
    store::LetterId letter;
    ReplayResult result = ReplayResult::refused;
    std::string reason;  // already, refused: why
    ReplayFrom from = ReplayFrom::usual;
    ReplayMapping mapping = ReplayMapping::usual;
    store::InboxId event = 0;       // raw: the event it runs as
    std::vector<Preview> previews;  // of a rehearsal, an edit, and of a refusal by the mapping
};

// A field that a person sets, or takes away when it has no value.
struct Edit {
    std::string field;  // JSON Pointer into the canonical record
    std::optional<boost::json::value> value;
};

class ReplayDesk {
public:
    virtual ~ReplayDesk() = default;
    [[nodiscard]] virtual model::Result<Replayed> replay(store::LetterId id, ReplayOrder const& order) = 0;
    // Adds the edits to those it has, maps its event anew with the present rules and all of them, and keeps the record
    // under a new idempotency key. It stays dead until it is replayed.
    [[nodiscard]] virtual model::Result<Replayed> edit(store::DeliveryId id, std::vector<Edit> const& edits,
                                                       bool dry_run) = 0;
};

}  // namespace crosswalk::admin
