#include "create.hpp"

#include "documents.hpp"
#include "search.hpp"

#include <algorithm>
#include <array>

namespace crosswalk::goco {
namespace {

using connector::Outcome;
using connector::PushRequest;

// What push itself makes of a goco.employee/1 record; every other member is an extra field and passes through.
constexpr std::array copied = {"external_id",    "import_source",  "first_name",      "last_name",
                               "personal_email", "personal_phone", "employment_type", "start_date"};
constexpr std::array resolved = {"department", "location", "job_title", "manager", "documents"};

std::string member(json::object const& from, std::string_view name) {
    json::value const* found = from.if_contains(name);
    return found != nullptr && found->is_string() ? std::string(found->get_string()) : std::string{};
}

json::array documents_of(json::object const& hire) {
    json::value const* found = hire.if_contains("documents");
    return found != nullptr && found->is_array() ? found->get_array() : json::array{};
}

void note_target(Api const& api, json::object const& row) {
    api.call().note(CW_NOTE_TARGET_KEY, id_text(api.field(row, "id")));
    if (std::string_view const url = api.text(row, "profile_url"); !url.empty()) {
        api.call().note(CW_NOTE_TARGET_URL, url);
    }
}

Outcome duplicate(Api const& api, Person const& person) {
    note_target(api, person.row);
    api.call().note(CW_NOTE_REASON, "An employee with the same first and last name is already in GoCo (" +
                                        person.id(api) +
                                        "). Nothing was created or changed. Resolve the duplicate in GoCo, then replay "
                                        "the event.");
    return Outcome::duplicate;
}

Outcome delivered(Api const& api, PushRequest const& request, json::object const& row) {
    note_target(api, row);
    std::string const id = id_text(api.field(row, "id"));
    Documents const documents(api, member(request.data, "external_id"));
    try {
        documents.remember_employee(id);
    } catch (Failure const& failure) {
        // The employee exists; only a later upload_document would miss this.
        api.call().log(CW_LOG_WARN, "An employee's id could not be remembered.", {{"detail", failure.message()}});
    }
    documents.upload_all(id, documents_of(request.data), request.idempotency_key);
    return Outcome::delivered;
}

void check_required(json::object const& hire) {
    std::vector<FieldProblem> missing;
    for (char const* field : {"external_id", "first_name", "last_name"}) {
        if (member(hire, field).empty()) {
            missing.push_back({field, "is missing"});
        }
    }
    if (!missing.empty()) {
        throw Failure(CW_ERR_INVALID, "The record lacks fields that GoCo requires.", std::move(missing));
    }
}

// Fills the body of the create call; collects what GoCo does not know.
class BodyBuilder {
public:
    BodyBuilder(Api const& api, Lists& lists, json::object const& hire) : api_(&api), lists_(&lists), hire_(&hire) {}

