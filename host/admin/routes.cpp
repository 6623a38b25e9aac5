#include "admin/access.hpp"
#include "admin/api.hpp"
#include "admin/catalog.hpp"
#include "admin/dead.hpp"
#include "admin/events.hpp"
#include "admin/health.hpp"
#include "admin/links.hpp"
#include "admin/persons.hpp"
#include "admin/replay.hpp"
#include "admin/runs.hpp"
#include "admin/settings_check.hpp"
#include "admin/sweeps.hpp"

namespace crosswalk::admin {

std::vector<Endpoint> const& endpoints() {
    static std::vector<Endpoint> const table{
        {"GET", "/livez", false, livez},
        {"GET", "/readyz", false, readyz},
        {"GET", "/version", false, version},
        {"GET", "/metrics", false, metrics},
        {"GET", "/api/v1/events", true, list_events},
        {"GET", "/api/v1/events/{id}", true, show_event},
        {"POST", "/api/v1/events/{id}/replay", true, replay_event},
        {"GET", "/api/v1/dead", true, list_dead},
        {"GET", "/api/v1/dead/causes", true, list_causes},
        {"POST", "/api/v1/dead/replay", true, replay_dead},
        {"POST", "/api/v1/dead/discard", true, discard_dead},
        {"GET", "/api/v1/dead/{letter}", true, show_dead},
        {"POST", "/api/v1/dead/{letter}/edit", true, edit_dead},
        {"GET", "/api/v1/conservation", true, conservation},
        {"GET", "/api/v1/connectors", true, list_connectors},
        {"GET", "/api/v1/connections", true, list_connections},
        {"POST", "/api/v1/connections/{name}/check", true, check_connection},
        {"POST", "/api/v1/connections/{name}/settings/check", true, check_settings},
        {"POST", "/api/v1/connections/{name}/resume", true, resume_connection},
        {"POST", "/api/v1/connections/{name}/authorize", true, authorize_connection},
        {"POST", "/api/v1/connections/{name}/subscribe", true, subscribe_connection},
        {"POST", "/api/v1/connections/{name}/rotate-secret", true, rotate_secret},
        {"POST", "/api/v1/connections/{name}/disconnect", true, disconnect_connection},
        {"POST", "/api/v1/connections/{name}/connect", true, connect_connection},
        {"POST", "/api/v1/connections/{name}/sweep", true, sweep_connection},
        {"GET", "/api/v1/connections/{name}/links", true, list_links},
        {"POST", "/api/v1/connections/{name}/links/remove", true, remove_link},
        {"POST", "/api/v1/persons/erase", true, erase_person},
        {"GET", "/api/v1/routes", true, list_routes},
        {"GET", "/api/v1/routes/{name}/runs", true, list_runs},
        {"POST", "/api/v1/routes/{name}/runs", true, start_run},
        {"GET", "/api/v1/runs/{id}", true, show_run},
        {"POST", "/api/v1/routes/{name}/{verb}", true, set_route_mode},
    };
    return table;
}

}  // namespace crosswalk::admin
