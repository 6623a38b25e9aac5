// Dead letters: count by cause, list, show, discard; replay.hpp tries them again.
//
// Shape    a letter is "d23" (a delivery) or "e17" (an event that was never parsed or mapped).
#pragma once

#include "admin/api.hpp"

#include <boost/json/object.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace crosswalk::admin {

[[nodiscard]] http::Response list_causes(Api& api, Call const& call);
[[nodiscard]] http::Response list_dead(Api& api, Call const& call);
[[nodiscard]] http::Response show_dead(Api& api, Call const& call);
[[nodiscard]] http::Response discard_dead(Api& api, Call const& call);

// Which letters a call is about: those named, or all dead ones that fit the filter, oldest first, a page of them.
struct Selection {
    std::vector<store::LetterId> named;
    store::DeadFilter filter;
    std::optional<store::LetterId> after;
    std::size_t limit = 100;
};
// Of a JSON body; `others` are members that the caller reads itself. invalid_argument: a member that is unknown or of
// the wrong type, or nothing selected: everything must be asked for with "all".
[[nodiscard]] model::Result<Selection> parse_selection(boost::json::object const& body,
                                                       std::vector<std::string_view> const& others);
[[nodiscard]] model::Result<std::vector<store::LetterId>> letters_of(store::DeadLetters& dead,
                                                                     Selection const& selection);
// Adds "left" and, when there are more, "next_after".
[[nodiscard]] model::Result<void> add_rest(store::DeadLetters& dead, Selection const& selection,
                                           std::vector<store::LetterId> const& page, boost::json::object& out);
// The request's body; invalid_argument: it is no JSON object.
[[nodiscard]] model::Result<boost::json::object> body_object(Call const& call);

}  // namespace crosswalk::admin
