// The JSON forms of what is stored as text in one column.
//
// Errors   corruption when a stored text is not what this file writes.
// Bytes    header values need not be UTF-8; they come back as they went in.
#pragma once

#include "model/error.hpp"
#include "model/record.hpp"
#include "store/inbox.hpp"
#include "store/outbox.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace crosswalk::store {

// Method, target and headers; the body has a column of its own.
[[nodiscard]] std::string encode_request(RawRequest const& request);
[[nodiscard]] model::Result<RawRequest> decode_request(std::string_view text);

[[nodiscard]] std::string encode_event(model::Event const& event);
[[nodiscard]] model::Result<model::Event> decode_event(std::string_view text);

[[nodiscard]] std::string encode_problems(std::vector<model::FieldProblem> const& problems);
[[nodiscard]] model::Result<std::vector<model::FieldProblem>> decode_problems(std::string_view text);

[[nodiscard]] std::string encode_sources(std::vector<FieldSource> const& sources);
[[nodiscard]] model::Result<std::vector<FieldSource>> decode_sources(std::string_view text);

}  // namespace crosswalk::store
