#include "documents.hpp"

#include <crosswalk/files.hpp>

#include <algorithm>

namespace crosswalk::goco {
namespace {

constexpr std::chrono::milliseconds pause_max{10'000};
constexpr int conflicts_max = 20;

std::string_view member(json::object const& from, std::string_view name) {
    json::value const* found = from.if_contains(name);
    return found != nullptr && found->is_string() ? std::string_view(found->get_string()) : std::string_view{};
}

std::string digest(Call const& call, json::object const& document) {
    std::string text;
    for (char const* name : {"file_name", "category", "content_base64"}) {
        text += member(document, name);
        text += '\0';
    }
    for (char const* name : {"bytes", "url"}) {
        text += member(document, name);
    }
    return call.sha256_hex(text);
}

bool call_is_over(cw_status status) {
    return status == CW_ERR_DEADLINE || status == CW_ERR_CANCELLED;
}

// Nothing was sent to GoCo yet, so whatever may pass is worth another try.
std::string downloaded(Call& call, std::string_view url) {
    connector::HttpRequest request;
    request.url = url;  // signed by itself; our key stays at home
    request.to_file = true;
    connector::HttpResponse response;
    try {
        response = call.http(request);
    } catch (Failure const& failure) {
        switch (failure.status()) {
            case CW_ERR_DENIED:
                throw Failure(CW_ERR_INVALID,
                              "Its url leads to a host that this connection may not talk to. Set documents_url to it.");
            case CW_ERR_TOO_LARGE:
                throw Failure(CW_ERR_INVALID, "The file behind its url is larger than this host takes.");
            default:
                throw Failure(call_is_over(failure.status()) ? failure.status() : CW_ERR_TRANSIENT,
                              "It could not be fetched.");
        }
    }
    if (response.status >= 500 || response.status == 429) {
        throw Failure(CW_ERR_TRANSIENT, "It cannot be fetched now (" + std::to_string(response.status) + ").");
    }
    if (response.body_file.empty()) {
        throw Failure(CW_ERR_INVALID, "Its url no longer leads to a file (" + std::to_string(response.status) + ").");
    }
    return response.body_file;
}

void add_content(Call& call, connector::Form& form, std::string_view part, json::object const& document) {
    std::string_view const name = member(document, "file_name");
    std::string_view const type = member(document, "content_type");
    if (std::string_view const id = member(document, "bytes"); !id.empty()) {
        if (!call.file_size(id)) {
            throw Failure(CW_ERR_INVALID, "The host no longer keeps its file. Replay the event to fetch it again.",
                          {{"bytes", "names a file that is gone"}});
        }
        form.add_kept_file(part, name, type, id);
    } else if (std::string_view const text = member(document, "content_base64"); !text.empty()) {
        auto bytes = connector::decode_base64(text);
        if (!bytes) {
            throw Failure(CW_ERR_INVALID, "The content of the document is not base64.");
        }
        form.add_file(part, name, type, std::move(*bytes));
    } else {
        form.add_kept_file(part, name, type, downloaded(call, member(document, "url")));
    }
}

}  // namespace

bool has_content(json::object const& document) {
    return !member(document, "bytes").empty() || !member(document, "content_base64").empty() ||
           !member(document, "url").empty();
}

// `files` maps a digest to "arrived" or "uncertain". They belong to one employee: made anew, it has none.
struct Documents::Row {
    std::uint64_t version = 0;
    std::string employee;
    json::object files;