    json::object build() {
        for (char const* name : copied) {
            if (json::value const* found = hire_->if_contains(name); found != nullptr && !found->is_null()) {
                set(name, *found);
            }
        }
        from_list("department", "departments", "department_id");
        from_list("location", "locations", "location_id");
        job_title();
        manager();
        for (auto const& [name, value] : *hire_) {
            if (!contains(copied, name) && !contains(resolved, name)) {
                body_.emplace(api_->settings().wire(name), value);
            }
        }
        if (!problems_.empty()) {
            throw Failure(CW_ERR_INVALID,
                          "The hire names values that GoCo does not have. Add them in GoCo or correct them at the "
                          "source, then replay the event.",
                          std::move(problems_));
        }
        return std::move(body_);
    }

private:
    template <class List>
    static bool contains(List const& list, std::string_view name) {
        return std::find(list.begin(), list.end(), name) != list.end();
    }
    void set(std::string_view contract, json::value value) {
        body_.insert_or_assign(api_->settings().wire(contract), std::move(value));
    }
    void mismatch(std::string const& field, Match const& match, std::string const& what) {
        bool const several = match.kind == Match::Kind::several;
        if (api_->settings().must_match.contains(field)) {
            problems_.push_back(
                {field, several ? "matches more than one " + what + " in GoCo" : "is no " + what + " in GoCo"});
        } else {
            api_->call().warn(field, several ? "GoCo has more than one " + what + " of this name; it was left out."
                                             : "GoCo has no " + what + " of exactly this value; it was left out.");
        }
    }
    void from_list(std::string const& field, std::string_view path, std::string_view contract_id) {
        std::string const name = member(*hire_, field);
        if (name.empty() || !api_->settings().uses(path)) {
            return;
        }
        if (Match const match = lists_->find(*api_, path, name); match.kind == Match::Kind::found) {
            set(contract_id, match.id);
        } else {
            mismatch(field, match, field);
        }
    }
    void job_title() {
        std::string const title = member(*hire_, "job_title");
        if (title.empty()) {
            return;
        }
        if (!api_->settings().uses("job_titles")) {
            set("job_title", json::string(title));
            return;
        }
        // Two titles of one spelling are the same text.
        if (Match const match = lists_->find(*api_, "job_titles", title); match.kind != Match::Kind::none) {
            set("job_title", json::string(match.name));
        } else {
            mismatch("job_title", match, "job title");
        }
    }
    void manager() {
        json::value const* found = hire_->if_contains("manager");
        if (found == nullptr || !found->is_object() || !api_->settings().uses("manager_search")) {
            return;
        }
        std::string const email = member(found->get_object(), "email");
        std::string const name = member(found->get_object(), "name");
        if (email.empty() && name.empty()) {
            return;
        }
        if (Match const match = find_manager(*api_, email, name); match.kind == Match::Kind::found) {
            set("manager_id", match.id);
        } else {
            mismatch("manager", match, "person");
        }
    }

