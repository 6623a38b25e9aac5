#include "sandbox/charthop/contract.hpp"

#include "sandbox/endpoints.hpp"

#include <algorithm>
#include <cctype>
#include <valijson/adapters/boost_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

namespace crosswalk::sandbox::charthop {
namespace {

namespace json = boost::json;
using valijson::adapters::BoostJsonAdapter;

// Takes the type off schemas that say "object" and nothing about it.
void loosen(json::value& node) {
    if (node.is_array()) {
        for (json::value& one : node.get_array()) {
            loosen(one);
        }
    }
    if (!node.is_object()) {
        return;
    }
    json::object& object = node.get_object();
    json::value const* type = object.if_contains("type");
    if (type != nullptr && *type == "object" && !object.contains("properties") &&
        !object.contains("additionalProperties")) {
        object.erase("type");
    }
    for (auto& entry : object) {
        loosen(entry.value());
    }
}

bool is_date(std::string_view text) {
    static constexpr std::string_view shape = "0000-00-00";
    return text.size() == shape.size() && std::equal(text.begin(), text.end(), shape.begin(), [](char c, char like) {
               return like == '0' ? std::isdigit(static_cast<unsigned char>(c)) != 0 : c == like;
           });
}

std::string text_at(json::object const& object, std::string_view name) {
    json::value const* found = object.if_contains({name.data(), name.size()});
    return found != nullptr && found->is_string() ? std::string(found->get_string()) : std::string();
}

// "{orgId}" becomes ":orgId", as endpoints.hpp writes it.
std::string pattern_of(std::string_view path) {
    std::string out;
    for (char const c : path) {
        if (c != '}') {
            out += c == '{' ? ':' : c;
        }
    }
    return out;
}

std::string parameter_complaint(json::object const& schema, std::string const& value) {
    std::string const type = text_at(schema, "type");
    if (type == "integer" && !parse_number(value)) {
        return "must be an integer";
    }
    if (type == "boolean" && value != "true" && value != "false") {
        return "must be true or false";
    }
    if (text_at(schema, "format") == "date" && !is_date(value)) {
        return "must be YYYY-MM-DD";
    }
    json::value const* words = schema.if_contains("enum");
    json::string const wanted(value);
    if (words != nullptr &&
        std::find(words->get_array().begin(), words->get_array().end(), wanted) == words->get_array().end()) {
        return "is none of its values";
    }
    return {};
}

bool may_always_come(Request const& request, int status) {
    std::string const thing = request.path.size() > 3 ? request.path[3] : std::string();
    bool const from_snapshot = thing == "job" || thing == "person" || thing == "group";
    return status == 401 || status == 403 || status == 429 || status >= 500 || (status == 202 && from_snapshot);
}

}  // namespace

Contract::Contract(std::string_view document) : document_(json::parse({document.data(), document.size()}).as_object()) {
    for (auto& schema : document_.at("components").at("schemas").as_object()) {
        loosen(schema.value());
    }
    for (auto& path : document_.at("paths").as_object()) {
        loosen(path.value());
    }
}

Contract::~Contract() = default;

json::object const* Contract::operation(Request const& request) const {
    json::object const* best = nullptr;
    std::size_t fewest = 100;
    std::string method = lower(request.method);
    for (auto const& [path, methods] : document_.at("paths").as_object()) {
        Arguments arguments;
        std::string const pattern = pattern_of({path.data(), path.size()});
        json::value const* found = methods.as_object().if_contains(method);
        if (found != nullptr && match_path(pattern, request.path, arguments) && arguments.size() < fewest) {
            best = &found->as_object();
            fewest = arguments.size();
        }
    }
    return best;
}

bool Contract::knows(Request const& request) const {
    return operation(request) != nullptr;
}

std::string Contract::request_complaint(Request const& request) {
    json::object const& at = *operation(request);
    json::array const parameters = at.contains("parameters") ? at.at("parameters").as_array() : json::array{};
    for (Pair const& pair : request.query) {
        auto const declared = std::find_if(parameters.begin(), parameters.end(), [&](json::value const& one) {
            return text_at(one.as_object(), "in") == "query" && text_at(one.as_object(), "name") == pair.name;
        });
        if (declared == parameters.end()) {
            return "the parameter " + pair.name + " is not known";
        }
        if (auto const why = parameter_complaint(declared->at("schema").as_object(), pair.value); !why.empty()) {
            return "the parameter " + pair.name + " " + why;
        }
    }
    json::value const* body = at.if_contains("requestBody");
    if (body == nullptr) {
        return request.body.empty() ? "" : "no body is expected";
    }
    if (request.media_type() != "application/json") {
        return "the content type must be application/json";
    }
    json::error_code error;
    json::value const given = json::parse(request.body, error);
    if (error) {
        return "the body is not JSON";
    }
    if (body->as_object().contains("$ref")) {
        std::string const reference = text_at(body->as_object(), "$ref");
        body = &document_.at("components").at("requestBodies").at(reference.substr(reference.rfind('/') + 1));
    }
    return check(body->at("content").at("application/json").at("schema"), given);
}

std::string Contract::answer_complaint(Request const& request, Answer const& answer) {
    json::object const& responses = operation(request)->at("responses").as_object();
    json::value const* described = responses.if_contains(std::to_string(answer.status));
    bool const success = answer.status >= 200 && answer.status < 300 && answer.status != 202;
    if (described == nullptr && success) {
        described = responses.if_contains("200");
        if (described == nullptr) {
            return {};
        }
    }
    if (described == nullptr) {
        return may_always_come(request, answer.status)
                   ? ""
                   : "the status " + std::to_string(answer.status) + " is not described";
    }
    json::value const* content = described->as_object().if_contains("content");
    if (content == nullptr) {
        return {};
    }
    json::error_code error;
    json::value const body = json::parse(answer.body, error);
    return error ? "the answer is not JSON" : check(content->at("application/json").at("schema"), body);
}

std::string Contract::complaint(std::string const& schema, json::value const& value) {
    return check(json::object{{"$ref", "#/components/schemas/" + schema}}, value);
}

std::string Contract::check(json::value const& schema, json::value const& value) {
    std::string const key = json::serialize(schema);
    auto& parsed = schemas_[key];
    if (parsed == nullptr) {
        // References lead to the components, so these come along.
        json::object root = schema.as_object();
        root["components"] = document_.at("components");
        json::value const whole(std::move(root));
        parsed = std::make_unique<valijson::Schema>();
        valijson::SchemaParser(valijson::SchemaParser::kDraft4).populateSchema(BoostJsonAdapter(whole), *parsed);
    }
    valijson::Validator validator;
    valijson::ValidationResults results;
    if (validator.validate(*parsed, BoostJsonAdapter(value), &results)) {
        return {};
    }
    std::string words;
    valijson::ValidationResults::Error error;
    while (results.popError(error)) {
        for (std::string const& part : error.context) {
            words += part;
        }
        words += ": " + error.description + " ";
    }
    return words;
}

}  // namespace crosswalk::sandbox::charthop
