// Greenhouse's Harvest API in both versions: credentials, paging, rate limits, errors in words.
//
// Shape    paths are the same for both versions and carry no version: "/applications".
// Errors   every call throws connector::Failure:
//          CW_ERR_AUTH          the credential is refused, or Harvest v1 is switched off
//          CW_ERR_INVALID       Greenhouse says that the request itself is wrong, or lacks a permission
//          CW_ERR_RATE_LIMITED  with the wait that Greenhouse states
//          CW_ERR_TRANSIENT     Greenhouse is down, or answers with something that is not JSON
// Threads  safe from any thread.
#pragma once

#include "settings.hpp"
#include "token.hpp"
#include <crosswalk/connector.hpp>

#include <functional>
#include <mutex>
#include <string>
#include <string_view>

namespace crosswalk::greenhouse {

// What a read brought back when nothing is wrong with the credential itself.
struct Read {
    enum class Kind : unsigned char { found, missing, forbidden };
    Kind kind = Kind::missing;
    json::value data;
    std::string next;  // query of the next page; empty on the last one
};

class Api {
public:
    explicit Api(Settings settings) : settings_(std::move(settings)), token_(settings_) {}
    Api(Api const&) = delete;
    Api& operator=(Api const&) = delete;

    [[nodiscard]] Settings const& settings() const noexcept { return settings_; }
    [[nodiscard]] bool is_v3() const noexcept { return settings_.api == Version::v3; }

    // One answer; `query` without '?'. 404 and 403 are values.
    [[nodiscard]] Read read(connector::Call& call, std::string const& path, std::string const& query = {});
    // Like read(), but 403 fails: `resource` is what the permission is called after, such as "applications".
    [[nodiscard]] Read need(connector::Call& call, std::string const& path, std::string const& query,
                            std::string_view resource);
    // All pages of a list, in order, until `take` returns false. 404 counts as an empty list.
    void each(connector::Call& call, std::string const& path, std::string const& query, std::string_view resource,
              std::function<bool(json::value const&)> const& take);

    // A POST. Every answer but 401 and 429 is returned. `user_id` is who writes, where the version asks for it.
    [[nodiscard]] connector::HttpResponse post(connector::Call& call, std::string const& path, json::object const& body,
                                               std::string const& user_id);

    // Id of the Greenhouse user whose address is user_email, remembered until the end. Failure(CW_ERR_INVALID) names
    // the setting when there is no such user.
    [[nodiscard]] std::string note_author(connector::Call& call);

    // v1 only: does Harvest answer "not found" for everything?
    [[nodiscard]] bool seems_retired(connector::Call& call);

    // The permission of a resource in words, as Greenhouse's screens name it for this version.
    [[nodiscard]] std::string permission(std::string_view resource, std::string_view verb = "list") const;

private:
    [[nodiscard]] connector::HttpResponse send(connector::Call& call, connector::HttpRequest request);
    [[nodiscard]] std::string url(std::string const& path, std::string const& query) const;

    Settings const settings_;
    Token token_;
    std::mutex mutex_;
    std::string note_author_;  // guarded by mutex_
};

}  // namespace crosswalk::greenhouse
