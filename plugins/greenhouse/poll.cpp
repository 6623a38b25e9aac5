#include "poll.hpp"

#include "applications.hpp"
#include "rows.hpp"
#include "values.hpp"

#include <chrono>

namespace crosswalk::greenhouse {

using connector::Call;
using connector::Failure;
using connector::find;
using connector::PollRequest;
using connector::text_at;

namespace {

constexpr std::int64_t overlap_ms = std::chrono::milliseconds(std::chrono::minutes(2)).count();
constexpr std::string_view page_size = "per_page=50";

struct Progress {
    std::int64_t since = 0;    // changes from then on; 0: everything
    std::int64_t started = 0;  // when this run began
    std::string page;          // query of the next page; empty: the first

    static Progress read(Call const& call, std::string_view cursor) {
        Progress progress;
        if (!cursor.empty()) {
            json::error_code error;
            json::value const value = json::parse(cursor, error);
            auto const number = [&](std::string_view pointer) {
                json::value const* found = error ? nullptr : find(value, pointer);
                return found != nullptr && found->is_int64() ? std::optional(found->get_int64()) : std::nullopt;
            };
            auto const since = number("/since");
            if (!since || *since < 0) {
                throw Failure(CW_ERR_CURSOR, "The cursor is not one of this connector's.");
            }
            progress.since = *since;
            progress.started = number("/started").value_or(0);
            progress.page = text_at(value, "/page");
        }
        if (progress.page.empty()) {
            progress.started = call.unix_ms();
        }
        return progress;
    }
    [[nodiscard]] std::string text() const {
        return json::serialize(page.empty() ? json::object{{"since", started}}
                                            : json::object{{"since", since}, {"started", started}, {"page", page}});
    }
};

// The job that the route selects; empty when it selects none. A file may hold it as a number or as text.
std::string selected_job(PollRequest const& request) {
    json::value const select(request.select);
    json::value const* found = find(select, "/job");
    if (found == nullptr || found->is_null()) {
        return {};
    }
    std::string const id = found->is_string() ? std::string(found->get_string()) : id_at(select, "/job");
    if (!is_id(id)) {
        throw Failure(CW_ERR_CONFIG, "The route's select names no job of Greenhouse's.", {{"job", "must be an id"}});
    }
    return id;
}

std::string first_page(PollRequest const& request, Progress const& progress) {
    std::string query(page_size);
    if (std::string const job = selected_job(request); !job.empty()) {
        query += (request.event == applications_changed ? "&job_ids=" : "&ids=") + job;
    }
    if (progress.since > 0) {
        query += "&updated_at=" + connector::url_encode("gte|" + utc_time(progress.since - overlap_ms));
    }
    return query;
}

// A cursor of Greenhouse's that it no longer takes: the run begins anew, and the ids of its events are the same.
Read page_of(Call& call, Api& api, PollRequest const& request, std::string const& path, Progress& progress) {
    std::string const resource = path.substr(1);
    if (!progress.page.empty()) {
        try {
            return api.need(call, path, progress.page, resource);
        } catch (Failure const& failure) {
            if (failure.status() != CW_ERR_INVALID) {
                throw;
            }
        }
        progress.page.clear();
    }
    return api.need(call, path, first_page(request, progress), resource);
}

// greenhouse.posting/1 of each job, by its id.
Rows postings_of(Call& call, Api& api, json::array const& jobs) {
    Rows const departments = rows_of(call, api, "/departments", ids_in(jobs, "/department_id"));
    Rows const offices = rows_of(call, api, "/offices", ids_in(jobs, "/office_ids/0"));
    Rows postings;
    for (json::value const& job : jobs) {
        postings[id_at(job, "/id")] = posting_of_harvest(job, row(departments, id_at(job, "/department_id")),
                                                         row(offices, id_at(job, "/office_ids/0")));
    }
    return postings;
}

// `thing` as it is since its last change; a full run delivers it anew.
void emit(Call& call, PollRequest const& request, connector::Event event, std::string const& thing,
          json::value const& row) {
    std::string_view const changed = text_at(row, "/updated_at");
    event.id =
        thing + ":" +
        (changed.empty() ? call.sha256_hex(json::serialize(event.record.data)).substr(0, 32) : std::string(changed));
    if (request.full) {
        event.id.append(":").append(request.run);
    }
    event.type = request.event;
    event.occurred_unix_ms = unix_ms_of(changed).value_or(0);
    call.emit(event);
}

void emit_applications(Call& call, Api& api, PollRequest const& request, json::array const& page) {
    Rows const candidates = rows_of(call, api, "/candidates", ids_in(page, "/candidate_id"));
    Rows const jobs = rows_of(call, api, "/jobs", ids_in(page, "/job_id"));
    json::array list;
    for (auto const& [id, job] : jobs) {
        list.push_back(job);
    }
    Rows const postings = postings_of(call, api, list);
    for (json::value const& one : page) {
        std::string const id = id_at(one, "/id");
        if (id.empty() || id_at(one, "/candidate_id").empty()) {
            continue;
        }
        emit(call, request,
             application_event(application_of_harvest(one, row(candidates, id_at(one, "/candidate_id")),
                                                      row(postings, id_at(one, "/job_id")))),
             "application:" + id, one);
    }
}

void emit_postings(Call& call, Api& api, PollRequest const& request, json::array const& page) {
    Rows const postings = postings_of(call, api, page);
    for (json::value const& one : page) {
        std::string const id = id_at(one, "/id");
        json::value const posting = row(postings, id);
        if (id.empty() || !posting.is_object()) {
            continue;
        }
        connector::Event event;
        event.subject = "posting:" + id;
        std::string_view const name = trimmed(text_at(posting, "/name"));
        event.title = name.empty() ? event.subject : std::string(name);
        event.record = {std::string(posting_schema), id, posting.get_object()};
        emit(call, request, std::move(event), "posting:" + id, one);
    }
}

}  // namespace

bool poll(Call& call, Api& api, PollRequest const& request) {
    bool const applications = request.event == applications_changed;
    if (!api.is_v3() || (!applications && request.event != postings_changed)) {
        throw Failure(CW_ERR_UNSUPPORTED, "Greenhouse is asked for changes of applications and jobs, over Harvest v3.");
    }
    Progress progress = Progress::read(call, request.cursor);
    Read const page = page_of(call, api, request, applications ? "/applications" : "/jobs", progress);
    if (!page.data.is_array()) {
        throw Failure(CW_ERR_TRANSIENT, "Greenhouse's answer is not a list.");
    }
    if (applications) {
        emit_applications(call, api, request, page.data.get_array());
    } else {
        emit_postings(call, api, request, page.data.get_array());
    }
    if (!page.next.empty() && page.next == progress.page) {
        throw Failure(CW_ERR_TRANSIENT, "Greenhouse's list has no end.");
    }
    progress.page = page.next;
    call.set_cursor(progress.text());
    return !progress.page.empty();
}

json::object whole_application(Call& call, Api& api, json::value const& application) {
    json::array const page{application};
    Rows const candidates = rows_of(call, api, "/candidates", ids_in(page, "/candidate_id"));
    json::array jobs;
    for (auto const& [id, job] : rows_of(call, api, "/jobs", ids_in(page, "/job_id"))) {
        jobs.push_back(job);
    }
    Rows const postings = postings_of(call, api, jobs);
    return application_of_harvest(application, row(candidates, id_at(application, "/candidate_id")),
                                  row(postings, id_at(application, "/job_id")));
}

void find_postings(Call& call, Api& api, json::object const& query) {
    json::value const asked(query);
    std::string_view const id = text_at(asked, "/id");
    std::string const wanted = lower(trimmed(text_at(asked, "/text")));
    if (!api.is_v3() || (id.empty() ? wanted.empty() : !is_id(id))) {
        throw Failure(CW_ERR_INVALID, "Jobs are found over Harvest v3, by their number or a part of their name.");
    }
    json::array found;
    api.each(
        call, "/jobs", id.empty() ? "per_page=500" : "ids=" + std::string(id), "jobs", [&](json::value const& job) {
            bool const fits = id.empty() ? lower(text_at(job, "/name")).find(wanted) != std::string::npos ||
                                               lower(text_at(job, "/requisition_id")).find(wanted) != std::string::npos
                                         : id_at(job, "/id") == id;
            if (fits) {
                found.push_back(job);
            }
            return found.size() < found_max;
        });
    for (auto const& [job, posting] : postings_of(call, api, found)) {
        if (!trimmed(text_at(posting, "/name")).empty()) {
            call.emit(map_posting(call, posting.get_object()));
        }
    }
}

}  // namespace crosswalk::greenhouse
