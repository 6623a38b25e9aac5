// What the played Greenhouse holds: people, applications, offers, the organisation, credentials, tokens, settings.
//
// Shape    a record is kept as v3 prints it, since v3 embeds nothing; `beside` holds what only v1 and the webhooks
// tell.
//          v1 and the webhooks are composed from these on the way out.
// Units    times inside records are ISO 8601 text, all others milliseconds since 1970 UTC.
// Threads  everything here is guarded by `mutex`, which the caller of a function that takes a State& holds.
#pragma once

#include "sandbox/exchange.hpp"
#include "sandbox/greenhouse/rate_window.hpp"
#include "sandbox/ids.hpp"

#include <boost/json.hpp>

#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace crosswalk::sandbox::greenhouse {

struct Record {
    boost::json::object v3;
    boost::json::object beside = {};
};
using Records = std::map<std::int64_t, Record>;  // by id

// A v1 key (no secret) or a v3 client.
struct Credential {
    bool client = false;
    std::string secret = {};
    // "GET /candidates/:id" for a key, "harvest:candidates:list" for a client; nothing means all of them.
    std::optional<std::set<std::string>> permissions = {};
    RateWindow window = {};
};

struct Token {
    std::string credential;
    std::int64_t expires_at_ms = 0;
    std::int64_t user = 0;  // the acting user
};

// What a v3 cursor stands for.
struct Cursor {
    std::string resource;
    std::vector<Pair> query;
    std::int64_t below = 0;  // the id after which the next page begins
};

struct Document {
    std::string content;
    std::string content_type;
};

// How the token answer tells the end of the token: the three spellings seen, or not at all.
enum class ExpiryField { expires_in, expires_at, expires, none };

struct Settings {
    RateLimit v1_rate{50, 10'000};
    RateLimit v3_rate{75, 30'000};
    RateLimit token_rate{75, 60'000};
    std::int64_t token_ttl_ms = 3'600'000;
    ExpiryField expiry_field = ExpiryField::expires_in;
    std::int64_t attachment_ttl_ms = 604'800'000;
    std::int64_t v1_retired_status = 0;      // what v1 answers to everything; 0: v1 is alive
    bool lists_empty_without_admin = false;  // else 403
    bool user_by_email_bare = false;         // GET /v1/users?email= answers the user, else a list of one
};

struct State {
    static constexpr std::size_t records_max = 200'000;  // of each kind
    static constexpr std::size_t tokens_max = 10'000;
    static constexpr std::size_t cursors_max = 10'000;
    static constexpr std::uint64_t document_bytes_max = 512ULL * 1024 * 1024;

    std::mutex mutex;
    Ids ids;  // has its own locking
    std::uint16_t port = 0;
    Settings settings;
    std::map<std::string, Credential, std::less<>> credentials;  // by key or client id
    RateWindow anonymous_window;                                 // of calls that name no credential
    RateWindow token_window;
    std::map<std::string, Token, std::less<>> tokens;
    std::map<std::string, Cursor, std::less<>> cursors;
    std::deque<std::string> cursor_order;  // oldest first

    Records users;
    Records departments;
    Records offices;
    Records jobs;
    Records openings;
    Records candidates;
    Records applications;
    Records offers;
    Records attachments;
    Records notes;
    Records custom_fields;
    Records custom_field_options;
    std::map<std::int64_t, Document> documents;  // by attachment
    std::uint64_t document_bytes = 0;
    std::string link_secret;  // signs the links to attachments
    std::int64_t next_id = 0;
    std::int64_t hired = 0;

    // Files the record under its "id", or a fresh one, with created_at and updated_at; answers the id.
    std::int64_t add(Records& records, Record record);

    // A link to an attachment that ends after the time in the settings.
    [[nodiscard]] std::string link_to(std::int64_t attachment) const;

    // Back to the sample records, the standard credentials and settings. The port stays.
    void reset();
};

// The sample people and organisation (seed.cpp).
void seed(State& state);

// Null when there is none.
[[nodiscard]] Record const* find(Records const& records, std::int64_t id);
[[nodiscard]] Record* find(Records& records, std::int64_t id);

// The newest offer of an application; null when there is none.
[[nodiscard]] Record* current_offer(State& state, std::int64_t application);
[[nodiscard]] Record const* current_offer(State const& state, std::int64_t application);

[[nodiscard]] boost::json::value value_of(boost::json::object const& record, std::string_view name);
// Empty, zero or false when absent or of another type.
[[nodiscard]] std::string text_of(boost::json::object const& record, std::string_view name);
[[nodiscard]] std::int64_t number_of(boost::json::object const& record, std::string_view name);
[[nodiscard]] bool flag_of(boost::json::object const& record, std::string_view name);

}  // namespace crosswalk::sandbox::greenhouse
