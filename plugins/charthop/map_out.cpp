#include "mapping.hpp"

#include <array>

namespace crosswalk::charthop {

using connector::find;
using connector::text_at;

namespace {

void copy(json::object& out, std::string_view to, json::value const& from, std::string_view pointer) {
    if (json::value const* found = find(from, pointer)) {
        out[to] = *found;
    }
}

// What both a hire's and a requisition's pushes must not run two of at once: those of one job. Systems agree on the
// code; without one the requisition itself has to do.
std::string job_key(json::value const* ref, std::string_view code, std::string_view otherwise) {
    if (!code.empty()) {
        return "job:" + folded(code);
    }
    return ref == nullptr ? "job:" + std::string(otherwise) : "job:" + json::serialize(*ref);
}

json::object address(json::value const& from) {
    static constexpr std::array<std::pair<char const*, char const*>, 6> parts{{{"street1", "/street1"},
                                                                               {"street2", "/street2"},
                                                                               {"city", "/city"},
                                                                               {"state", "/state"},
                                                                               {"country", "/country"},
                                                                               {"postal", "/postal_code"}}};
    json::object out;
    for (auto const& [to, pointer] : parts) {
        copy(out, to, from, pointer);
    }
    return out;
}

}  // namespace

connector::Record map_hire(Call& call, json::value const& hire) {
    json::object out;
    for (char const* name : {"first_name", "last_name", "start_date", "salary", "candidate", "application",
                             "requisition", "requisition_code", "extra"}) {
        copy(out, name, hire, std::string("/") + name);
    }
    copy(out, "email", hire, "/personal_email");
    if (std::string_view const phone = text_at(hire, "/personal_phone"); !phone.empty()) {
        out["phone"] = phone;
        if (!phone.starts_with('+')) {
            call.warn("personal_phone",
                      "It has no country code; ChartHop does not recognise a number from abroad then.");
        }
    }
    if (json::value const* found = find(hire, "/address"); found != nullptr && found->is_object()) {
        out["address"] = address(*found);
    }
    std::string_view const source = text_at(hire, "/import_source");
    std::string_view const code = text_at(hire, "/requisition_code");
    std::string note = "Hired in " + std::string(source.empty() ? "the recruiting system" : source);
    if (!code.empty()) {
        note += " (req " + std::string(code) + ")";
    }
    out["note"] = note;
    json::value const* candidate = find(hire, "/candidate");
    return {
        hire_schema,
        job_key(find(hire, "/requisition"), code, candidate == nullptr ? std::string() : json::serialize(*candidate)),
        std::move(out)};
}

connector::Record map_requisition(Call& call, Settings const& settings, json::value const& requisition) {
    json::object out;
    copy(out, "ref", requisition, "/ref");
    copy(out, "title", requisition, "/name");
    copy(out, "code", requisition, "/code");
    copy(out, "confidential", requisition, "/confidential");
    copy(out, "start_date", requisition, "/target_start_date");
    copy(out, "extra", requisition, "/extra");
    std::string_view const status = text_at(requisition, "/status");
    out["open"] = status == "open";
    if (std::string_view const word = settings.translate("status_in", status); !word.empty()) {
        out["status"] = word;
    } else {
        call.warn("status", "ChartHop has no recruiting status for it; it was left out.");
    }
    std::string_view const employment = text_at(requisition, "/employment_type");
    if (std::string_view const word = settings.translate("employment_in", employment); !word.empty()) {
        out["employment"] = word;
    } else if (!employment.empty()) {
        call.warn("employment_type", "ChartHop has no such employment type; it was left out.");
    }
    copy(out, "department", requisition, "/department/name");
    copy(out, "team", requisition, "/team/name");
    copy(out, "location", requisition, "/locations/0/name");
    copy(out, "manager", requisition, "/hiring_managers/0/email");
    copy(out, "recruiter", requisition, "/recruiters/0/email");
    if (json::value const* most = find(requisition, "/pay/max")) {
        json::object pay{{"amount", *most}};
        copy(pay, "interval", requisition, "/pay/interval");
        out["pay"] = std::move(pay);
    }
    json::value const* ref = find(requisition, "/ref");
    return {job_update_schema, job_key(ref, text_at(requisition, "/code"), {}), std::move(out)};
}

connector::Record map_metrics(json::value const& metrics) {
    json::object out;
    json::object counts;
    for (char const* name : {"candidates", "active", "hired", "archived"}) {
        copy(counts, name, metrics, std::string("/") + name);
    }
    out["counts"] = std::move(counts);
    copy(out, "requisition", metrics, "/requisition");
    copy(out, "code", metrics, "/code");
    return {job_metrics_schema, job_key(find(metrics, "/requisition"), text_at(metrics, "/code"), {}), std::move(out)};
}

}  // namespace crosswalk::charthop
