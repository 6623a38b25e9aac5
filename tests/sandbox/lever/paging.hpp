// Lever's lists: limit 1 to 100, an opaque offset that comes from `next`, hasNext.
#pragma once

#include "sandbox/exchange.hpp"
#include "sandbox/lever/errors.hpp"
#include "sandbox/lever/state.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <optional>
#include <string>

namespace crosswalk::sandbox::lever {

struct Page {
    std::size_t limit = 100;
    std::string offset = {};  // empty: from the start
};

// Some lists print hasNext always, others only when there is more.
enum class PageEnd { says_so, silent };

// The refusal, when limit or offset is not what it should be.
[[nodiscard]] inline std::optional<Answer> read_page(Request const& request, Page& page) {
    if (auto const limit = request.parameter("limit")) {
        auto const number = parse_number(*limit);
        if (!number || *number < 1 || *number > 100) {
            return bad_request("limit must be from 1 to 100");
        }
        page.limit = static_cast<std::size_t>(*number);
    }
    page.offset = request.parameter("offset").value_or("");
    if (page.offset.empty() && request.has_parameter("offset")) {
        return bad_request("offset must be a token from next");
    }
    return std::nullopt;
}

template <typename Item>
[[nodiscard]] std::string token_of(Item const& item) {
    return "0." + std::to_string(created_of(item)) + "." + id_of(item);
}

// The page that the request asks for, of those that `keep` says yes to, printed by `show`.
template <typename Items, typename Keep, typename Show>
[[nodiscard]] Answer answer_list(Request const& request, Items const& items, Keep keep, Show show,
                                 PageEnd end = PageEnd::says_so) {
    Page page;
    if (auto refusal = read_page(request, page)) {
        return *refusal;
    }
    auto item = items.begin();
    if (!page.offset.empty()) {
        item = std::find_if(items.begin(), items.end(), [&](auto const& candidate) {
            return page.offset.ends_with(id_of(candidate)) && page.offset == token_of(candidate);
        });
        if (item == items.end()) {
            return bad_request("offset must be a token from next");
        }
        ++item;
    }
    boost::json::array data;
    std::string next;
    std::string last;
    for (; item != items.end() && next.empty(); ++item) {
        if (!keep(*item)) {
            continue;
        }
        if (data.size() == page.limit) {
            next = last;
        } else {
            data.push_back(show(*item));
            last = token_of(*item);
        }
    }
    boost::json::object answer{{"data", std::move(data)}};
    if (!next.empty()) {
        answer["next"] = next;
    }
    if (!next.empty() || end == PageEnd::says_so) {
        answer["hasNext"] = !next.empty();
    }
    return json_answer(200, answer);
}

}  // namespace crosswalk::sandbox::lever
