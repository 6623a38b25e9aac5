// GoCo's API as the contract of goco.md section 3 has it: envelope, paging, and what each refusal means.
//
// Errors   every refusal becomes a Failure whose status tells the host what to do:
//            401, 403            CW_ERR_AUTH          the connection pauses, deliveries are kept
//            404                 CW_ERR_CONFIG        the company or a path is wrong: pauses as well
//            400, 422 and others CW_ERR_INVALID       with the fields GoCo named
//            429                 CW_ERR_RATE_LIMITED  with Retry-After
//            5xx, no answer      CW_ERR_TRANSIENT     on reads, where nothing can have been applied
//            an odd answer       CW_ERR_CONFIG        the contract does not fit this GoCo
// Threads  one Api per hook call.
// Limits   10 MiB per answer, 1,000 pages per list.
#pragma once

#include "settings.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace crosswalk::goco {

inline constexpr std::size_t answer_bytes_max = 10U * 1024U * 1024U;
inline constexpr int pages_max = 1000;

class Api {
public:
    Api(Call& call, Settings const& settings) noexcept : call_(&call), settings_(&settings) {}

    [[nodiscard]] Call& call() const noexcept { return *call_; }
    [[nodiscard]] Settings const& settings() const noexcept { return *settings_; }

    // The object in the envelope. get_if_there: nullopt on 404.
    [[nodiscard]] json::value get(std::string_view path, PathValues const& values) const;
    [[nodiscard]] std::optional<json::value> get_if_there(std::string_view path, PathValues const& values) const;

    // Calls `each` for every row of every page until it says false.
    void list(std::string_view path, PathValues const& values,
              std::function<bool(json::object const&)> const& each) const;

    // Sends one POST that must not be repeated blindly. nullopt: it may have been applied.
    struct Body {
        std::string content_type;
        std::string bytes;
        std::string file = {};  // id of a kept file that follows, and what follows it
        std::string tail = {};
    };
    [[nodiscard]] std::optional<connector::HttpResponse> post(std::string_view path, PathValues const& values,
                                                              Body body, std::string_view idempotency_key) const;

    // The object in the envelope of an answer; nullopt when there is none.
    [[nodiscard]] std::optional<json::value> data_of(connector::HttpResponse const& response) const;

    // What a refusal means. `personal` are texts that must not come back in a reason.
    [[nodiscard]] Failure refusal(std::string_view path, connector::HttpResponse const& response,
                                  std::vector<std::string> const& personal = {}) const;

    // A field of a person or row, by its contract name.
    [[nodiscard]] json::value const* field(json::object const& row, std::string_view contract) const;
    [[nodiscard]] std::string_view text(json::object const& row, std::string_view contract) const;

private:
    [[nodiscard]] connector::HttpResponse read(std::string_view path, PathValues const& values) const;
    [[nodiscard]] std::vector<FieldProblem> details(connector::HttpResponse const& response,
                                                    std::vector<std::string> const& personal) const;

    Call* call_;
    Settings const* settings_;
};

// Did the vendor perhaps apply a POST that it answered like this?
[[nodiscard]] constexpr bool is_undecided(int status) noexcept {
    return status < 200 || (status >= 300 && status < 400) || status == 408 || status >= 500;
}
[[nodiscard]] constexpr bool is_success(int status) noexcept {
    return status >= 200 && status < 300;
}

// An id as GoCo writes it in addresses: it may come as text or as a number. Empty when it is neither.
[[nodiscard]] std::string id_text(json::value const* id);

}  // namespace crosswalk::goco
