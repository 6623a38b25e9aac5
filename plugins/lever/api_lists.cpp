#include "api.hpp"

#include <chrono>

namespace crosswalk::lever {

using connector::Call;
using connector::Failure;

namespace {

constexpr std::string_view page_limit = "limit=100";
constexpr std::chrono::milliseconds catalogue_age_max = std::chrono::minutes(10);
constexpr std::size_t catalogue_size_max = 1000;

json::array* items_of(json::value& answer) {
    if (answer.is_array()) {
        return &answer.get_array();
    }
    json::value* data = answer.is_object() ? answer.get_object().if_contains("data") : nullptr;
    return data != nullptr && data->is_array() ? &data->get_array() : nullptr;
}

// What the next page is asked with; empty on the last one. A page that hides its successor is no last page: a look-up
// that stopped there would create things twice.
std::string next_offset(json::value const& answer, std::string_view current) {
    json::value const* more = connector::find(answer, "/hasNext");
    if (more == nullptr || !more->is_bool() || !more->get_bool()) {
        return {};
    }
    std::string_view const next = connector::text_at(answer, "/next");
    if (next.empty() || next == current) {
        throw Failure(CW_ERR_TRANSIENT, "Lever says that a list goes on but does not say where.");
    }
    return std::string(next);
}

}  // namespace

Failure endless(std::string_view what) {
    return Failure(CW_ERR_TRANSIENT, "The list of the " + std::string(what) + " has no end.");
}

Page Api::page(Call& call, std::string const& path, std::string_view offset, std::string_view what,
               std::string_view right) {
    std::string query = path + (path.find('?') == std::string::npos ? "?" : "&") + std::string(page_limit);
    if (!offset.empty()) {
        query += "&offset=" + connector::url_encode(offset);
    }
    Read answer = read(call, query);
    if (answer.kind == Read::Kind::forbidden) {
        throw forbidden_read(what, right);
    }
    if (answer.kind == Read::Kind::missing) {
        return {};
    }
    json::array* items = items_of(answer.data);
    if (items == nullptr) {
        throw Failure(CW_ERR_TRANSIENT, "Lever's answer is not a list of the " + std::string(what) + ".");
    }
    std::string next = next_offset(answer.data, offset);
    return {std::move(*items), std::move(next)};
}

void Api::each(Call& call, std::string const& path, std::string_view what, std::string_view right,
               std::function<bool(json::value const&)> const& take) {
    std::string offset;
    for (int count = 0; count < pages_max; ++count) {
        Page const at = page(call, path, offset, what, right);
        for (json::value const& item : at.items) {
            if (!take(item)) {
                return;
            }
        }
        if (at.next.empty()) {
            return;
        }
        offset = at.next;
    }
    throw endless(what);
}

json::array Api::catalogue(Call& call, std::string const& path, std::string_view what, std::string_view right) {
    std::int64_t const now = call.steady_ms();
    {
        std::lock_guard const lock(mutex_);
        auto const known = catalogues_.find(path);
        if (known != catalogues_.end() && now - known->second.read_at_ms < catalogue_age_max.count()) {
            return known->second.items;
        }
    }
    // Two that come here at once both ask; the later answer stays.
    json::array items;
    each(call, path, what, right, [&](json::value const& item) {
        items.push_back(item);
        return items.size() < catalogue_size_max;
    });
    std::lock_guard const lock(mutex_);
    catalogues_[path] = {now, items};
    return items;
}

}  // namespace crosswalk::lever
