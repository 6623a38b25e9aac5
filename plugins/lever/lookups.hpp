// What hangs on opportunities and requisitions: archive reasons, postings, stages, users. Each is read once per call of
// a hook, however many records refer to it.
//
// Errors   as Api's; a missing right names the right.
// Threads  one call's own; not shared.
#pragma once

#include "api.hpp"
#include <crosswalk/connector.hpp>

#include <map>
#include <string>
#include <string_view>

namespace crosswalk::lever {

class Lookups {
public:
    Lookups(connector::Call& call, Api& api) noexcept : call_(call), api_(api) {}

    // Each takes an id or the object that Lever printed in its place. Null when there is neither, or no such thing.
    [[nodiscard]] json::value posting(json::value const* value);  // without its advertising text
    [[nodiscard]] json::value user(json::value const* value);
    [[nodiscard]] json::value contact(json::value const* value);
    [[nodiscard]] json::value stage(json::value const* value);

    // The reason of an archived opportunity: it stands nested or flat, on the opportunity or on its application.
    [[nodiscard]] json::value archive_reason(json::value const& opportunity, json::value const& application);

    // The application of an opportunity; at most one, says Lever.
    [[nodiscard]] json::value application(json::value const& opportunity);

private:
    [[nodiscard]] json::value whole(json::value const* value, std::string const& path, std::string_view what,
                                    std::string_view right);

    connector::Call& call_;
    Api& api_;
    std::map<std::string, json::value, std::less<>> known_;  // by path
};

// When an opportunity was archived, nested or flat; nullopt while it is active.
[[nodiscard]] std::optional<std::int64_t> archived_at(json::value const& opportunity);

// True for an opportunity, or its expanded contact, whose person was anonymised.
[[nodiscard]] bool is_anonymised(json::value const& opportunity);

}  // namespace crosswalk::lever
