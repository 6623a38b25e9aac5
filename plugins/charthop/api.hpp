// ChartHop's REST API: addresses, paging, and what each refusal means.
//
// Shape    paths begin behind the organization: "job" with version 2 is /v2/org/<org>/job.
// Errors   every refusal becomes a Failure whose status tells the host what to do:
//            401, 403       CW_ERR_AUTH          the connection pauses, deliveries are kept
//            404            CW_ERR_CONFIG        the organization is wrong or the feature is off: pauses as well
//            400 and others CW_ERR_INVALID       with the codes that were sent, never their values
//            202            CW_ERR_TRANSIENT     a snapshot is being built: it is no success, nothing may be taken as
//            done 429            CW_ERR_RATE_LIMITED  with Retry-After where there is one 5xx, no answer
//            CW_ERR_TRANSIENT     on reads, where nothing can have been applied
// Threads  one Api per hook call.
// Limits   10 MiB per answer, 1,000 pages per list.
#pragma once

#include "rows.hpp"
#include "settings.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace crosswalk::charthop {

using Parameters = std::vector<std::pair<std::string, std::string>>;

struct Page {
    std::vector<Row> rows;
    std::string next;    // empty: the last one
    json::array access;  // what the token may do, where it was asked for
};

// What became of a write.
struct Written {
    enum class Kind : unsigned char {
        done,
        building,  // 202: not said whether it was applied
        unknown    // no usable answer: it may have been applied
    };
    Kind kind = Kind::unknown;
    Row row;  // done: the answer, perhaps empty
};

class Api {
public:
    Api(Call& call, Settings const& settings) noexcept : call_(&call), settings_(&settings) {}

    [[nodiscard]] Call& call() const noexcept { return *call_; }
    [[nodiscard]] Settings const& settings() const noexcept { return *settings_; }

    // nullopt on 404. `path` is what follows the organization; empty for itself.
    [[nodiscard]] std::optional<Row> get(std::string_view version, std::string const& path,
                                         Parameters const& parameters = {}) const;
    // One page from `from`; empty for the first.
    [[nodiscard]] Page page(std::string_view version, std::string const& path, Parameters parameters,
                            std::string const& from) const;
    // Calls `each` for every row of every page until it says false.
    void each(std::string_view version, std::string const& path, Parameters const& parameters,
              std::function<bool(Row const&)> const& each) const;
    // A POST or PATCH, which is never repeated by itself.
    [[nodiscard]] Written write(std::string_view method, std::string_view version, std::string const& path,
                                json::object const& body, Parameters const& parameters = {}) const;

    // Today in UTC, as ChartHop writes days.
    [[nodiscard]] std::string today() const;

private:
    [[nodiscard]] std::string url(std::string_view version, std::string const& path,
                                  Parameters const& parameters) const;
    [[nodiscard]] json::value read(std::string_view version, std::string const& path, Parameters const& parameters,
                                   bool may_be_missing, bool& missing) const;

    Call* call_;
    Settings const* settings_;
};

}  // namespace crosswalk::charthop
