#include "admin/dead.hpp"

#include "admin/views.hpp"
#include "model/rfc3339.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <charconv>

namespace crosswalk::admin {
namespace {

namespace json = boost::json;

constexpr std::size_t page_max = 500;
constexpr std::size_t page_usual = 50;
constexpr std::size_t reason_bytes_max = 1000;

model::Error wrong(std::string why) {
    return {model::ErrorCode::invalid_argument, std::move(why)};
}

json::array names(std::vector<std::string> const& list) {
    return json::array(list.begin(), list.end());
}

json::object view(store::DeadCause const& cause) {
    return {{"cause", cause.cause},
            {"count", cause.deliveries + cause.items},
            {"deliveries", cause.deliveries},
            {"events", cause.items},
            {"oldest", model::to_rfc3339(cause.oldest)},
            {"newest", model::to_rfc3339(cause.newest)},
            {"routes", names(cause.routes)},
            {"connections", names(cause.connections)},
            {"reason", cause.reason}};
}

json::object view(store::DeadLetter const& letter) {
    json::object out{{"letter", store::to_string(letter.id)},
                     {"kind", letter.id.is_item ? "event" : kind_name(letter.kind)},
                     {"state", letter.state},
                     {"cause", letter.cause},
                     {"reason", letter.reason},
                     {"route", letter.route},
                     {"connection", letter.connection},
                     {"action", letter.action},
                     {"event", letter.event},
                     {"edited", letter.is_edited},
                     {"maybe_applied", letter.maybe_applied}};
    if (letter.is_dead || letter.state == "discarded") {
        out["died_at"] = model::to_rfc3339(letter.died_at);
    }
    if (!letter.died_of.empty()) {
        out["died_of"] = letter.died_of;
    }
    if (letter.replayed_as != 0) {
        out["replayed_as"] = letter.replayed_as;
    }
    return out;
}

// Whom it is about; empty where that cannot be read any more.
std::string title_of(Api& api, store::LetterId id) {
    auto const event = id.is_item ? model::Result<model::Event>(model::Error{}) : api.history.event_of(id.number);
    return event ? event->title : std::string();
}

bool is_text(std::string_view bytes) {
    return std::all_of(bytes.begin(), bytes.end(), [](char c) {
        auto const byte = static_cast<unsigned char>(c);
        return byte < 0x80 && (byte >= 0x20 || c == '\n' || c == '\r' || c == '\t');
    });
}

// What was received. Headers and address are left out: they hold the vendor's proof of who it is.
json::object raw_view(store::InboxItem const& item) {
    json::object out{{"connection", item.connection},
                     {"type", item.event_type},
                     {"received_at", model::to_rfc3339(item.received_at)}};
    if (item.event) {
        out["event"] = parsed(item.event->record.json);
    } else if (item.raw.method.empty()) {
        out["purged"] = true;
    } else if (json::error_code error; !json::parse(item.raw.body, error).is_null() && !error) {
        out["body"] = parsed(item.raw.body);
    } else if (is_text(item.raw.body)) {
        out["body"] = item.raw.body;
    } else {
        out["body_bytes"] = item.raw.body.size();
    }
    return out;
}

// Takes one member out of the body when it is there and of the right type.
class Members {
public:
    explicit Members(json::object const& body) : body_(body) {}
    std::string text(char const* name) {
        json::value const* const found = body_.if_contains(name);
        if (found != nullptr && !found->is_string()) {
            complaint_ = std::string("\"") + name + "\" must be text.";
        }
        return found != nullptr && found->is_string() ? std::string(found->get_string()) : std::string();
    }
    std::optional<model::TimePoint> time(char const* name) {
        std::string const given = text(name);
        auto const moment = given.empty() ? std::nullopt : model::parse_rfc3339(given);
        if (!given.empty() && !moment) {
            complaint_ = std::string("\"") + name + "\" must be a time in UTC, such as 2026-11-22T08:00:00Z.";
        }
        return moment;
    }
    std::optional<store::LetterId> letter(json::value const& given) {
        auto const id = given.is_string() ? store::parse_letter(given.get_string()) : std::nullopt;
        if (!id) {
            complaint_ = "A letter is named d23 (a delivery) or e17 (an event).";
        }
        return id;
    }
    void complain(std::string why) { complaint_ = std::move(why); }
    [[nodiscard]] std::string const& complaint() const noexcept { return complaint_; }

private:
    json::object const& body_;
    std::string complaint_;
};

std::optional<model::TimePoint> time_query(http::Request const& request, std::string_view name, bool& good) {
    auto const text = request.query(name);
    auto const time = text ? model::parse_rfc3339(*text) : std::nullopt;
    good = good && text.has_value() == time.has_value();
    return time;
}

}  // namespace

http::Response list_causes(Api& api, Call const&) {
    auto const causes = store::DeadLetters(api.store).causes();
    if (!causes) {
        return http::problem(causes.error());
    }
    json::array out;
    for (store::DeadCause const& cause : *causes) {
        out.push_back(view(cause));
    }
    return json_ok(json::serialize(json::object{{"causes", std::move(out)}}));
}

http::Response list_dead(Api& api, Call const& call) {
    store::DeadFilter filter;
    filter.cause = call.request.query("cause").value_or("");
    filter.route = call.request.query("route").value_or("");
    filter.connection = call.request.query("connection").value_or("");
    bool good = true;
    filter.since = time_query(call.request, "since", good);
    filter.until = time_query(call.request, "until", good);
    auto const before_text = call.request.query("before");
    auto const before = before_text ? store::parse_letter(*before_text) : std::nullopt;
    std::size_t limit = page_usual;
    if (auto const text = call.request.query("limit")) {
        auto const [stop, error] = std::from_chars(text->data(), text->data() + text->size(), limit);
        good = good && error == std::errc() && stop == text->data() + text->size() && limit >= 1 && limit <= page_max;
    }
    if (!good || before_text.has_value() != before.has_value()) {
        return http::problem(400,
                             "since and until are times in UTC (2026-11-22T08:00:00Z), before is a letter (d23, e17), "
                             "limit is 1 to 500.");
    }
    auto const letters = store::DeadLetters(api.store).list(filter, before, limit);
    if (!letters) {
        return http::problem(letters.error());
    }
    json::array views;
    for (store::DeadLetter const& letter : *letters) {
        json::object entry = view(letter);
        entry["title"] = title_of(api, letter.id);
        views.push_back(std::move(entry));
    }
    json::object out{{"letters", std::move(views)}};
    if (letters->size() == limit) {
        out["next_before"] = store::to_string(letters->back().id);
    }
    return json_ok(json::serialize(out));
}

http::Response show_dead(Api& api, Call const& call) {
    auto const id = store::parse_letter(call.captured.at("letter"));
    if (!id) {
        return http::problem(400, "A letter is named d23 (a delivery) or e17 (an event).");
    }
    store::DeadLetters dead(api.store);
    auto const letter = dead.find(*id);
    if (!letter) {
        return http::problem(letter.error());
    }
    json::object out = view(*letter);
    out["title"] = title_of(api, *id);
    auto const item = api.inbox.read(letter->event);
    if (!item) {
        return http::problem(item.error());
    }
    out["raw"] = raw_view(*item);
    if (!id->is_item) {
        auto const delivery = api.history.delivery(id->number);
        auto const edits = dead.edits(id->number);
        if (!delivery || !edits) {
            return http::problem(delivery ? edits.error() : delivery.error());
        }
        out["delivery"] = view(*delivery);
        if (!edits->empty()) {
            out["edits"] = parsed(*edits);
        }
    }
    return json_ok(json::serialize(out));
}

http::Response discard_dead(Api& api, Call const& call) {
    auto const body = body_object(call);
    auto const selection = body ? parse_selection(*body, {"reason"}) : model::Result<Selection>(body.error());
    if (!selection) {
        return http::problem(selection.error());
    }
    std::string const reason = call.body_text("reason");
    if (reason.empty() || reason.size() > reason_bytes_max) {
        return http::problem(400, "Say why they are discarded: {\"reason\":\"…\"}, at most 1,000 bytes.");
    }
    store::DeadLetters dead(api.store);
    auto const letters = letters_of(dead, *selection);
    if (!letters) {
        return http::problem(letters.error());
    }
    json::array results;
    std::int64_t discarded = 0;
    for (store::LetterId const id : *letters) {
        auto const done = dead.discard(id, reason);
        if (!done && done.error().code != model::ErrorCode::failed_precondition &&
            done.error().code != model::ErrorCode::not_found) {
            return http::problem(done.error());
        }
        discarded += done ? 1 : 0;
        results.push_back(json::object{{"letter", store::to_string(id)},
                                       {"result", done ? "discarded" : "refused"},
                                       {"reason", done ? std::string() : done.error().detail}});
    }
    api.logger.info("Dead letters are discarded.", {{"count", discarded}});
    json::object out{{"discarded", discarded},
                     {"refused", static_cast<std::int64_t>(letters->size()) - discarded},
                     {"results", std::move(results)}};
    auto const rest = add_rest(dead, *selection, *letters, out);
    return rest ? json_ok(json::serialize(out)) : http::problem(rest.error());
}

model::Result<json::object> body_object(Call const& call) {
    json::error_code error;
    json::value body = json::parse(call.request.body, error);
    if (error || !body.is_object()) {
        return wrong("The body must be a JSON object.");
    }
    return std::move(body.get_object());
}

model::Result<Selection> parse_selection(json::object const& body, std::vector<std::string_view> const& others) {
    static constexpr std::string_view known[] = {"letters", "cause", "route", "connection", "since",
                                                 "until",   "all",   "after", "limit"};
    for (auto const& [name, value] : body) {
        if (std::find(std::begin(known), std::end(known), std::string_view(name)) == std::end(known) &&
            std::find(others.begin(), others.end(), std::string_view(name)) == others.end()) {
            return wrong("\"" + std::string(name) + "\" is not known here.");
        }
    }
    Selection selection;
    Members members(body);
    selection.filter = {members.text("cause"), members.text("route"), members.text("connection"), members.time("since"),
                        members.time("until")};
    if (json::value const* const letters = body.if_contains("letters")) {
        if (!letters->is_array() || letters->get_array().empty() || letters->get_array().size() > page_max) {
            return wrong("\"letters\" must be a list of 1 to 500 letters.");
        }
        for (json::value const& given : letters->get_array()) {
            selection.named.push_back(members.letter(given).value_or(store::LetterId{}));
        }
    }
    if (json::value const* const after = body.if_contains("after")) {
        selection.after = members.letter(*after);
    }
    if (json::value const* const limit = body.if_contains("limit")) {
        std::int64_t const asked = limit->is_int64() ? limit->get_int64() : 0;
        if (asked < 1 || asked > static_cast<std::int64_t>(page_max)) {
            members.complain("\"limit\" must be 1 to 500.");
        }
        selection.limit = static_cast<std::size_t>(asked);
    }
    if (!members.complaint().empty()) {
        return wrong(members.complaint());
    }
    json::value const* const all = body.if_contains("all");
    store::DeadFilter const& filter = selection.filter;
    bool const filtered = !filter.cause.empty() || !filter.route.empty() || !filter.connection.empty() ||
                          filter.since || filter.until || (all != nullptr && all->is_bool() && all->get_bool());
    if (filtered != selection.named.empty()) {
        return wrong(
            "Say which: either \"letters\", or one or more of cause, route, connection, since and until, or "
            "\"all\":true.");
    }
    return selection;
}

model::Result<std::vector<store::LetterId>> letters_of(store::DeadLetters& dead, Selection const& selection) {
    if (selection.named.empty()) {
        return dead.select(selection.filter, selection.after, selection.limit);
    }
    // Oldest first, so that what goes back into a lane goes in the order it came; each once.
    std::vector<store::LetterId> letters = selection.named;
    std::sort(letters.begin(), letters.end(), [](store::LetterId a, store::LetterId b) {
        return std::pair(a.is_item, a.number) < std::pair(b.is_item, b.number);
    });
    letters.erase(std::unique(letters.begin(), letters.end()), letters.end());
    return letters;
}

model::Result<void> add_rest(store::DeadLetters& dead, Selection const& selection,
                             std::vector<store::LetterId> const& page, json::object& out) {
    std::int64_t left = 0;
    if (selection.named.empty() && page.size() == selection.limit) {
        auto const counted = dead.count(selection.filter, page.back());
        if (!counted) {
            return counted.error();
        }
        left = *counted;
    }
    out["left"] = left;
    if (left > 0) {
        out["next_after"] = store::to_string(page.back());
    }
    return {};
}

}  // namespace crosswalk::admin
