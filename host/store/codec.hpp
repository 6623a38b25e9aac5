// The JSON forms of what is encrypted into one column.
//
// Errors   corruption when a stored text is not what this file writes.
// Bytes    header values need not be UTF-8; they come back as they went in.
#pragma once

#include "model/error.hpp"
#include "model/record.hpp"
#include "store/inbox.hpp"
#include "store/outbox.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace crosswalk::store {

// A webhook or a polled event, whole. The bytes of a body stay as they are.
[[nodiscard]] std::string encode_payload(RawRequest const& raw, std::optional<model::Event> const& event);
struct Payload {
    RawRequest raw = {};
    std::optional<model::Event> event = {};
};
[[nodiscard]] model::Result<Payload> decode_payload(std::string_view stored);

// What a delivery says besides its record.
struct DeliveryStory {
    std::string subject = {};
    std::string target_key = {};
    std::string idempotency_key = {};
    std::vector<FieldSource> sources = {};
    std::vector<model::FieldProblem> warnings = {};
    std::vector<model::FieldProblem> fields = {};
};
[[nodiscard]] std::string encode_delivery_story(DeliveryStory const& story);
[[nodiscard]] model::Result<DeliveryStory> decode_delivery_story(std::string_view stored);

[[nodiscard]] std::string encode_texts(std::vector<std::string_view> const& texts);
// corruption as well: there are not `count` of them.
[[nodiscard]] model::Result<std::vector<std::string>> decode_texts(std::string_view stored, std::size_t count);

// As version 2 of the schema kept them, each in a column of its own.
[[nodiscard]] model::Result<RawRequest> decode_request(std::string_view text);
[[nodiscard]] model::Result<model::Event> decode_event(std::string_view text);
[[nodiscard]] model::Result<std::vector<model::FieldProblem>> decode_problems(std::string_view text);

[[nodiscard]] model::Result<std::vector<FieldSource>> decode_sources(std::string_view text);

}  // namespace crosswalk::store
