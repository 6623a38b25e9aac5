#include "postings/posting.hpp"

#include "fields.hpp"
#include "lever_data.hpp"
#include "polls/poll.hpp"
#include "values.hpp"

namespace crosswalk::lever {

using connector::Call;
using connector::Failure;
using connector::find;
using connector::PollRequest;
using connector::Record;
using connector::text_at;

namespace {

constexpr std::string_view retrieve = "Retrieve postings";
constexpr std::string_view list = "List all postings";
constexpr std::size_t found_max = 50;

void emit(Call& call, PollRequest const& request, json::value posting) {
    std::string const id(text_at(posting, "/id"));
    if (!is_id(id)) {
        return;
    }
    connector::Event event;
    event.subject = "posting:" + id;
    auto const updated_at = integer_of(find(posting, "/updatedAt"));
    event.id = event_id(request, event.subject,
                        updated_at ? std::to_string(*updated_at) : content_state(call, event.subject, posting));
    event.type = "posting.changed";
    event.title = text_at(posting, "/text");
    event.occurred_unix_ms = updated_at.value_or(0);
    event.record = {std::string(posting_schema), id, std::move(posting.as_object())};
    call.emit(event);
}

}  // namespace

bool poll_postings(Call& call, Api& api, PollRequest const& request) {
    Progress progress = Progress::read(request.cursor, "postings", call.unix_ms());
    if (std::string const id = selected(request, "posting"); !id.empty()) {
        json::value posting = api.need(call, "/postings/" + id, "posting", retrieve);
        if (!posting.is_object()) {
            throw Failure(CW_ERR_INVALID, "Lever has no such posting: the job must exist in Lever first.",
                          {{"posting", "does not exist in Lever"}});
        }
        emit(call, request, std::move(posting));
        call.set_cursor(progress.done());
        return false;
    }
    std::string path = "/postings";
    if (progress.since != 0) {
        path += "?updated_at_start=" + std::to_string(progress.from());
    }
    Page page = open_page(call, api, path, progress.offset, "postings", list);
    for (json::value& posting : page.items) {
        emit(call, request, std::move(posting));
    }
    progress.offset = page.next;
    bool const more = !page.next.empty();
    call.set_cursor(more ? progress.text() : progress.done());
    return more;
}

void find_postings(Call& call, Api& api, json::object const& query) {
    json::value const wanted(query);
    if (std::string_view const id = text_at(wanted, "/id"); !id.empty()) {
        json::value posting = is_id(id) ? api.need(call, "/postings/" + std::string(id), "posting", retrieve) : nullptr;
        if (posting.is_object()) {
            call.emit(map_posting(call, std::move(posting.get_object())));
        }
        return;
    }
    std::string const text = lowered(text_at(wanted, "/text"));
    std::size_t found = 0;
    each_open(call, api, "/postings", "postings", list, [&](json::value& posting) {
        if (posting.is_object() && lowered(text_at(posting, "/text")).find(text) != std::string::npos) {
            call.emit(map_posting(call, std::move(posting.get_object())));
            ++found;
        }
        return found < found_max;
    });
}

Record map_posting(Call& call, json::object object) {
    static json::value const table = json::parse(posting_json);
    json::value const posting(std::move(object));
    std::string const id(text_at(posting, "/id"));
    if (id.empty()) {
        throw Failure(CW_ERR_INVALID, "The record holds no Lever posting.", {{"id", "is required"}});
    }
    json::object out{{"kind", "posting"}, {"ref", ref_to(call, "posting", id)}};
    fill(call, table, posting, out);
    return {std::string(canonical_posting), id, std::move(out)};
}

}  // namespace crosswalk::lever
