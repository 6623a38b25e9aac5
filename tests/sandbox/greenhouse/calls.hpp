// The endpoints of the played Harvest APIs; v1.cpp and v3.cpp have the tables. The state's lock is held.
#pragma once

#include "sandbox/endpoints.hpp"
#include "sandbox/exchange.hpp"
#include "sandbox/greenhouse/state.hpp"

#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>

namespace crosswalk::sandbox::greenhouse {

struct Call {
    State& state;
    Request const& request;
    Arguments ids = {};
};

// v1.cpp: `path` begins behind /v1.
[[nodiscard]] Answer call_v1(State& state, Request const& request, std::span<std::string const> path);

// v3.cpp: `path` begins behind /v3.
[[nodiscard]] Answer call_v3(State& state, Request const& request, std::span<std::string const> path);

// tokens.cpp: the token endpoint of auth.greenhouse.io, and the one that turns a v1 key into a v3 token.
[[nodiscard]] Answer request_token(State& state, Request const& request);
[[nodiscard]] Answer request_transition_token(State& state, Request const& request);

// files.cpp: `path` begins behind /files.
[[nodiscard]] Answer call_files(State& state, Request const& request, std::span<std::string const> path);

// notes.cpp
[[nodiscard]] Answer v1_create_note(Call const& call);
[[nodiscard]] Answer v1_activity_feed(Call const& call);
[[nodiscard]] Answer v3_create_note(Call const& call);

// attachments.cpp
[[nodiscard]] Answer v3_create_attachment(Call const& call);

// What a credential may be allowed: each v1 row as "GET /candidates/:id", each v3 scope.
[[nodiscard]] std::set<std::string> v1_permissions();
[[nodiscard]] std::set<std::string> v3_permissions();
[[nodiscard]] bool is_permitted(Credential const& credential, std::string const& permission);

// User and password of Basic authorization; nothing when there is none or it cannot be read (tokens.cpp).
[[nodiscard]] std::optional<Pair> read_basic(Request const& request);

// "http://127.0.0.1:40123/greenhouse/v3/notes": where the caller reached this request.
[[nodiscard]] std::string address_of(State const& state, Request const& request);

}  // namespace crosswalk::sandbox::greenhouse
