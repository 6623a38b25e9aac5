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

json::array to_json(Pairs const& pairs) {
    json::array array;
    array.reserve(pairs.size());
    for (auto const& [first, second] : pairs) {
        array.push_back(json::array{view(first), view(second)});
    }
    return array;
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

}  // namespace

std::string encode_request(RawRequest const& request) {
    return json::serialize(json::array{view(request.method), view(request.target), to_json(request.headers)});
}

model::Result<RawRequest> decode_request(std::string_view stored) {
    return guarded("request", [&] {
        json::value const value = parse(stored);
        json::array const& parts = value.as_array();
        return RawRequest{text(parts.at(0)), text(parts.at(1)), to_pairs(parts.at(2)), {}};
    });
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

std::string encode_problems(std::vector<model::FieldProblem> const& problems) {
    Pairs pairs;
    for (auto const& problem : problems) {
        pairs.emplace_back(problem.field, problem.reason);
    }
    return json::serialize(to_json(pairs));
}

model::Result<std::vector<model::FieldProblem>> decode_problems(std::string_view stored) {
    return guarded("list of fields", [&] {
        std::vector<model::FieldProblem> problems;
        for (auto& [field, reason] : to_pairs(parse(stored))) {
            problems.push_back({std::move(field), std::move(reason)});
        }
        return problems;
    });
}

std::string encode_sources(std::vector<FieldSource> const& sources) {
    Pairs pairs;
    for (auto const& source : sources) {
        pairs.emplace_back(source.field, source.source);
    }
    return json::serialize(to_json(pairs));
}

model::Result<std::vector<FieldSource>> decode_sources(std::string_view stored) {
    return guarded("list of sources", [&] {
        std::vector<FieldSource> sources;
        for (auto& [field, source] : to_pairs(parse(stored))) {
            sources.push_back({std::move(field), std::move(source)});
        }
        return sources;
    });
}

}  // namespace crosswalk::store
