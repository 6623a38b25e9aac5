#include "lookups.hpp"
#include "polls/poll.hpp"
#include "requisitions/requisition.hpp"
#include "values.hpp"

namespace crosswalk::lever {

using connector::Call;
using connector::find;
using connector::PollRequest;
using connector::text_at;

namespace {

constexpr std::string_view right = "List all requisitions";
constexpr std::size_t found_max = 50;

}  // namespace

json::object requisition_record(Lookups& lookups, json::value requisition) {
    json::object users;
    for (std::string_view const field : {"/hiringManager", "/owner"}) {
        json::value const user = lookups.user(find(requisition, field));
        if (std::string_view const id = text_at(user, "/id"); !id.empty()) {
            users[id] = {{"name", text_at(user, "/name")}, {"email", text_at(user, "/email")}};
        }
    }
    json::object record;
    record["requisition"] = std::move(requisition);
    record["users"] = std::move(users);
    return record;
}

bool poll_requisitions(Call& call, Api& api, PollRequest const& request) {
    Progress progress = Progress::read(request.cursor, "requisitions", call.unix_ms());
    Page page = open_page(call, api, "/requisitions", progress.offset, "requisitions", right);
    Lookups lookups(call, api);
    for (json::value& requisition : page.items) {
        std::string const id(text_at(requisition, "/id"));
        if (!is_id(id)) {
            continue;
        }
        connector::Event event;
        event.subject = "requisition:" + id;
        event.id = event_id(request, event.subject, content_state(call, event.subject, requisition));
        event.type = "requisition.listed";
        event.title = text_at(requisition, "/name");
        event.occurred_unix_ms = integer_of(find(requisition, "/updatedAt")).value_or(0);
        event.record = {std::string(requisition_schema), id, requisition_record(lookups, std::move(requisition))};
        call.emit(event);
    }
    progress.offset = page.next;
    bool const more = !page.next.empty();
    call.set_cursor(more ? progress.text() : progress.done());
    return more;
}

void find_requisitions(Call& call, Api& api, json::object const& query) {
    json::value const wanted(query);
    Lookups lookups(call, api);
    std::size_t found = 0;
    auto const emit = [&](json::value requisition) {
        call.emit(map_requisition(call, requisition_record(lookups, std::move(requisition))));
        return ++found < found_max;
    };
    if (std::string_view const id = text_at(wanted, "/id"); !id.empty()) {
        json::value requisition =
            is_id(id) ? api.need(call, "/requisitions/" + std::string(id), "requisition", "Retrieve requisitions")
                      : nullptr;
        if (requisition.is_object()) {
            (void)emit(std::move(requisition));
            return;
        }
        Page page = open_page(call, api, "/requisitions?requisition_code=" + connector::url_encode(id), {},
                              "requisitions", right);
        for (json::value& one : page.items) {
            if (text_at(one, "/requisitionCode") == id && !emit(std::move(one))) {
                return;
            }
        }
        return;
    }
    std::string const text = lowered(text_at(wanted, "/text"));
    each_open(call, api, "/requisitions", "requisitions", right, [&](json::value& one) {
        bool const fits = lowered(text_at(one, "/name")).find(text) != std::string::npos ||
                          lowered(text_at(one, "/requisitionCode")).find(text) != std::string::npos;
        return !fits || emit(std::move(one));
    });
}

}  // namespace crosswalk::lever
