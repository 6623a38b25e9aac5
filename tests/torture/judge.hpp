// The judge: after the faults have healed, are all debts paid, each once?
//
// Shape    a hire that the host answered with 2xx is a debt: one employee and one note, whatever happened in between.
// Limits   waits for quiet as long as `patience`, then counts what is missing.
#pragma once

#include "scenarios/hire_stream.hpp"
#include "torture/row.hpp"

namespace crosswalk::torture {

struct Judgement {
    std::int64_t acknowledged = 0;
    std::int64_t employees = 0;
    std::int64_t lost = 0;        // acknowledged and no employee
    std::int64_t duplicates = 0;  // employees above one
};

// Heals the vendors, lets the stream end, waits for quiet and holds the report to the promises: nothing lost, nothing
// twice, one note each, conservation, causes, and that a fresh hire still goes through.
Judgement judge(scenarios::World& world, scenarios::HireStream const& stream, Report& report,
                std::chrono::seconds patience = std::chrono::seconds(120));

}  // namespace crosswalk::torture
