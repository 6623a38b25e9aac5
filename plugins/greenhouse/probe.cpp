#include "probe.hpp"

#include "values.hpp"
#include "webhook.hpp"

#include <array>

namespace crosswalk::greenhouse {

using connector::Call;
using connector::Failure;
using connector::find;
using connector::text_at;

namespace {

struct Check {
    std::string_view resource;  // also the path
    std::string_view needed_for;
    bool v1;  // v1 has a list of its own for it
};

constexpr std::array<Check, 4> checks = {{
    {"offers", "start date, job title and employment type", true},
    {"attachments", "documents", false},
    {"notes", "finding a note before it is written again", false},
    {"users", "the user who writes notes", true},
}};

void warn_of(Call& call, Api const& api, std::string_view resource, std::string_view needed_for) {
    call.warn(resource, "The credential lacks " + api.permission(resource) + ", needed for " + std::string(needed_for) +
                            ". Select every permission.");
}

// The first application is also a candidate whose feed v1 can be asked for.
void check_permissions(Call& call, Api& api) {
    Read const applications = api.read(call, "/applications", "per_page=1");
    if (applications.kind == Read::Kind::missing) {
        throw Failure(CW_ERR_CONFIG,
                      api.is_v3()
                          ? "Greenhouse has no Harvest v3 at this address (404). Check base_url."
                          : "Greenhouse has no Harvest v1 any more (404): it is switched off. Greenhouse announced "
                            "its removal for 31 August 2026. Make OAuth client credentials and set api to v3.");
    }
    if (applications.kind == Read::Kind::forbidden) {
        warn_of(call, api, "applications", "every hire");
    }
    for (Check const& check : checks) {
        if ((api.is_v3() || check.v1) &&
            api.read(call, "/" + std::string(check.resource), "per_page=1").kind == Read::Kind::forbidden) {
            warn_of(call, api, check.resource, check.needed_for);
        }
    }
    std::string const candidate = api.is_v3() ? std::string() : id_at(applications.data, "/0/candidate_id");
    if (!candidate.empty() &&
        api.read(call, "/candidates/" + candidate + "/activity_feed").kind == Read::Kind::forbidden) {
        warn_of(call, api, "candidates", "finding a note before it is written again");
    }
}

// With an acting user who is no Site Admin every list comes back empty, without a word.
void check_acting_user(Call& call, Api& api) {
    // Who consented to a partner's app is not told.
    if (!api.is_v3() || api.settings().user_id.empty()) {
        return;
    }
    Read const users = api.read(call, "/users", "ids=" + api.settings().user_id);
    if (users.kind != Read::Kind::found) {
        return;
    }
    json::value const* admin = find(users.data, "/0/site_admin");
    if (admin == nullptr || !admin->is_bool() || !admin->get_bool()) {
        call.warn("/auth/user_id", "This user is not there or is no Site Admin, so Greenhouse's lists stay empty.");
    }
}

void check_job_title(Call& call, Api& api) {
    std::string const& key = api.settings().job_title_field;
    std::string const path = api.is_v3() ? "/custom_fields" : "/custom_fields/offer";
    bool found = false;
    try {
        api.each(call, path, api.is_v3() ? "field_type=offer" : "", "custom_fields", [&](json::value const& field) {
            json::value const* active = find(field, "/active");
            found =
                text_at(field, "/name_key") == key && (active == nullptr || !active->is_bool() || active->get_bool());
            return !found;
        });
    } catch (Failure const& failure) {
        if (failure.status() != CW_ERR_INVALID) {
            throw;
        }
        warn_of(call, api, "custom_fields", "looking whether the offer's field for the job title exists");
        return;
    }
    if (!found) {
        call.warn("job_title",
                  "Offers have no custom field with the key '" + key +
                      "', so no job title is carried. In Greenhouse: Configure > Custom Options > Offers > Add "
                      "Field, named Job Title, as short textbox.");
    }
}

void check_secret_key(Call& call, Settings const& settings) {
    if (!settings.has_secret_key) {
        call.warn(secret_key_pointer, "No secret key is set, so no webhook is accepted.");
        return;
    }
    std::optional<std::string> const key = call.secret(secret_key_pointer);
    if (!key || key->empty()) {
        throw Failure(CW_ERR_CONFIG, "The secret behind /webhook/secret_key is not there or empty.");
    }
    if (key->size() < secret_key_size_least) {
        call.warn(
            secret_key_pointer,
            "The secret key is short enough to be guessed; whoever guesses it can invent hires. Use 16 characters "
            "or more, here and in Greenhouse.");
    }
}

}  // namespace

void probe(Call& call, Api& api) {
    if (!api.is_v3()) {
        call.warn("/api",
                  "Harvest v1 is a legacy: Greenhouse announced its removal for 31 August 2026. Make OAuth client "
                  "credentials and set api to v3.");
    }
    check_permissions(call, api);
    check_acting_user(call, api);
    check_job_title(call, api);
    check_secret_key(call, api.settings());
    // Last, so that an unknown user does not hide what else is missing.
    if (api.settings().user_email.empty()) {
        return;
    }
    try {
        (void)api.note_author(call);
    } catch (Failure const& failure) {
        if (failure.status() == CW_ERR_INVALID && !failure.fields().empty()) {
            throw Failure(CW_ERR_CONFIG, failure.message(), failure.fields());
        }
        if (failure.status() != CW_ERR_INVALID) {
            throw;
        }
    }
}

}  // namespace crosswalk::greenhouse