    Api const* api_;
    Lists* lists_;
    json::object const* hire_;
    json::object body_;
    std::vector<FieldProblem> problems_;
};

// What GoCo's reasons must not carry into notes, mails and logs.
std::vector<std::string> personal_texts(json::object const& hire) {
    std::vector<std::string> out;
    auto const add = [&](json::value const& value) {
        if (value.is_string() && value.get_string().size() >= 2) {
            out.emplace_back(value.get_string());
        }
    };
    for (auto const& [name, value] : hire) {
        bool const is_word = name == "employment_type" || name == "start_date" || name == "import_source";
        if (!is_word) {
            add(value);
        }
        if (value.is_object()) {
            for (auto const& inner : value.get_object()) {
                add(inner.value());
            }
        }
    }
    return out;
}

// GoCo refuses the POST because somebody is there already. Who?
Outcome conflict(Api const& api, PushRequest const& request, connector::HttpResponse const& response) {
    std::string const external_id = member(request.data, "external_id");
    json::error_code error;
    json::value const body = response.body.size() <= answer_bytes_max ? json::parse(response.body, error) : nullptr;
    std::string const first = api.settings().envelope.find("details")->second + "/0";
    json::value const* detail = error ? nullptr : connector::find(body, first);
    if (detail != nullptr && detail->is_object()) {
        std::string const id = id_text(api.field(detail->get_object(), "existing_id"));
        if (std::optional<Person> const person = id.empty() ? std::nullopt : read_back(api, id)) {
            return is_ours(api, *person, external_id) ? delivered(api, request, person->row) : duplicate(api, *person);
        }
    }
    Found const found = search_employee(api, request.data);
    if (found.ours) {
        return delivered(api, request, found.ours->row);
    }
    api.call().note(
        CW_NOTE_REASON,
        "GoCo says that this employee exists already (409 duplicate). Nothing was created or changed. Resolve "
        "the duplicate in GoCo, then replay the event.");
    return Outcome::duplicate;
}

Outcome undecided(Api const& api, std::string const& why) {
    api.call().note(CW_NOTE_REASON, why);
    return Outcome::unknown;
}

}  // namespace

Outcome create_employee(Api const& api, Lists& lists, PushRequest const& request) {
    check_required(request.data);
    Found const found = search_employee(api, request.data);
    if (found.ours) {
        return delivered(api, request, found.ours->row);
    }
    if (found.namesake) {
        return duplicate(api, *found.namesake);
    }
    std::string body = json::serialize(BodyBuilder(api, lists, request.data).build());
    auto const response =
        api.post("employee_create", {}, {"application/json", std::move(body)}, request.idempotency_key);
    if (!response) {
        return undecided(api, "GoCo did not answer the create call; it may have been applied.");
    }
    if (response->status == 409) {
        return conflict(api, request, *response);
    }
    if (is_undecided(response->status)) {
        return undecided(api, "GoCo answered the create call with " + std::to_string(response->status) +
                                  "; it may have been applied.");
    }
    if (!is_success(response->status)) {
        throw api.refusal("employee_create", *response, personal_texts(request.data));
    }
    std::optional<json::value> const created = api.data_of(*response);
    if (!created || !created->is_object() || id_text(api.field(created->get_object(), "id")).empty()) {
        return undecided(api, "GoCo accepted the create call but did not say which employee it made.");
    }
    return delivered(api, request, created->get_object());
}

Outcome look_up_employee(Api const& api, PushRequest const& request) {
    check_required(request.data);
    try {
        Found const found = search_employee(api, request.data);
        if (found.ours) {
            note_target(api, found.ours->row);
            Documents const documents(api, member(request.data, "external_id"));
            bool const whole = documents.all_settled(found.ours->id(api), documents_of(request.data));
            return whole ? Outcome::delivered : Outcome::retry;
        }
        return found.namesake ? duplicate(api, *found.namesake) : Outcome::retry;
    } catch (Failure const& failure) {
        if (failure.status() == CW_ERR_AUTH || failure.status() == CW_ERR_CONFIG) {
            throw;
        }
        // The look-up failed, which says nothing about the push: "try again" would be taken for "not applied".
        return undecided(api, failure.message());
    }
}

Outcome upload_document(Api const& api, PushRequest const& request) {
    if (!api.settings().uses("document_upload")) {
        throw Failure(CW_ERR_UNSUPPORTED, "Documents are switched off: /paths/document_upload is empty.");
    }
    Documents const documents(api, member(request.data, "external_id"));
    std::string employee = member(request.data, "employee_id");
    if (employee.empty()) {
        employee = documents.employee().value_or(std::string{});
    }
    if (employee.empty()) {
        throw Failure(CW_ERR_INVALID,
                      "The owner of the document was not created in GoCo by this connection, so GoCo's id of it is not "
                      "known. Deliver the hire first, then replay the event.",
                      {{"owner", "is not known in GoCo"}});
    }
    api.call().note(CW_NOTE_TARGET_KEY, employee);
    switch (documents.state(employee, request.data)) {
        case Documents::State::arrived:
            return Outcome::delivered;
        case Documents::State::uncertain:
            return undecided(api, "GoCo did not confirm an earlier upload of this document.");
        case Documents::State::absent:
            break;
    }
    return documents.upload(employee, request.data, request.idempotency_key)
               ? Outcome::delivered
               : undecided(api, "GoCo did not confirm the document; it may have arrived.");
}

Outcome look_up_document(Api const& api, PushRequest const& request) {
    Documents const documents(api, member(request.data, "external_id"));
    std::string employee = member(request.data, "employee_id");
    if (employee.empty()) {
        employee = documents.employee().value_or(std::string{});
    }
    if (!employee.empty() && documents.state(employee, request.data) == Documents::State::arrived) {
        return Outcome::delivered;
    }
    return undecided(api, "GoCo has no list of documents to look at: see the employee's documents in GoCo.");
}

}  // namespace crosswalk::goco
