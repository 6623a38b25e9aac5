// One write to Lever and what its answer means for a delivery.
//
// Errors   Failure as push() reports it: CW_ERR_AUTH names the missing right, CW_ERR_INVALID the field that Lever finds
//          fault with; Lever's own message is not repeated, it may hold personal values.
#pragma once

#include "api.hpp"
#include <crosswalk/connector.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace crosswalk::lever {

// What a write is for, in the words of its refusals.
struct Purpose {
    std::string_view right;   // as Lever's key page names it
    std::string_view field;   // what to name when Lever finds fault with the data
    std::string_view thing;   // "opportunity": what is gone when Lever answers 404
    bool repeatable = false;  // once more changes nothing
};

// Sends the write. The data that Lever answered, null when it is no JSON; nullopt, with the reason noted, when Lever
// may or may not have applied it.
[[nodiscard]] std::optional<json::value> written(connector::Call& call, Api& api, Ask const& ask,
                                                 Purpose const& purpose);

// A JSON body below the base address, in the acting user's name when one is configured.
[[nodiscard]] Ask json_ask(std::string method, std::string path, json::object const& body);

// Runs a read that a push needs. That it is refused says nothing about the data: it is the key that lacks a right.
template <class Read>
auto with_rights(Read&& read) {
    try {
        return read();
    } catch (connector::Failure const& failure) {
        if (failure.status() == CW_ERR_INVALID && failure.fields().empty()) {
            throw connector::Failure(CW_ERR_AUTH, failure.message());
        }
        throw;
    }
}

// "/opportunities/<id>" of the record. Failure(CW_ERR_INVALID) when it names none.
[[nodiscard]] std::string opportunity_path(json::value const& record);

}  // namespace crosswalk::lever
