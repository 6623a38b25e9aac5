#include "conformance/profile.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>

namespace crosswalk::conformance {

std::vector<Profile> const& profiles() {
    static std::vector<Profile> const all{charthop_inbound(), charthop_outbound(), goco(), greenhouse(),
                                          hireguide(),        hrlogics(),          lever()};
    return all;
}

json::value control(Sandbox& at, std::string const& method, std::string const& path, json::object const& body) {
    auto const answer = at.control(method, path, body.empty() ? std::string() : json::serialize(body));
    EXPECT_LT(answer.status, 300) << method << ' ' << path << ": " << answer.body;
    json::error_code error;
    json::value value = json::parse(answer.body, error);
    return error ? json::value(nullptr) : value;
}

std::int64_t count(Sandbox& at, std::string const& path, std::function<bool(json::value const&)> const& fits) {
    json::value const answer = control(at, "GET", path);
    json::array const* list = answer.if_array();
    if (answer.is_object()) {
        for (auto const& member : answer.get_object()) {
            list = member.value().is_array() ? &member.value().get_array() : list;
        }
    }
    EXPECT_NE(list, nullptr) << path << ": " << json::serialize(answer);
    return list == nullptr ? -1 : std::count_if(list->begin(), list->end(), fits);
}

std::string fresh_number() {
    static std::atomic<int> last{1000};
    return std::to_string(++last);
}

}  // namespace crosswalk::conformance
