#include "probe.hpp"

#include "directory.hpp"

#include <array>
#include <set>

namespace crosswalk::charthop {

using connector::text_at;

namespace {

struct Reading {
    char const* version;
    char const* path;
    char const* what;
    char const* type;  // of which writes are asked, too; empty: none
};
constexpr std::array readings{Reading{"v2", "job", "jobs", "job"}, Reading{"v2", "person", "people", "person"},
                              Reading{"v2", "group/LOCATION", "locations", ""}, Reading{"v1", "change", "changes", ""}};

bool allows(json::array const& access, std::string_view action) {
    for (json::value const& one : access) {
        json::value const* allowed = connector::find(one, "/allowed");
        for (json::value const& entry :
             allowed != nullptr && allowed->is_array() ? allowed->get_array() : json::array{}) {
            if (folded(text_at(entry, "/action")) == action) {
                return true;
            }
        }
    }
    return false;
}

void check_reading(Api const& api, Reading const& reading) {
    Parameters parameters;
    std::string_view const type = reading.type;
    if (!type.empty()) {
        parameters = {{"fields", "id"}, {"returnAccess", "create,update"}};
    }
    try {
        Page const page = api.page(reading.version, reading.path, parameters, {});
        // ChartHop need not say what is allowed; only what it leaves out of an answer is missing.
        for (char const* action : {"create", "update"}) {
            if (!type.empty() && !page.access.empty() && !allows(page.access, action)) {
                api.call().warn(reading.what, "The app may not " + std::string(action) + " " + reading.what +
                                                  ": give it the access level Org Editor or Owner.");
            }
        }
    } catch (Failure const& failure) {
        if (failure.status() == CW_ERR_TRANSIENT || failure.status() == CW_ERR_RATE_LIMITED) {
            throw;
        }
        api.call().warn(reading.what, std::string("The app may not read ") + reading.what + ": " + failure.message());
    }
}

void check_fields(Api const& api) {
    std::set<std::string> known;
    api.each("v1", "field", {{"builtin", "all"}}, [&](Row const& row) {
        known.insert(folded(row.text("name")));
        json::value const* aliases = row.find("aliases");
        for (json::value const& alias :
             aliases != nullptr && aliases->is_array() ? aliases->get_array() : json::array{}) {
            known.insert(folded(id_text(&alias)));
        }
        return known.size() < 10'000;
    });
    Settings const& settings = api.settings();
    auto const check = [&](std::string const& setting, std::string_view code) {
        if (!known.empty() && !code.empty() && !known.contains(folded(code))) {
            api.call().warn(setting, "ChartHop lists no field of the code that is set there.");
        }
    };
    for (char const* name : {"title", "code", "status"}) {
        check("/fields/job/" + std::string(name), settings.job_field(name));
    }
    for (auto const& [name, code] : settings.metrics) {
        check("/metrics/" + std::string(name), id_text(&code));
    }
    for (std::string const& code : settings.custom_fields) {
        check("/custom_fields", code);
    }
}

void check_switches(Api const& api) {
    Switches const& on = api.settings().requisitions;
    bool const moves = on.source_of_truth == Source::charthop ? on.sync_on_change || (on.run_daily && on.reconciliation)
                                                              : on.reverse_sync;
    if (!moves) {
        api.call().warn("/requisitions", on.source_of_truth == Source::charthop
                                             ? "Jobs go out only with sync_on_change, or run_daily with reconciliation."
                                             : "Requisitions come in only with reverse_sync.");
    }
    if (!api.settings().warning.empty()) {
        api.call().warn("/requisitions/reconciliation", api.settings().warning);
    }
}

}  // namespace

void probe(Api const& api) {
    if (!api.get("v1", {})) {
        throw Failure(CW_ERR_CONFIG, "ChartHop has no organization of that id or slug (404): correct /org.");
    }
    for (Reading const& reading : readings) {
        check_reading(api, reading);
    }
    try {
        check_fields(api);
    } catch (Failure const& failure) {
        api.call().warn("fields", "The app may not read fields: " + failure.message());
    }
    check_switches(api);
    if (api.settings().requisitions.remote_location_as_default) {
        Settings without_creation = api.settings();
        without_creation.create_groups = false;
        if (!group_id(Api(api.call(), without_creation), "LOCATION", api.settings().remote_location)) {
            api.call().warn("/remote_location", "ChartHop has no location of that name.");
        }
    }
}

}  // namespace crosswalk::charthop
