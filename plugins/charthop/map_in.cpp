#include "jobs.hpp"
#include "mapping.hpp"
#include "pay.hpp"

#include <algorithm>

namespace crosswalk::charthop {

using connector::find;
using connector::text_at;

namespace {

bool is_date(std::string_view text) {
    static constexpr std::string_view shape = "0000-00-00";
    return text.size() == shape.size() && std::equal(text.begin(), text.end(), shape.begin(), [](char c, char like) {
               return like == '0' ? c >= '0' && c <= '9' : c == like;
           });
}

json::object named(std::string_view name) {
    return {{"name", json::string(name)}};
}

void put_person(json::object& out, char const* name, json::value const* person) {
    if (person == nullptr) {
        return;
    }
    json::object one;
    for (char const* part : {"email", "name"}) {
        if (std::string_view const text = text_at(*person, std::string("/") + part); !text.empty()) {
            one[part] = text;
        }
    }
    if (!one.empty()) {
        out[name] = json::array{one};
    }
}

void put_status(Settings const& settings, json::object& out, std::string_view raw) {
    std::string_view const status = settings.translate("status_out", raw);
    out["status"] = status.empty() ? "other" : status;
    if (!raw.empty()) {
        out["status_raw"] = raw;
    }
}

void put_employment(Settings const& settings, json::object& out, std::string_view raw) {
    if (raw.empty()) {
        return;
    }
    std::string_view const employment = settings.translate("employment_out", raw);
    out["employment_type"] = employment.empty() ? "other" : employment;
    out["employment_type_raw"] = raw;
}

}  // namespace

connector::Record map_job(Call& call, Settings const& settings, json::value const& job) {
    std::string const id(text_at(job, "/id"));
    json::object out{{"kind", "requisition"}, {"ref", job_ref(call, id)}, {"type", "requisition"}};
    out["name"] = text_at(job, "/title");
    std::string const code(text_at(job, "/code"));
    out["code"] = code.empty() ? generated_code(id) : code;
    put_status(settings, out, text_at(job, "/status"));
    put_employment(settings, out, text_at(job, "/employment"));
    if (std::string_view const level = text_at(job, "/confidential"); !level.empty()) {
        std::string_view const high = settings.contract.at("confidential").at("yes").get_string();
        out["confidential"] = folded(level) == folded(high);
    }
    for (char const* group : {"department", "team"}) {
        if (std::string_view const name = text_at(job, std::string("/") + group); !name.empty()) {
            out[group] = named(name);
        }
    }
    std::string_view location = text_at(job, "/location");
    location = location.empty() ? text_at(job, "/default_location") : location;
    if (!location.empty()) {
        out["locations"] = json::array{named(location)};
    }
    put_person(out, "hiring_managers", find(job, "/manager"));
    put_person(out, "recruiters", find(job, "/recruiter"));
    if (std::optional<Pay> const pay = read_pay(settings, find(job, "/pay"))) {
        out["pay"] =
            json::object{{"max", {{"amount", pay->amount}, {"currency", pay->currency}}}, {"interval", pay->interval}};
    }
    if (std::string_view const date = text_at(job, "/start_date"); is_date(date)) {
        out["target_start_date"] = date;
    }
    if (json::value const* custom = find(job, "/custom"); custom != nullptr && !custom->as_object().empty()) {
        out["custom"] = *custom;
    }
    return {"crosswalk.requisition/1", id, std::move(out)};
}

}  // namespace crosswalk::charthop
