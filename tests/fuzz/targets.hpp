// What is fuzzed: each target takes any bytes, drives one part of Crosswalk with them, and ends the process when a
// promise of that part does not hold.
//
// Shape    one table for both users: crosswalk-fuzz feeds a target what libFuzzer makes up, fuzz_replay_test feeds it
//          every file of corpus/<name> and regressions/<name>.
// Errors   none: a target returns, or it ends the process with one line that says which promise was broken.
// Threads  one target at a time.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace crosswalk::fuzz {

struct Target {
    std::string_view name;
    void (*run)(std::string_view input);
};

[[nodiscard]] std::span<Target const> targets() noexcept;
[[nodiscard]] Target const* find_target(std::string_view name) noexcept;

// Ends the process when a promise does not hold.
void require(bool holds, std::string_view promise);

// An input that stands for several texts: those between lines of "--". There is always a first one.
[[nodiscard]] std::vector<std::string_view> parts_of(std::string_view input);
// Cuts the first line off, without its end.
[[nodiscard]] std::string_view take_line(std::string_view& text);
// The first byte; nothing when there is none.
[[nodiscard]] std::optional<std::uint8_t> take_byte(std::string_view& bytes);

// One for each connector that ships: its webhook, poll, push, find and map hooks (connector_targets.cpp).
void run_charthop(std::string_view input);
void run_goco(std::string_view input);
void run_greenhouse(std::string_view input);
void run_hireguide(std::string_view input);
void run_hrlogics(std::string_view input);
void run_lever(std::string_view input);
// The http room (http_targets.cpp).
void run_http_request(std::string_view input);
void run_http_response(std::string_view input);
void run_url(std::string_view input);
// What its answers say about rate and tokens (answer_targets.cpp).
void run_rate(std::string_view input);
void run_token(std::string_view input);
// Configuration and rules (mapping_targets.cpp, config_target.cpp).
void run_config(std::string_view input);
void run_mapping(std::string_view input);
void run_pointer(std::string_view input);
// The store's file and the texts in its columns (store_targets.cpp).
void run_store(std::string_view input);
void run_codec(std::string_view input);
// What comes from worker processes (wire_targets.cpp).
void run_wire(std::string_view input);
// What was sealed: values and files (sealed_target.cpp, spool_target.cpp).
void run_sealed(std::string_view input);
void run_spool(std::string_view input);

}  // namespace crosswalk::fuzz
