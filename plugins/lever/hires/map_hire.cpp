#include "fields.hpp"
#include "hires/hire.hpp"
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

// mapping/hire.json; what stands in it is ours, so reading it does not fail.
json::value const& table() {
    static json::value const parsed = json::parse(hire_json);
    return parsed;
}

void put_manager(Call const& call, json::value const& hire, json::object& out) {
    json::object manager;
    if (std::string name = folded(text_at(hire, "/manager/name")); !name.empty()) {
        manager["name"] = std::move(name);
    }
    if (std::string_view const email = text_at(hire, "/manager/email"); !email.empty()) {
        manager["email"] = email;
    }
    if (!manager.empty()) {
        put_ref(call, manager, "ref", "user", text_at(hire, "/manager/id"));
        out["manager"] = std::move(manager);
    }
}

void put_custom_fields(json::value const& hire, json::object& out) {
    json::value& place = out["custom"];
    json::object& custom = place.is_object() ? place.get_object() : place.emplace_object();
    if (json::value const* fields = find(hire, "/requisition/customFields"); fields != nullptr && fields->is_object()) {
        put_custom(fields->get_object(), custom);
    }
    if (json::value const* fields = find(hire, "/offerFields"); fields != nullptr && fields->is_object()) {
        json::object own;
        for (auto const& entry : fields->get_object()) {
            if (entry.key().starts_with("custom_")) {
                own.emplace(entry.key(), entry.value());
            }
        }
        put_custom(own, custom);
    }
    if (custom.empty()) {
        out.erase("custom");
    }
}

void warn_of_unread(Call& call, json::value const& hire) {
    json::value const* unread = find(hire, "/unread");
    if (unread != nullptr && unread->is_array()) {
        for (json::value const& one : unread->get_array()) {
            call.warn(text_at(one, "/object"), text_at(one, "/reason"));
        }
    }
}

}  // namespace

Record map_hire(Call& call, Settings const& settings, json::object object) {
    json::value const hire(std::move(object));
    std::string const id(text_at(hire, "/opportunity/id"));
    if (id.empty()) {
        throw Failure(CW_ERR_INVALID, "The record holds no Lever opportunity.", {{"opportunity", "has no id"}});
    }
    json::object out{{"kind", "hire"}, {"ref", ref_to(call, "application", id)}, {"import_source", "Lever"}};
    std::string_view const contact = id_of(find(hire, "/opportunity/contact"));
    // Lever's person is the contact; without one the opportunity stands for it.
    out["candidate"] = contact.empty() ? ref_to(call, "application", id) : ref_to(call, "candidate", contact);
    out["application"] = ref_to(call, "application", id);
    put_ref(call, out, "offer", "offer", text_at(hire, "/offer/id"));
    put_ref(call, out, "requisition", "requisition", text_at(hire, "/application/requisitionForHire/id"));
    put_name(settings.name_split, hire, out);
    if (std::string phone = best_phone(hire); !phone.empty()) {
        out["personal_phone"] = std::move(phone);
    }
    put_manager(call, hire, out);
    fill(call, table(), hire, out, settings.send_start_date ? "" : "send_start_date");
    put_custom_fields(hire, out);
    warn_of_unread(call, hire);
    return {std::string(canonical_hire), id, std::move(out)};
}

}  // namespace crosswalk::lever
