// Hires one after the other for as long as somebody wants them, and what became of them at the vendors.
//
// Shape    the sandbox sends; whoever it hires stays in its books until the host answered the webhook with 2xx, so a
//          person of a finished stream is a debt of the host.
// Errors   a call that the sandbox refuses throws.
// Threads  one.
#pragma once

#include "scenarios/world.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace crosswalk::scenarios {

class HireStream {
public:
    struct Pace {
        int count = 200;
        int concurrency = 4;
        int gap_ms = 0;  // of each sender, between two people
    };
    struct Sent {
        std::vector<std::string> opportunities = {};
        std::int64_t acknowledged = 0;
        std::int64_t given_up = 0;  // never answered with 2xx within all tries
    };

    explicit HireStream(World const& world, std::string name_prefix = "Kill")
        : world_(world), name_prefix_(std::move(name_prefix)) {}

    void start(Pace const& pace);
    // Starts so many more when the last ones are through; true when it did.
    bool keep_going(Pace const& pace);
    [[nodiscard]] bool done(int wait_ms = 0) const;
    // Waits until every webhook was received.
    [[nodiscard]] bool finish(seconds patience = seconds(120)) const;
    [[nodiscard]] Sent sent() const;

private:
    World const& world_;
    std::string const name_prefix_;
    std::vector<std::string> ids_;
};

// How many employees there are of each opportunity.
[[nodiscard]] std::map<std::string, int> employees_by_opportunity(World const& world);
// How many notes of each opportunity hold this text.
[[nodiscard]] std::map<std::string, int> notes_by_opportunity(World const& world, std::string_view with);
// What the host's own history says of pushes that were cut off in the middle.
struct CutOff {
    std::size_t looked_up = 0;  // deliveries and notes that were looked up at least once
    std::size_t repeated = 0;   // pushes that followed one whose end nobody knew, with no look-up in between
};
[[nodiscard]] CutOff cut_off(World const& world, std::size_t events);

}  // namespace crosswalk::scenarios
