#include "store/codec.hpp"

#include <boost/json.hpp>

#include <exception>
#include <utility>

namespace crosswalk::store {
namespace {

namespace json = boost::json;
using Pairs = std::vector<std::pair<std::string, std::string>>;

model::Error damaged(char const* what) {
    return model::Error{model::ErrorCode::corruption, std::string("The store holds a damaged ") + what + "."};
}

json::string_view view(std::string const& text) {
    return json::string_view(text.data(), text.size());
}
std::string text(json::value const& value) {
    json::string const& string = value.as_string();
    return std::string(string.data(), string.size());
}

json::value parse(std::string_view stored) {
    json::parse_options options;
    options.allow_invalid_utf8 = true;
    return json::parse(json::string_view(stored.data(), stored.size()), {}, options);
}

Pairs to_pairs(json::value const& value) {
    Pairs pairs;
    for (json::value const& pair : value.as_array()) {
        pairs.emplace_back(text(pair.as_array().at(0)), text(pair.as_array().at(1)));
    }
    return pairs;
}

// Boost.JSON throws on a text or a shape that is not ours; this is the edge where that ends.
template <class Read>
auto guarded(char const* what, Read read) -> model::Result<decltype(read())> {
    try {
        return read();
    } catch (std::bad_alloc const&) {
        throw;
    } catch (std::exception const&) {
        return damaged(what);
    }
}

template <class Item>
json::array to_json_of(std::vector<Item> const& items, std::string Item::*first, std::string Item::*second) {
    json::array array;
    array.reserve(items.size());
    for (Item const& item : items) {
        array.push_back(json::array{view(item.*first), view(item.*second)});
    }
    return array;
}

template <class Item>
std::vector<Item> to_items(json::value const& value) {
    std::vector<Item> items;
    for (auto& [first, second] : to_pairs(value)) {
        items.push_back({std::move(first), std::move(second)});
    }
    return items;
}

constexpr char webhook_mark = 'w';
constexpr char event_mark = 'e';
constexpr std::size_t length_bytes = 4;

// Every accept passes here: what is built lives on the stack as long as it fits.
std::string encode_request(RawRequest const& request) {
    unsigned char room[4096];
    json::monotonic_resource memory(room);
    json::array headers(&memory);
    headers.reserve(request.headers.size());
    for (auto const& [name, value] : request.headers) {
        headers.push_back(json::array({view(name), view(value)}, &memory));
    }
    return json::serialize(json::array({view(request.method), view(request.target), std::move(headers)}, &memory));
}

std::string encode_event(model::Event const& event) {
    return json::serialize(json::object{{"id", view(event.id)},
                                        {"type", view(event.type)},
                                        {"subject", view(event.subject)},
                                        {"title", view(event.title)},
                                        {"occurred_ms", event.occurred_unix_ms},
                                        {"schema", view(event.record.schema)},
                                        {"key", view(event.record.key)},
                                        {"record", view(event.record.json)}});
}

}  // namespace

std::string encode_payload(RawRequest const& raw, std::optional<model::Event> const& event) {
    if (event) {
        return event_mark + encode_event(*event);
    }
    // Mark, length of what follows in four bytes, the lowest first, method, target and headers, body.
    std::string const request = encode_request(raw);
    std::string bytes;
    bytes.reserve(1 + length_bytes + request.size() + raw.body.size());
    bytes.push_back(webhook_mark);
    for (std::size_t i = 0; i < length_bytes; ++i) {
        bytes.push_back(static_cast<char>(request.size() >> (8 * i) & 0xFFU));
    }
    return bytes.append(request).append(raw.body);
}

model::Result<Payload> decode_payload(std::string_view stored) {
    if (stored.starts_with(event_mark)) {
        auto event = decode_event(stored.substr(1));
        return event ? model::Result<Payload>(Payload{{}, std::move(*event)}) : model::Result<Payload>(event.error());
    }
    if (!stored.starts_with(webhook_mark) || stored.size() < 1 + length_bytes) {
        return damaged("payload");
    }
    std::size_t length = 0;
    for (std::size_t i = 0; i < length_bytes; ++i) {
        length |= static_cast<std::size_t>(static_cast<unsigned char>(stored[1 + i])) << (8 * i);
    }
    stored.remove_prefix(1 + length_bytes);
    if (length > stored.size()) {
        return damaged("payload");
    }
    auto raw = decode_request(stored.substr(0, length));
    if (!raw) {
        return raw.error();
    }
    raw->body = stored.substr(length);
    return Payload{std::move(*raw), {}};
}

std::string encode_delivery_story(DeliveryStory const& story) {
    return json::serialize(
        json::array{view(story.subject), view(story.target_key), view(story.idempotency_key),
                    to_json_of(story.sources, &FieldSource::field, &FieldSource::source),
                    to_json_of(story.warnings, &model::FieldProblem::field, &model::FieldProblem::reason),
                    to_json_of(story.fields, &model::FieldProblem::field, &model::FieldProblem::reason)});
}

model::Result<DeliveryStory> decode_delivery_story(std::string_view stored) {
    return guarded("delivery", [&] {
        json::value const value = parse(stored);
        json::array const& parts = value.as_array();
        return DeliveryStory{text(parts.at(0)),
                             text(parts.at(1)),
                             text(parts.at(2)),
                             to_items<FieldSource>(parts.at(3)),
                             to_items<model::FieldProblem>(parts.at(4)),
                             to_items<model::FieldProblem>(parts.at(5))};
    });
}

std::string encode_texts(std::vector<std::string_view> const& texts) {
    json::array array;
    array.reserve(texts.size());
    for (std::string_view const each : texts) {
        array.push_back(json::string(each.data(), each.size()));
    }
    return json::serialize(array);
}

model::Result<std::vector<std::string>> decode_texts(std::string_view stored, std::size_t count) {
    return guarded("text", [&] {
        json::value const value = parse(stored);
        std::vector<std::string> texts;
        for (std::size_t i = 0; i < count; ++i) {
            texts.push_back(text(value.as_array().at(i)));
        }
        return texts;
    });
}

model::Result<RawRequest> decode_request(std::string_view stored) {
    return guarded("request", [&] {
        json::value const value = parse(stored);
        json::array const& parts = value.as_array();
        return RawRequest{text(parts.at(0)), text(parts.at(1)), to_pairs(parts.at(2)), {}};
    });
}

model::Result<model::Event> decode_event(std::string_view stored) {
    return guarded("event", [&] {
        json::value const value = parse(stored);
        json::object const& object = value.as_object();
        model::Event event;
        event.id = text(object.at("id"));
        event.type = text(object.at("type"));
        event.subject = text(object.at("subject"));
        event.title = text(object.at("title"));
        event.occurred_unix_ms = object.at("occurred_ms").to_number<std::int64_t>();
        event.record = {text(object.at("schema")), text(object.at("key")), text(object.at("record"))};
        return event;
    });
}

model::Result<std::vector<model::FieldProblem>> decode_problems(std::string_view stored) {
    return guarded("list of fields", [&] { return to_items<model::FieldProblem>(parse(stored)); });
}

model::Result<std::vector<FieldSource>> decode_sources(std::string_view stored) {
    return guarded("list of sources", [&] { return to_items<FieldSource>(parse(stored)); });
}

}  // namespace crosswalk::store
