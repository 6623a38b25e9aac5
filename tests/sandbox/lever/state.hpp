// What the played Lever holds: candidates with all that hangs on them, the catalogue, credentials, settings.
//
// Shape    records are kept as Lever prints them, with ids in place of objects; expansion happens on the way out.
//          `opportunity` lacks the archive fields, whose shape each candidate chooses.
// Units    times are milliseconds since 1970 UTC.
// Threads  everything here is guarded by `mutex`, which the caller of a function that takes a State& holds.
#pragma once

#include "sandbox/exchange.hpp"
#include "sandbox/ids.hpp"
#include "sandbox/token_bucket.hpp"

#include <boost/json.hpp>

#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace crosswalk::sandbox::lever {

// The vendor's attribute table says nested, its printed examples say flat, and one constructed sample has both.
enum class ArchiveShape { flat, nested, both };

struct Archived {
    std::int64_t archived_at = 0;
    std::string reason;
};

struct File {
    boost::json::object printed;
    std::string content;
};

struct Candidate {
    std::string id;
    std::string contact;
    std::int64_t created_at = 0;
    boost::json::object opportunity;
    std::optional<boost::json::object> application = {};
    std::deque<boost::json::object> offers = {};
    std::deque<boost::json::object> notes = {};
    std::deque<File> files = {};
    std::optional<Archived> archived = {};
    ArchiveShape archive_shape = ArchiveShape::flat;
    std::int64_t stale_reads = 0;  // reads of the opportunity that show neither archive state nor offers yet
    std::optional<std::int64_t> deleted_at = {};

    [[nodiscard]] bool confidential() const;
};

// Records with an "id", in the order in which they came.
class Collection {
public:
    // Replaces a record with the same id.
    void add(boost::json::object record);
    [[nodiscard]] boost::json::object const* find(std::string_view id) const;
    [[nodiscard]] boost::json::object* find(std::string_view id);
    [[nodiscard]] std::deque<boost::json::object> const& all() const noexcept { return records_; }

private:
    std::deque<boost::json::object> records_;
    std::unordered_map<std::string, std::size_t> index_;
};

struct Credential {
    bool bearer = false;                          // else an API key for Basic
    bool confidential = true;                     // may see confidential records
    std::optional<std::set<std::string>> rights;  // scopes without ":admin"; nothing means all of them
    TokenBucket bucket = {};
    std::int64_t ends_at = 0;  // ms; an access token's end, 0: never
};

struct Settings {
    double rate_per_s = 10;
    double burst = 20;
    std::string redirect_to;            // 301 to this base instead of answering; empty: answer
    bool requisitions_api = true;       // "API management of requisitions" is switched on
    bool hybrid_requisitions = false;   // drafts can be created
    bool webhooks_double_data = false;  // the creation answer has data in data, as the vendor prints it
};

// The OAuth app and what was granted to it.
struct Consent {
    struct Grant {
        std::string scope;
        bool confidential = false;
        std::string refresh_token;     // the only one that counts; each use makes another
        std::set<std::string> tokens;  // access tokens that were handed out
        bool revoked = false;
    };
    std::string client_id = "lever-sandbox-client";
    std::string client_secret = "lever-sandbox-secret";
    bool refuses = false;  // the person at the consent page says no
    std::int64_t expires_in_s = 3600;
    std::map<std::string, std::size_t> codes;      // not used yet → index of the grant
    std::map<std::string, std::string> redirects;  // code → redirect_uri
    std::vector<Grant> grants;
};

struct State {
    std::mutex mutex;
    Ids ids;  // has its own locking
    Settings settings;
    std::map<std::string, Credential, std::less<>> credentials;  // by key or token
    std::deque<Candidate> candidates;
    std::unordered_map<std::string, std::size_t> candidate_index;
    Collection contacts;
    Collection postings;
    Collection users;
    Collection stages;
    Collection archive_reasons;
    Collection requisitions;  // a deleted one stays and carries "deletedHere"
    Collection requisition_fields;
    Consent consent;
    std::uint64_t file_bytes = 0;
    std::int64_t hired = 0;

    Candidate& add(Candidate candidate);
    // Deleted ones too; null when there never was one.
    [[nodiscard]] Candidate* find_candidate(std::string_view id);

    // The first archive reason of type "hired".
    [[nodiscard]] std::string hired_reason() const;

    // Back to the sample records, the standard credentials and settings.
    void reset();
};

// The sample people, postings and reasons (seed.cpp).
void seed(State& state);

[[nodiscard]] std::string text_of(boost::json::object const& record, std::string_view name);
// Zero when absent or not a number.
[[nodiscard]] std::int64_t number_of(boost::json::object const& record, std::string_view name);

// What paging keys on.
[[nodiscard]] std::string id_of(boost::json::object const& record);
[[nodiscard]] std::string id_of(Candidate const& candidate);
[[nodiscard]] std::string id_of(File const& file);
[[nodiscard]] std::int64_t created_of(boost::json::object const& record);
[[nodiscard]] std::int64_t created_of(Candidate const& candidate);
[[nodiscard]] std::int64_t created_of(File const& file);

}  // namespace crosswalk::sandbox::lever
