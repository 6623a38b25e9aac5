#include "polls/poll.hpp"

#include "values.hpp"

#include <algorithm>
#include <vector>

namespace crosswalk::lever {

using connector::Call;
using connector::Failure;
using connector::find;
using connector::PollRequest;
using connector::text_at;

namespace {

// Without white space, members sorted: the same content is the same text, whatever order Lever prints it in.
void append_sorted(json::value const& value, std::string& out) {
    if (value.is_array()) {
        out += '[';
        for (json::value const& item : value.get_array()) {
            append_sorted(item, out);
            out += ',';
        }
        out += ']';
    } else if (value.is_object()) {
        std::vector<json::object::value_type const*> members;
        for (auto const& member : value.get_object()) {
            members.push_back(&member);
        }
        std::sort(members.begin(), members.end(), [](auto const* a, auto const* b) { return a->key() < b->key(); });
        out += '{';
        for (auto const* member : members) {
            out += json::serialize(json::value(member->key())) + ':';
            append_sorted(member->value(), out);
            out += ',';
        }
        out += '}';
    } else {
        out += json::serialize(value);
    }
}

}  // namespace

Progress Progress::read(std::string_view cursor, std::string_view first, std::int64_t now_ms) {
    Progress progress;
    if (!cursor.empty()) {
        json::error_code error;
        json::value const value = json::parse(cursor, error);
        auto const since = error ? std::nullopt : integer_of(find(value, "/since"));
        if (!since) {
            throw Failure(CW_ERR_CURSOR, "The cursor is not one of this connector's.");
        }
        progress.since = *since;
        progress.list = text_at(value, "/list");
        progress.offset = text_at(value, "/offset");
        progress.started = integer_of(find(value, "/started")).value_or(0);
        progress.reached = integer_of(find(value, "/reached")).value_or(0);
    }
    if (progress.list.empty()) {
        progress.list = first;
        progress.started = now_ms;
    }
    return progress;
}

std::string Progress::text() const {
    return json::serialize(
        json::object{{"list", list}, {"offset", offset}, {"since", since}, {"started", started}, {"reached", reached}});
}

std::string Progress::done() const {
    return json::serialize(json::object{{"since", started}});
}

std::string selected(PollRequest const& request, std::string_view name) {
    json::value const* found = request.select.if_contains(name);
    if (found == nullptr || found->is_null()) {
        return {};
    }
    if (!found->is_string() || !is_id(found->get_string())) {
        throw Failure(CW_ERR_CONFIG, "The route's select names no " + std::string(name) + " of Lever's.",
                      {{std::string(name), "must be an id"}});
    }
    return std::string(found->get_string());
}

Page open_page(Call& call, Api& api, std::string const& path, std::string_view offset, std::string_view what,
               std::string_view right) {
    if (!api.settings().include_confidential) {
        return api.page(call, path, offset, what, right);
    }
    std::string const all = path + (path.find('?') == std::string::npos ? "?" : "&") + "confidentiality=all";
    try {
        return api.page(call, all, offset, what, right);
    } catch (Failure const& failure) {
        // 400 and 403 come as the same status; only the latter is a matter of rights, and the plain list tells.
        if (failure.status() != CW_ERR_INVALID) {
            throw;
        }
    }
    Page page = api.page(call, path, offset, what, right);
    call.warn("confidential " + std::string(what),
              "The key may not read them, so they are left out. Make a key with "
              "access to confidential data, or set include_confidential to false.");
    return page;
}

void each_open(Call& call, Api& api, std::string const& path, std::string_view what, std::string_view right,
               std::function<bool(json::value&)> const& take) {
    std::string offset;
    for (int count = 0; count < pages_max; ++count) {
        Page page = open_page(call, api, path, offset, what, right);
        for (json::value& item : page.items) {
            if (!take(item)) {
                return;
            }
        }
        if (page.next.empty()) {
            return;
        }
        offset = page.next;
    }
    throw endless(what);
}

std::string event_id(PollRequest const& request, std::string_view thing, std::string_view state) {
    std::string id = std::string(thing) + ":" + std::string(state);
    if (request.full) {
        id.append(":").append(request.run);
    }
    return id;
}

std::string content_state(Call& call, std::string_view thing, json::value const& content) {
    std::string text;
    append_sorted(content, text);
    std::string const hash = call.sha256_hex(text).substr(0, 32);
    std::string const key = "seen/" + std::string(thing);
    std::int64_t number = 1;
    if (auto const stored = call.kv_get(key)) {
        json::error_code error;
        json::value const before = json::parse(stored->value, error);
        if (!error) {
            number = integer_of(find(before, "/number")).value_or(0) + (text_at(before, "/hash") == hash ? 0 : 1);
        }
        if (!error && text_at(before, "/hash") == hash) {
            return std::to_string(number) + "-" + hash;
        }
    }
    // The host stores this at once and the event a little later. When it does not get that far, the next run finds the
    // same number and hash, and so makes the same event.
    (void)call.kv_put(key, json::serialize(json::object{{"number", number}, {"hash", hash}}));
    return std::to_string(number) + "-" + hash;
}

}  // namespace crosswalk::lever
