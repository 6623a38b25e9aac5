#include "goco.hpp"

#include "create.hpp"
#include "goco_data.hpp"
#include "map_out.hpp"

namespace crosswalk::goco {
namespace {

constexpr cw_action create_employee_action{
    sizeof(cw_action), 0, "create_employee", "Create an employee", "crosswalk.hire/1", "goco.employee/1"};
constexpr cw_action upload_document_action{sizeof(cw_action),        0,
                                           "upload_document",        "Upload a document to an employee",
                                           "crosswalk.attachment/1", "goco.document/1"};
constexpr cw_action const* actions[] = {&create_employee_action, &upload_document_action, nullptr};
constexpr cw_trigger const* triggers[] = {nullptr};
constexpr char const* secrets[] = {"/api_key", nullptr};
constexpr char const* egress[] = {"setting:/base_url", "setting:/documents_url", nullptr};

constexpr cw_descriptor descriptor{sizeof(cw_descriptor),
                                   CW_CAP_MAP_OUT | CW_CAP_PUSH | CW_CAP_PARALLEL,
                                   "goco",
                                   "GoCo",
                                   "Crosswalk",
                                   "0.1.0",
                                   "https://developers.goco.io",
                                   settings_schema,
                                   triggers,
                                   actions,
                                   secrets,
                                   egress,
                                   5,
                                   5};

[[noreturn]] void refuse(std::string_view what, std::string_view name) {
    throw Failure(CW_ERR_UNSUPPORTED, "GoCo has no " + std::string(what) + " " + std::string(name) + ".");
}

}  // namespace

void Goco::init(Call& call) {
    settings_ = Settings::load(call.config());
}

void Goco::map(Call& call, connector::MapRequest const& request) {
    if (request.direction == connector::Direction::out && request.to_schema == create_employee_action.schema) {
        map_employee(call, settings_, request.data);
    } else if (request.direction == connector::Direction::out && request.to_schema == upload_document_action.schema) {
        map_document(call, settings_, request.data);
    } else {
        refuse("mapping to", request.to_schema);
    }
}

connector::Outcome Goco::push(Call& call, connector::PushRequest const& request) {
    Api const api(call, settings_);
    if (request.action == create_employee_action.name) {
        return create_employee(api, lists_, request);
    }
    if (request.action == upload_document_action.name) {
        return upload_document(api, request);
    }
    refuse("action", request.action);
}

connector::Outcome Goco::look_up(Call& call, connector::PushRequest const& request) {
    Api const api(call, settings_);
    if (request.action == create_employee_action.name) {
        return look_up_employee(api, request);
    }
    if (request.action == upload_document_action.name) {
        return look_up_document(api, request);
    }
    refuse("action", request.action);
}

void Goco::probe(Call& call) {
    Api const api(call, settings_);
    (void)api.get("company", {});
    for (char const* path : {"departments", "locations", "job_titles"}) {
        if (!settings_.uses(path)) {
            continue;
        }
        try {
            api.list(path, {}, [](json::object const&) { return false; });
        } catch (Failure const& failure) {
            call.warn(std::string("/paths/") + path, "It cannot be read: " + failure.message());
        }
    }
}

}  // namespace crosswalk::goco

extern "C" CW_EXPORT cw_library const* CW_CALL cw_connector_entry_v0() {
    return crosswalk::connector::library<crosswalk::goco::Goco>(crosswalk::goco::descriptor);
}
