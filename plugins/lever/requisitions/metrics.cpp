#include "lookups.hpp"
#include "polls/poll.hpp"
#include "requisitions/requisition.hpp"
#include "values.hpp"

#include <map>
#include <set>

namespace crosswalk::lever {

using connector::Call;
using connector::find;
using connector::PollRequest;
using connector::text_at;

namespace {

constexpr std::string_view right = "List all opportunities";

// A turn counts so many requisitions, so that one page of large ones fits into a call.
constexpr std::size_t requisitions_per_turn = 5;

// A requisition that was closed is counted for a while, so that the hire that closed it is counted, too.
constexpr std::int64_t closed_counted_for = std::chrono::milliseconds(std::chrono::days(7)).count();

// What is asked of an opportunity; Lever leaves the rest out.
constexpr std::string_view fields =
    "expand=stage&expand=applications&include=id&include=archived&include=archivedAt&include=archiveReason";

struct Count {
    std::set<std::string, std::less<>> seen;  // opportunities, so that none counts twice
    std::int64_t active = 0;
    std::int64_t hired = 0;
    std::int64_t archived = 0;
    std::map<std::string, std::int64_t, std::less<>> stages;  // of active ones, by name
};

bool is_counted(json::value const& requisition, std::int64_t now_ms) {
    std::string_view const status = text_at(requisition, "/status");
    if (status == "closed") {
        return integer_of(find(requisition, "/closedAt")).value_or(0) > now_ms - closed_counted_for;
    }
    return status != "draft" && is_id(text_at(requisition, "/id"));
}

void add(Count& count, Lookups& lookups, json::value const& opportunity, std::string_view requisition) {
    std::string_view const id = text_at(opportunity, "/id");
    if (id.empty() || !count.seen.emplace(id).second) {
        return;
    }
    if (!archived_at(opportunity)) {
        ++count.active;
        if (std::string_view const stage = text_at(opportunity, "/stage/text"); !stage.empty()) {
            ++count.stages[std::string(stage)];
        }
        return;
    }
    json::value const* application = find(opportunity, "/applications/0");
    json::value const none;
    bool const hired =
        text_at(lookups.archive_reason(opportunity, application == nullptr ? none : *application), "/type") == "hired";
    // A posting may serve several requisitions; a hire counts for the one that it was made against.
    std::string_view const against = text_at(opportunity, "/applications/0/requisitionForHire/id");
    if (hired && (against.empty() || against == requisition)) {
        ++count.hired;
    } else {
        ++count.archived;
    }
}

Count counted(Call& call, Api& api, Lookups& lookups, json::value const& requisition) {
    Count count;
    std::string_view const id = text_at(requisition, "/id");
    json::value const* postings = find(requisition, "/postings");
    if (postings == nullptr || !postings->is_array()) {
        return count;
    }
    for (json::value const& posting : postings->get_array()) {
        std::string_view const posting_id = id_of(&posting);
        if (!is_id(posting_id)) {
            continue;
        }
        for (std::string_view const filter : {"posting_id", "archived_posting_id"}) {
            std::string const path =
                "/opportunities?" + std::string(fields) + "&" + std::string(filter) + "=" + std::string(posting_id);
            each_open(call, api, path, "opportunities", right, [&](json::value const& opportunity) {
                add(count, lookups, opportunity, id);
                return true;
            });
        }
    }
    return count;
}

json::object content_of(json::value const& requisition, Count const& count) {
    json::array stages;
    for (auto const& [name, candidates] : count.stages) {
        stages.push_back(json::object{{"name", name}, {"candidates", candidates}});
    }
    json::object content{{"id", text_at(requisition, "/id")},
                         {"candidates", static_cast<std::int64_t>(count.seen.size())},
                         {"active", count.active},
                         {"hired", count.hired},
                         {"archived", count.archived},
                         {"stages", std::move(stages)}};
    if (std::string_view const code = text_at(requisition, "/requisitionCode"); !code.empty()) {
        content["code"] = code;
    }
    return content;
}

void emit(Call& call, PollRequest const& request, json::value const& requisition, Count const& count) {
    connector::Event event;
    std::string const id(text_at(requisition, "/id"));
    event.subject = "requisition_metrics:" + id;
    json::object content = content_of(requisition, count);
    event.id = event_id(request, event.subject, content_state(call, event.subject, content));
    event.type = "requisition.metrics";
    event.title = text_at(requisition, "/name");
    event.occurred_unix_ms = call.unix_ms();
    content["as_of"] = call.unix_ms();
    event.record = {std::string(metrics_schema), id, std::move(content)};
    call.emit(event);
}

}  // namespace

bool poll_metrics(Call& call, Api& api, PollRequest const& request) {
    Progress progress = Progress::read(request.cursor, "requisitions", call.unix_ms());
    Page const page = open_page(call, api, "/requisitions", progress.offset, "requisitions", "List all requisitions");
    Lookups lookups(call, api);
    auto at = static_cast<std::size_t>(progress.reached);
    for (std::size_t done = 0; at < page.items.size() && done < requisitions_per_turn; ++at) {
        json::value const& requisition = page.items[at];
        if (is_counted(requisition, call.unix_ms())) {
            emit(call, request, requisition, counted(call, api, lookups, requisition));
            ++done;
        }
    }
    // Within a page `reached` is the number of requisitions that are done.
    bool const page_done = at >= page.items.size();
    progress.reached = page_done ? 0 : static_cast<std::int64_t>(at);
    progress.offset = page_done ? page.next : progress.offset;
    bool const more = !page_done || !page.next.empty();
    call.set_cursor(more ? progress.text() : progress.done());
    return more;
}

}  // namespace crosswalk::lever
