#include "applications/application.hpp"
#include "fields.hpp"
#include "lever_data.hpp"
#include "people.hpp"
#include "values.hpp"

namespace crosswalk::lever {

using connector::Call;
using connector::Failure;
using connector::find;
using connector::Record;
using connector::text_at;

namespace {

json::value const& table() {
    static json::value const parsed = json::parse(application_json);
    return parsed;
}

// Lever archives both those whom it hired and those whom it did not; the type of the reason tells.
void put_status(json::value const& record, json::object& out) {
    auto const archived = archived_at(*find(record, "/opportunity"));
    // Of an anonymised one only the shell is left.
    bool const deleted = find(record, "/deletedAt") != nullptr || is_anonymised(*find(record, "/opportunity"));
    if (deleted) {
        out["deleted"] = true;
    }
    if (!archived) {
        out["status"] = deleted ? "archived" : "active";
        return;
    }
    bool const hired = text_at(record, "/archiveReason/type") == "hired";
    out["status"] = hired ? "hired" : "archived";
    auto const at = utc_time(*archived);
    if (hired && at) {
        out["hired_at"] = *at;
    }
    if (std::string_view const reason = text_at(record, "/archiveReason/text"); !reason.empty()) {
        out["status_raw"] = reason;
        if (!hired) {
            out["reject_reason"] = reason;
        }
    }
}

}  // namespace

Record map_application(Call& call, Settings const& settings, json::object object) {
    json::value const record(std::move(object));
    std::string const id(text_at(record, "/opportunity/id"));
    if (id.empty()) {
        throw Failure(CW_ERR_INVALID, "The record holds no Lever opportunity.", {{"opportunity", "has no id"}});
    }
    json::object out{{"kind", "application"}, {"ref", ref_to(call, "application", id)}};
    std::string_view const contact = id_of(find(record, "/opportunity/contact"));
    // Lever's person is the contact; without one the opportunity stands for it.
    out["candidate"] = contact.empty() ? ref_to(call, "application", id) : ref_to(call, "candidate", contact);
    put_ref(call, out, "posting", "posting", id_of(find(record, "/application/posting")));
    put_ref(call, out, "job", "requisition", text_at(record, "/application/requisitionForHire/id"));
    if (json::object person = person_of(settings.name_split, record); !person.empty()) {
        out["person"] = std::move(person);
    }
    put_status(record, out);
    fill(call, table(), record, out);
    return {std::string(canonical_application), id, std::move(out)};
}

}  // namespace crosswalk::lever
