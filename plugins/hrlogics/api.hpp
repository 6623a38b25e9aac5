// Calls of HRLogics' API, and what its errors mean in words.
//
// Errors   Failure, with the consequence that the contract gives a status: 401 pauses, 429 waits, 400, 403 and 422 are
//          final. A read that got no whole answer may simply be repeated.
// Threads  constant; safe from any thread.
// Limits   answers of more than 10 MiB are refused; 50 details of an error are read.
#pragma once

#include "settings.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace crosswalk::hrlogics {

class Api {
public:
    explicit Api(Settings settings) : settings_(std::move(settings)) {}

    [[nodiscard]] Settings const& settings() const noexcept { return settings_; }

    // A GET. nullopt: 404.
    [[nodiscard]] std::optional<json::value> read(connector::Call& call, std::string_view path,
                                                  PathValues const& values) const;

    // A call that changes something, whatever it was answered. nullopt: no whole answer, it may have been applied.
    // Failure when it did not leave this host.
    [[nodiscard]] std::optional<connector::HttpResponse> write(connector::Call& call, std::string method,
                                                               std::string_view path, PathValues const& values,
                                                               json::value const& body,
                                                               std::string_view idempotency_key = {}) const;

    // What an answer with an error status means. Reasons that repeat a text of `sent` are not passed on.
    [[nodiscard]] connector::Failure refusal(std::string_view path, connector::HttpResponse const& response,
                                             json::value const& sent = nullptr) const;

    // The applicant in an answer; nullptr when it holds none.
    [[nodiscard]] json::value const* data(json::value const& answer) const;
    // A field of an applicant as HRLogics prints it.
    [[nodiscard]] std::string stored(json::value const& applicant, std::string_view field) const;

private:
    [[nodiscard]] connector::HttpRequest request(std::string method, std::string_view path,
                                                 PathValues const& values) const;

    Settings const settings_;
};

// The body of an answer, if it is JSON of a size that may be read.
[[nodiscard]] std::optional<json::value> parsed(connector::HttpResponse const& response);

[[nodiscard]] constexpr bool is_success(int status) noexcept {
    return status >= 200 && status <= 299;
}
// Answers after which a write may have been applied all the same.
[[nodiscard]] constexpr bool is_undecided(int status) noexcept {
    return status >= 500 || status == 408;
}

}  // namespace crosswalk::hrlogics
