// The settings of one Hireguide connection, checked.
//
// Shape    the defaults are mapping/contract.json; what the connection says is laid over them key by key.
// Errors   load() throws Failure(CW_ERR_CONFIG) naming the setting by its JSON Pointer.
// Threads  constant after load().
#pragma once

#include <crosswalk/connector.hpp>

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace crosswalk::hireguide {

using connector::Call;
using connector::Failure;
using connector::FieldProblem;
using connector::PathValues;
namespace json = boost::json;

using Texts = std::map<std::string, std::string, std::less<>>;

// One position that an admin connects with a job of the ATS.
struct Position {
    std::string name;  // its key under /positions
    std::string id;    // in Hireguide; empty: this connector makes it
    std::string role;
    std::string job;  // external id of the job: "lever:posting:730e37db"
    bool import_job_details = true;
    bool import_applicant_details = true;
};

struct Settings {
    std::string base_url;  // no slash at the end
    std::string workspace;
    std::string ats;
    bool has_previous_secret = false;
    Texts paths;   // templates; "{id}" and the like are filled in by url()
    Texts fields;  // contract name → name used on the wire, where they differ
    Texts kinds;   // kind of a ref → word in external ids, where they differ
    int page_size = 100;
    std::int64_t max_pdf_bytes = 26'214'400;
    std::vector<Position> positions;

    [[nodiscard]] static Settings load(json::value const& given);

    [[nodiscard]] std::string url(std::string_view path, PathValues values) const;
    // The name on the wire of a contract field, and the field itself; nullptr when it is absent or null.
    [[nodiscard]] std::string_view wire(std::string_view field) const;
    [[nodiscard]] json::value const* field(json::object const& row, std::string_view name) const;
    [[nodiscard]] std::string_view text(json::object const& row, std::string_view name) const;
    // The same members under their names on the wire.
    [[nodiscard]] json::object on_the_wire(json::object const& row) const;

    // "lever:opp:250d8f03" of a canonical ref; empty when it is none.
    [[nodiscard]] std::string external_id(json::value const& ref) const;
};

inline constexpr std::string_view token_pointer = "/api_token";
inline constexpr std::string_view secret_pointer = "/webhook_secret";
inline constexpr std::string_view previous_secret_pointer = "/previous_webhook_secret";

// True for a text that may stand in a path as an id: letters, digits, '-' and '_', at most 128.
[[nodiscard]] bool is_id(std::string_view text) noexcept;

}  // namespace crosswalk::hireguide
