#include "events.hpp"

#include "applications/application.hpp"
#include "hires/hire.hpp"
#include "lookups.hpp"
#include "people.hpp"

namespace crosswalk::lever {

using connector::Call;
using connector::text_at;

std::string hire_id(json::value const& opportunity) {
    auto const at = archived_at(opportunity);
    std::string const id(text_at(opportunity, "/id"));
    // Who is hired, released and hired again is archived at another time.
    return at && is_id(id) ? "hire:" + id + ":" + std::to_string(*at) : std::string();
}

std::string application_id(json::value const& application) {
    std::string const id(text_at(application, "/id"));
    return is_id(id) ? "application:" + id : std::string();
}

void emit_event(Call& call, Api& api, std::string_view trigger, Delivery const& delivery,
                std::string const& otherwise) {
    bool const is_hire = trigger == "candidate.hired";
    std::optional<json::object> record =
        is_hire ? fetch_hire(call, api, delivery) : fetch_application(call, api, delivery);
    if (!record) {
        return;
    }
    json::value const* found = record->if_contains(is_hire ? "opportunity" : "application");
    std::string id = found == nullptr ? std::string() : is_hire ? hire_id(*found) : application_id(*found);
    connector::Event event = opportunity_event(is_hire ? hire_schema : application_schema, std::move(*record));
    event.id = id.empty() ? otherwise : std::move(id);
    event.type = trigger;
    event.occurred_unix_ms = delivery.triggered_at;
    call.emit(event);
}

}  // namespace crosswalk::lever