    void belong_to(std::string const& id) {
        if (employee != id) {
            employee = id;
            files.clear();
        }
    }
    [[nodiscard]] static Row parse(Call::Stored const& stored) {
        json::value const value = connector::parse_json(stored.value, "The connector's state");
        Row row;
        row.version = stored.version;
        row.employee = connector::text_at(value, "/id");
        if (json::value const* files = connector::find(value, "/files"); files != nullptr && files->is_object()) {
            row.files = files->get_object();
        }
        return row;
    }
};

Documents::Row Documents::read() const {
    std::optional<Call::Stored> const stored = api_->call().kv_get("employee/" + external_id_);
    return stored ? Row::parse(*stored) : Row{};
}

template <class Change>
void Documents::change(Change&& change) const {
    for (int turn = 0; turn < conflicts_max; ++turn) {
        Row row = read();
        change(row);
        std::string const text = json::serialize(json::object{{"id", row.employee}, {"files", row.files}});
        if (api_->call().kv_put("employee/" + external_id_, text, row.version)) {
            return;
        }
    }
    throw Failure(CW_ERR_TRANSIENT, "The connector's state changes too fast.");
}

std::optional<std::string> Documents::employee() const {
    Row const row = read();
    return row.employee.empty() ? std::nullopt : std::optional(row.employee);
}

void Documents::remember_employee(std::string const& id) const {
    if (read().employee == id) {
        return;
    }
    change([&](Row& row) { row.belong_to(id); });
}

Documents::State Documents::state(std::string const& employee, json::object const& document) const {
    Row const row = read();
    json::value const* found =
        row.employee == employee ? row.files.if_contains(digest(api_->call(), document)) : nullptr;
    if (found == nullptr) {
        return State::absent;
    }
    return *found == "uncertain" ? State::uncertain : State::arrived;
}

bool Documents::upload(std::string const& employee, json::object const& document,
                       std::string_view idempotency_key) const {
    std::string const mark = digest(api_->call(), document);
    connector::Form form;
    add_content(api_->call(), form, api_->settings().wire("document_file"), document);
    form.add_text(api_->settings().wire("document_name"), member(document, "file_name"));
    form.add_text(api_->settings().wire("document_category"), member(document, "category"));
    std::string const key = std::string(idempotency_key) + "/" + mark.substr(0, 16);
    connector::Form::Pieces pieces = form.pieces();
    auto const response =
        api_->post("document_upload", {{"id", employee}},
                   {form.content_type(), std::move(pieces.body), std::move(pieces.file), std::move(pieces.tail)}, key);
    bool const decided = response && !is_undecided(response->status);
    if (decided && response->status == 404) {
        // The company answered for the create before; here it is the employee who is gone.
        throw Failure(CW_ERR_INVALID, "GoCo no longer has the employee whom the document belongs to (404 not found).",
                      {{"owner", "is not in GoCo"}});
    }
    if (decided && !is_success(response->status)) {
        throw api_->refusal("document_upload", *response);
    }
    try {
        change([&](Row& row) {
            row.belong_to(employee);
            row.files.insert_or_assign(mark, decided ? "arrived" : "uncertain");
        });
    } catch (Failure const& failure) {
        // The file is there; to fail now would send it again.
        api_->call().log(CW_LOG_WARN, "An uploaded document could not be remembered.", {{"detail", failure.message()}});
    }
    return decided;
}

void Documents::upload_one(std::string const& employee, json::object const& document, std::string const& place,
                           std::string_view idempotency_key) const {
    static constexpr int tries = 2;
    for (int turn = 1; turn <= tries; ++turn) {
        try {
            if (!upload(employee, document, idempotency_key)) {
                api_->call().warn("documents",
                                  place + " may not have arrived: GoCo did not confirm it. Look it up there.");
            }
            return;
        } catch (Failure const& failure) {
            bool const passing = failure.status() == CW_ERR_RATE_LIMITED || failure.status() == CW_ERR_TRANSIENT;
            if (!passing || turn == tries) {
                api_->call().warn("documents", place + " was not uploaded: " + failure.message());
                return;
            }
            auto const pause = failure.retry_after().value_or(std::chrono::milliseconds(1000));
            api_->call().sleep(std::clamp(pause, std::chrono::milliseconds(0), pause_max));
        }
    }
}

void Documents::upload_all(std::string const& employee, json::array const& documents,
                           std::string_view idempotency_key) const {
    if (!documents.empty() && !api_->settings().uses("document_upload")) {
        api_->call().warn("documents", "They were not uploaded: /paths/document_upload is empty.");
        return;
    }
    std::size_t number = 0;
    for (json::value const& entry : documents) {
        std::string const place = "Document " + std::to_string(++number);
        if (number > documents_max) {
            api_->call().warn("documents", "More than 50 documents: the rest was not uploaded.");
            return;
        }
        if (!entry.is_object() || !has_content(entry.get_object())) {
            api_->call().warn("documents", place + " was not uploaded: the record does not carry its content.");
            continue;
        }
        try {
            switch (state(employee, entry.get_object())) {
                case State::arrived:
                    break;
                case State::uncertain:
                    api_->call().warn("documents", place + " may not have arrived: look it up in GoCo.");
                    break;
                case State::absent:
                    // A file sent at the last moment would count as uncertain for ever.
                    if (api_->call().cancelled() || api_->call().time_left() == std::chrono::milliseconds(0)) {
                        throw Failure(CW_ERR_CANCELLED, {});
                    }
                    upload_one(employee, entry.get_object(), place, idempotency_key);
            }
        } catch (Failure const& failure) {
            if (call_is_over(failure.status())) {
                throw Failure(CW_ERR_TRANSIENT,
                              "The employee is in GoCo; time ran out before all documents were uploaded.");
            }
            api_->call().warn("documents", place + " was not uploaded: " + failure.message());
        }
    }
}

bool Documents::all_settled(std::string const& employee, json::array const& documents) const {
    if (!api_->settings().uses("document_upload")) {
        return true;
    }
    std::size_t const count = std::min(documents.size(), documents_max);
    return std::all_of(documents.begin(), documents.begin() + static_cast<std::ptrdiff_t>(count), [&](auto const& at) {
        return !at.is_object() || !has_content(at.get_object()) || state(employee, at.get_object()) != State::absent;
    });
}

}  // namespace crosswalk::goco
