// Lever's Data API: envelopes, paging, redirects to the right data centre, rate limits, errors in words.
//
// Errors   every call throws connector::Failure:
//          CW_ERR_AUTH          the credential is refused, or belongs to the other environment
//          CW_ERR_INVALID       Lever says that the request itself is wrong
//          CW_ERR_RATE_LIMITED  the wait that a 429 asks for does not fit into this call
//          CW_ERR_TRANSIENT     Lever is down, or answers with something that is not JSON
// Threads  safe from any thread.
#pragma once

#include "settings.hpp"
#include <crosswalk/connector.hpp>

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace crosswalk::lever {

// What a read brought back when nothing is wrong with the credential itself.
struct Read {
    enum class Kind : unsigned char { found, missing, forbidden };
    Kind kind = Kind::missing;
    json::value data;  // without its envelope
};

// A request of ours, below the base address.
struct Ask {
    std::string method = "GET";
    std::string path;  // with its query; starts with '/'
    std::string body = {};
    std::string content_type = {};
    std::string body_file = {};  // id of a file that is sent after `body`
    std::string body_tail = {};  // sent after the file
    bool to_file = false;        // the answer goes to a file
};

// One page of a list.
struct Page {
    json::array items;
    std::string next;  // what the following page is asked with; empty on the last one
};

// Of one list: one that goes on beyond them is taken for endless.
inline constexpr int pages_max = 1000;
[[nodiscard]] connector::Failure endless(std::string_view what);

class Api {
public:
    explicit Api(Settings settings) : settings_(std::move(settings)), base_(settings_.base_url) {}

    [[nodiscard]] Settings const& settings() const noexcept { return settings_; }

    // One object, or the raw answer of a list. 404 and 403 are values.
    [[nodiscard]] Read read(connector::Call& call, std::string const& path);
    // Like read(), but 403 fails with CW_ERR_INVALID: `what` names the thing and `right` the right that is missing.
    // Null data when Lever has no such thing.
    [[nodiscard]] json::value need(connector::Call& call, std::string const& path, std::string_view what,
                                   std::string_view right);
    // The page of a list that `offset` asks for; empty: the first. `path` may have a query. 404 counts as an empty
    // list, a successor that Lever hides or that is this page again fails with CW_ERR_TRANSIENT.
    [[nodiscard]] Page page(connector::Call& call, std::string const& path, std::string_view offset,
                            std::string_view what, std::string_view right);
    // All pages of a list, in order, until `take` returns false. `path` may have a query.
    void each(connector::Call& call, std::string const& path, std::string_view what, std::string_view right,
              std::function<bool(json::value const&)> const& take);

    // A whole list that seldom changes, such as definitions of fields: read at most once in ten minutes.
    [[nodiscard]] json::array catalogue(connector::Call& call, std::string const& path, std::string_view what,
                                        std::string_view right);

    // A write. Every answer but 401, 429 and the 403 of the wrong environment is returned; it is repeated only after a
    // 429 or a redirect, which say that it was not applied.
    [[nodiscard]] connector::HttpResponse write(connector::Call& call, Ask const& ask);

    // A GET whose answer goes to a file of the host's. Every answer but 401, 429 and the 403 of the wrong environment
    // is returned.
    [[nodiscard]] connector::HttpResponse fetch(connector::Call& call, std::string const& path);

    // Adds the acting user when one is configured.
    [[nodiscard]] std::string as_user(std::string path) const;

    // A GET of any address that the host lets through, with our credential only where it belongs.
    [[nodiscard]] connector::HttpResponse download(connector::Call& call, std::string const& url);

private:
    [[nodiscard]] connector::HttpResponse send(connector::Call& call, Ask const& ask);
    [[nodiscard]] std::string follow(std::string const& from, Ask const& ask, connector::HttpResponse const& moved);
    [[nodiscard]] bool is_ours(std::string_view url) const;
    [[nodiscard]] std::string base() const;

    Settings const settings_;
    mutable std::mutex mutex_;
    struct Catalogue {
        std::int64_t read_at_ms = 0;
        json::array items;
    };
    std::map<std::string, Catalogue> catalogues_;  // guarded by mutex_; by path
    std::string base_;  // guarded by mutex_; moves when Lever sends us to another data centre for good
};

// The data of an answer without its envelope; what has none comes back as it is.
[[nodiscard]] json::value unwrapped(json::value answer);

// Why a thing cannot be read: `what` names it and `right` the right that is missing.
[[nodiscard]] connector::Failure forbidden_read(std::string_view what, std::string_view right);

// Lever's own error code, "ResourceNotFound"; empty when the body has none. Its message may hold personal values.
[[nodiscard]] std::string error_code(connector::HttpResponse const& response);

}  // namespace crosswalk::lever
