// The settings of one GoCo connection, checked.
//
// Shape    the defaults are mapping/contract.json; what the connection says is laid over them key by key.
// Errors   load() throws Failure(CW_ERR_CONFIG) naming the setting by its JSON Pointer.
// Threads  constant after load().
#pragma once

#include <crosswalk/connector.hpp>

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace crosswalk::goco {

using connector::Call;
using connector::Failure;
using connector::FieldProblem;
using connector::PathValues;
namespace json = boost::json;

using Texts = std::map<std::string, std::string, std::less<>>;

enum class DuplicateMatch : unsigned char { first_last, first_last_email, off };

struct Settings {
    std::string base_url;  // no slash at the end
    std::string company;
    Texts paths;           // templates, "{company}" and the like are filled in by url()
    Texts fields;          // contract name → name used on the wire, where they differ
    Texts contract_names;  // the way back, for the fields of a person
    Texts envelope;        // JSON Pointers into an answer
    std::map<std::string, Texts, std::less<>> enums;
    Texts import_sources;
    int page_size = 100;
    DuplicateMatch duplicate_match = DuplicateMatch::first_last;
    bool match_case = true;
    std::set<std::string, std::less<>> must_match;  // fields whose `otherwise` is fail

    [[nodiscard]] static Settings load(json::value const& given);

    // False when an admin has emptied the path: the step is skipped.
    [[nodiscard]] bool uses(std::string_view path) const { return !paths.find(path)->second.empty(); }
    [[nodiscard]] std::string url(std::string_view path, PathValues values) const;

    // The name on the wire of a contract field, and back.
    [[nodiscard]] std::string wire(std::string_view contract) const;
    [[nodiscard]] std::string contract(std::string_view wire_name) const;
};

}  // namespace crosswalk::goco
