// What the played GoCo holds: one company, its employees, lists, documents, settings.
//
// Shape    records are kept as they are printed. Employees also keep their names folded, for the filters.
// Threads  everything here is guarded by `mutex`, which the caller of a function that takes a State& holds.
#pragma once

#include "sandbox/exchange.hpp"
#include "sandbox/token_bucket.hpp"

#include <boost/json.hpp>

#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace crosswalk::sandbox::goco {

struct Employee {
    boost::json::object printed;
    std::string first_name;  // trimmed, lower case
    std::string last_name;
};

// The filters match by prefix: what a connector gets is a superset of what it asked for.
enum class NameFilter { prefix, contains, exact };
enum class Duplicates { off, external_id, name };

struct Settings {
    std::string api_key = "goco-sandbox-key";
    bool full_access = true;  // else the key's owner is no Full Access Admin: 403
    NameFilter name_filter = NameFilter::prefix;
    Duplicates duplicates = Duplicates::off;
    bool idempotency_honoured = false;  // an Idempotency-Key seen before gets the first answer again
    double rate_per_s = 0;              // no limit
    double burst = 20;
};

struct Remembered {
    std::string request_body;
    Answer answer;
};

struct State {
    static constexpr std::size_t remembered_max = 10'000;

    std::mutex mutex;
    Settings settings;
    TokenBucket bucket;
    boost::json::object company;
    std::deque<Employee> employees;
    std::unordered_map<std::string, std::size_t> employee_index;
    std::deque<boost::json::object> departments;
    std::deque<boost::json::object> locations;
    std::deque<boost::json::object> job_titles;
    std::deque<boost::json::object> documents;
    std::map<std::string, Remembered> idempotency;  // by key
    std::int64_t next_employee = 902;
    std::int64_t next_document = 31;

    boost::json::object const& add_employee(boost::json::object printed);
    void clear_employees();
    [[nodiscard]] Employee* find_employee(std::string_view id);

    // Back to the sample records and the standard settings.
    void reset();
};

// The sample company, lists and employees (seed.cpp).
void seed(State& state);

// Outer blanks off, Unicode lower case: how the filters compare names.
[[nodiscard]] std::string fold(std::string_view name);

[[nodiscard]] std::string text_of(boost::json::object const& record, std::string_view name);

// "2026-11-21T21:40:00Z"
[[nodiscard]] std::string timestamp();

}  // namespace crosswalk::sandbox::goco
