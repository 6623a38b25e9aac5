// The interview story, as config/lever-hireguide has it, with the sandbox's addresses and credentials: a posting of the
// sandbox's Lever is the job, and its position in Hireguide is still to be made.
//
// Shape    a World; the configuration can be edited until start(), which also tells Hireguide where callbacks go.
// Errors   as of World.
// Threads  one.
#pragma once

#include "scenarios/world.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace crosswalk::scenarios {

inline constexpr char hireguide_callback_secret[] = "scenario-hireguide-secret-81f2";

class HireguideWorld : public World {
public:
    HireguideWorld();

    void start() {
        start_host();
        (void)control("POST", "/hireguide/callback",
                      {{"url", hook_url("hireguide")}, {"secret", hireguide_callback_secret}, {"retry_gap_ms", 50}});
    }

    [[nodiscard]] std::string applicant(std::string const& name) const {
        return candidate({{"name", name}, {"email", "applicant@example.com"}, {"posting", posting_}});
    }

    // What the host answered to the callback: "200".
    std::string callback(std::string const& path, json::object const& body = {}) const {
        std::string const delivery = text(control("POST", "/hireguide/" + path, body).value(), "/delivery");
        json::value const shown = control("GET", "/hireguide/deliveries/" + delivery + "?wait_ms=20000").value();
        return text(shown, "/attempts/0/status");
    }

    // No run is under way and nothing that one brought waits.
    [[nodiscard]] bool runs_are_over() const {
        for (std::string const route : {"support-candidates", "support-job"}) {
            for (json::value const& run : list(admin("GET", "/api/v1/routes/" + route + "/runs").value(), "/runs")) {
                std::string const state = text(run, "/state");
                if (state == "queued" || state == "running" || number(run, "/counts/waiting") > 0) {
                    return false;
                }
            }
        }
        return true;
    }

    // Names as Hireguide's search shows them.
    [[nodiscard]] std::vector<std::string> listed(std::string const& part = "") const {
        std::vector<std::string> names;
        Answer const answer = control("GET", "/hireguide/candidates?query=" + part);
        for (json::value const& one : list(answer.value(), "/candidates")) {
            names.push_back(text(one, "/display_name"));
        }
        return names;
    }
    [[nodiscard]] std::string candidate_id(std::string const& part) const {
        return text(control("GET", "/hireguide/candidates?query=" + part).value(), "/candidates/0/id");
    }
    // The position that stands for the job.
    [[nodiscard]] json::value position() const {
        Answer const answer = control("GET", "/hireguide/positions");
        for (json::value const& one : list(answer.value(), "/positions")) {
            if (text(one, "/ats_job/external_id") == "lever:posting:" + posting_) {
                return one;
            }
        }
        return nullptr;
    }

    [[nodiscard]] std::string interview(std::string const& candidate, bool scored) const {
        return text(
            control("POST", "/hireguide/interviews", {{"candidate", candidate}, {"scores_submitted", scored}}).value(),
            "/id");
    }
    // What Hireguide was told of the interview's exports.
    [[nodiscard]] json::array results(std::string const& interview) const {
        return list(control("GET", "/hireguide/interviews/" + interview).value(), "/results");
    }
    [[nodiscard]] json::array files(std::string const& opportunity) const {
        return list(control("GET", "/lever/files?opportunity=" + opportunity).value(), "/files");
    }
    // A body as a vendor's customer gets it.
    [[nodiscard]] std::string fetched(std::string const& path, char const* authorization,
                                      char const* accept = "application/json") const;

private:
    void take_secret(std::string const& file, std::string const& name, std::string_view value = {}) const;

    std::string posting_;
};

}  // namespace crosswalk::scenarios
