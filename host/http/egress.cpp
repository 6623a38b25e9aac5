#include "http/client.hpp"
#include "http/url.hpp"

#include <algorithm>

namespace crosswalk::http {
namespace {

bool matches(std::string_view pattern, std::string_view host) noexcept {
    if (!pattern.starts_with("*.")) {
        return pattern == host;
    }
    auto const suffix = pattern.substr(1);  // with its dot, so that "evilexample.com" is not below "example.com"
    return host.size() > suffix.size() && host.ends_with(suffix);
}

}  // namespace

EgressPolicy::EgressPolicy(std::vector<std::string> hosts) : hosts_(std::move(hosts)) {
    for (auto& host : hosts_) {
        std::ranges::transform(host, host.begin(),
                               [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    }
}

model::Result<void> EgressPolicy::check(std::string_view url) const {
    auto const parsed = parse_url(url);
    if (!parsed) {
        return parsed.error();
    }
    if (std::ranges::none_of(hosts_, [&](auto const& pattern) { return matches(pattern, parsed->host); })) {
        return model::Error{model::ErrorCode::permission_denied,
                            "The host " + parsed->host + " is not one that this connection may talk to."};
    }
    if (!parsed->secure && !parsed->is_loopback()) {
        return model::Error{model::ErrorCode::permission_denied,
                            "The host " + parsed->host + " may only be reached with https://."};
    }
    return {};
}

}  // namespace crosswalk::http
