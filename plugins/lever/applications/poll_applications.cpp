#include "applications/application.hpp"
#include "people.hpp"
#include "polls/poll.hpp"
#include "values.hpp"

#include <algorithm>

namespace crosswalk::lever {

using connector::Call;
using connector::find;
using connector::PollRequest;
using connector::text_at;

namespace {

// Lever shows deleted opportunities by windows of at most 30 days.
constexpr std::int64_t deleted_window_max = std::chrono::milliseconds(std::chrono::days(30)).count();

constexpr std::string_view trigger = "application.changed";

// The lists of a run, in order. Those of one posting keep archived candidates apart.
constexpr std::string_view all = "all";
constexpr std::string_view active = "active";
constexpr std::string_view archived = "archived";
constexpr std::string_view deleted = "deleted";

std::string list_path(Progress const& progress, std::string const& posting) {
    std::string path = "/opportunities?" + std::string(application_expansion);
    if (progress.list == active) {
        path += "&posting_id=" + posting;
    } else if (progress.list == archived) {
        path += "&archived_posting_id=" + posting;
    }
    return progress.since == 0 ? path : path + "&updated_at_start=" + std::to_string(progress.from());
}

void emit(Call& call, PollRequest const& request, json::object object, std::int64_t changed_at) {
    connector::Event event = opportunity_event(application_schema, std::move(object));
    std::string const state = changed_at != 0 ? std::to_string(changed_at)
                                              : call.sha256_hex(json::serialize(event.record.data)).substr(0, 32);
    event.id = event_id(request, event.subject, state);
    event.type = trigger;
    event.occurred_unix_ms = changed_at;
    call.emit(event);
}

// That somebody is gone matters to those who know them; nobody else is told of a person who wants to be forgotten.
bool is_known_elsewhere(Call& call, std::string_view id) {
    return !call.linked({{"system", call.connection()}, {"kind", "application"}, {"id", id}}).empty();
}

void emit_page(Call& call, Api& api, PollRequest const& request, Page& page) {
    Lookups lookups(call, api);
    for (json::value& opportunity : page.items) {
        std::string const id(text_at(opportunity, "/id"));
        if (!is_id(id) || (is_anonymised(opportunity) && !is_known_elsewhere(call, id))) {
            continue;
        }
        std::int64_t const changed_at = integer_of(find(opportunity, "/updatedAt")).value_or(0);
        emit(call, request, application_of(lookups, std::move(opportunity)), changed_at);
    }
}

void emit_deleted(Call& call, PollRequest const& request, Page& page) {
    for (json::value& opportunity : page.items) {
        std::string const id(text_at(opportunity, "/id"));
        if (!is_id(id) || !is_known_elsewhere(call, id)) {
            continue;
        }
        std::int64_t const deleted_at = integer_of(find(opportunity, "/deletedAt")).value_or(1);
        json::object record{{"deletedAt", deleted_at}};
        record["opportunity"] = std::move(opportunity);
        emit(call, request, std::move(record), deleted_at);
    }
}

// One page of the opportunities that Lever no longer has; moves on to the next window after the last page of one.
bool turn_deleted(Call& call, Api& api, PollRequest const& request, Progress& progress) {
    if (progress.reached == 0) {
        // A first run has nobody to take back; a full one looks back as far as Lever lets it in one window.
        progress.reached = progress.since != 0 ? progress.from() : progress.started - deleted_window_max;
    }
    std::int64_t const end = std::min(progress.reached + deleted_window_max, progress.started);
    std::string const path = "/opportunities/deleted?deleted_at_start=" + std::to_string(progress.reached) +
                             "&deleted_at_end=" + std::to_string(end);
    Page page = api.page(call, path, progress.offset, "deleted opportunities", "List deleted opportunities");
    emit_deleted(call, request, page);
    progress.offset = page.next;
    if (!page.next.empty()) {
        return true;
    }
    progress.reached = end;
    return end < progress.started;
}

// The list after this one; empty when the run is through.
std::string_view list_after(Progress const& progress, bool full) {
    if (progress.list == active) {
        return archived;
    }
    return progress.since != 0 || full ? deleted : std::string_view{};
}

}  // namespace

bool poll_applications(Call& call, Api& api, PollRequest const& request) {
    std::string const posting = selected(request, "posting");
    Progress progress = Progress::read(request.cursor, posting.empty() ? all : active, call.unix_ms());
    bool more = true;
    if (progress.list == deleted) {
        more = turn_deleted(call, api, request, progress);
    } else {
        Page page = open_page(call, api, list_path(progress, posting), progress.offset, "opportunities",
                              "List all opportunities");
        emit_page(call, api, request, page);
        progress.offset = page.next;
        if (page.next.empty()) {
            progress.list = list_after(progress, request.full);
            more = !progress.list.empty();
        }
    }
    call.set_cursor(more ? progress.text() : progress.done());
    return more;
}

}  // namespace crosswalk::lever
