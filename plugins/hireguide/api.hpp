// Hireguide's API as the contract of its README has it: addresses, paging, and what each refusal means.
//
// Errors   every refusal becomes a Failure whose status tells the host what to do:
//            401                  CW_ERR_AUTH          the connection pauses, everything is kept
//            403 addon_disabled   CW_ERR_CONFIG        the same: somebody must ask Hireguide's support
//            404                  CW_ERR_NOT_FOUND     the caller knows what is gone
//            429                  CW_ERR_RATE_LIMITED  with Retry-After
//            5xx, no answer       CW_ERR_TRANSIENT     every call but one may be repeated; that one looks first
//            other 4xx            CW_ERR_INVALID       with the fields that Hireguide named
//            an odd answer        CW_ERR_CONFIG        the contract does not fit this Hireguide
// Threads  one Api per hook call.
// Limits   10 MiB per answer, 1,000 pages per list.
#pragma once

#include "settings.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace crosswalk::hireguide {

class Api {
public:
    Api(Call& call, Settings const& settings) noexcept : call_(&call), settings_(&settings) {}

    [[nodiscard]] Call& call() const noexcept { return *call_; }
    [[nodiscard]] Settings const& settings() const noexcept { return *settings_; }

    // `data` of the answer; null when it has none.
    [[nodiscard]] json::value get(std::string_view path, PathValues const& values) const;
    // Calls `each` for every row of every page until it says false.
    void list(std::string_view path, std::function<bool(json::object const&)> const& each) const;
    // The same for what changes something. `repeatable`: applied twice it is as if applied once.
    json::value send(std::string const& method, std::string_view path, PathValues const& values,
                     json::object const& body, bool repeatable = true) const;
    // A GET whose body the host keeps as a file.
    [[nodiscard]] connector::HttpResponse download(std::string_view path, PathValues const& values) const;

private:
    [[nodiscard]] connector::HttpResponse exchange(connector::HttpRequest request, std::string_view path,
                                                   PathValues const& values) const;
    [[nodiscard]] json::value document(connector::HttpResponse const& response, std::string_view path) const;
    [[nodiscard]] Failure refusal(connector::HttpResponse const& response, std::string_view path) const;

    Call* call_;
    Settings const* settings_;
};

}  // namespace crosswalk::hireguide
