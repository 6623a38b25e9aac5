// One GoCo connection on a fake host, and the samples of this slice.
#pragma once

#include "support/fake_host.hpp"

#include <string>
#include <string_view>
#include <vector>

extern "C" cw_library const* cw_connector_entry_v0();

namespace crosswalk::goco_test {

namespace json = boost::json;

inline constexpr char base[] = "https://goco.example.com/companies/acme-demo";
inline constexpr char ours[] = "lever:opp:250d8f03-738a-4bba-a671-8a3d73477145";

[[nodiscard]] std::string sample(std::string_view name);
[[nodiscard]] std::string address(std::string_view path);  // under `base`

// The settings that every test starts from, with members replaced by those of `more`.
[[nodiscard]] std::string settings(json::object const& more = {});

// A goco.employee/1 record: Nora Okafor and nothing else, with members added by `more`.
[[nodiscard]] std::string employee(json::object const& more = {});
// A crosswalk.hire/1 record of the same person with every field.
[[nodiscard]] json::object hire();

// A host on which nobody is employed yet, all lists are the samples', and a create succeeds.
class World {
public:
    explicit World(json::object const& more_settings = {});

    support::FakeHost host;
    support::Instance goco;

    [[nodiscard]] support::Route& search() { return host.on("GET", address("/employees?first_name=")); }
    [[nodiscard]] support::Route& create() { return host.on("POST", address("/employees")); }
    [[nodiscard]] support::CallResult push(std::string const& record = employee(), std::uint32_t attempt = 1);
    [[nodiscard]] std::vector<support::SentRequest> creates() const;
    [[nodiscard]] json::object created() const;  // body of the only create

private:
    static support::FakeHost& prepared(support::FakeHost& host);
};

[[nodiscard]] std::string page(json::array rows, json::object meta);
[[nodiscard]] std::string one(json::object row);  // a page with one row
// A row of a list; external_id is null unless `more` says otherwise.
[[nodiscard]] json::object person(char const* id, char const* first, char const* last, json::object const& more = {});
void nobody_there(World& world);
void create_works(World& world);

}  // namespace crosswalk::goco_test
