#include "scenarios/hire_stream.hpp"

namespace crosswalk::scenarios {

void HireStream::start(Pace const& pace) {
    json::object const order{{"count", pace.count},
                             {"concurrency", pace.concurrency},
                             {"name_prefix", name_prefix_},
                             {"gap_ms", pace.gap_ms},
                             {"tries", 100'000},
                             {"retry_gap_ms", 10},
                             {"retry_gap_max_ms", 50}};
    ids_.push_back(text(world_.control("POST", "/lever/stream", order).value(), "/id"));
}

bool HireStream::keep_going(Pace const& pace) {
    if (!ids_.empty() && !done()) {
        return false;
    }
    start(pace);
    return true;
}

bool HireStream::done(int wait_ms) const {
    return text(world_.control("GET", "/lever/streams/" + ids_.back() + "?wait_ms=" + std::to_string(wait_ms)).value(),
                "/done") == "true";
}

bool HireStream::finish(seconds patience) const {
    return ids_.empty() || eventually([this] { return done(1000); }, patience);
}

HireStream::Sent HireStream::sent() const {
    Sent all;
    for (std::string const& id : ids_) {
        json::value const shown = world_.control("GET", "/lever/streams/" + id + "?opportunities=true").value();
        all.acknowledged += number(shown, "/received");
        all.given_up += number(shown, "/failed");
        for (json::value const& opportunity : list(shown, "/opportunities")) {
            all.opportunities.emplace_back(opportunity.as_string());
        }
    }
    return all;
}

std::map<std::string, int> employees_by_opportunity(World const& world) {
    std::map<std::string, int> counts;
    for (json::value const& employee :
         list(world.control("GET", "/goco/employees?import_source=Lever").value(), "/employees")) {
        std::string const id = text(employee, "/external_id");
        ++counts[id.substr(id.rfind(':') + 1)];
    }
    return counts;
}

std::map<std::string, int> notes_by_opportunity(World const& world, std::string_view with) {
    std::map<std::string, int> counts;
    for (json::value const& note : list(world.control("GET", "/lever/notes").value(), "/notes")) {
        if (text(note, "/value").find(with) != std::string::npos) {
            ++counts[text(note, "/opportunity_id")];
        }
    }
    return counts;
}

CutOff cut_off(World const& world, std::size_t events) {
    CutOff found;
    for (std::size_t id = 1; id <= events; ++id) {
        for (json::value const& delivery : list(world.event(static_cast<std::int64_t>(id)), "/deliveries")) {
            bool looked_up = false;
            bool in_doubt = false;
            for (json::value const& attempt : list(delivery, "/attempts")) {
                bool const push = text(attempt, "/kind") == "push";
                looked_up = looked_up || !push;
                found.repeated += push && in_doubt ? 1 : 0;
                in_doubt = push && (text(attempt, "/ended_at").empty() || text(attempt, "/outcome") == "unknown");
            }
            found.looked_up += looked_up ? 1 : 0;
        }
    }
    return found;
}

}  // namespace crosswalk::scenarios
