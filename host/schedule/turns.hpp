// The turns of one run: each asks the connector for one page and stores it with its cursor.
//
// Shape    step() does one turn, or says until when to wait, or that the run is left: done, failed, or back in the
//          queue because something holds it. Nothing between two steps is kept but in the store, so a run that is
//          resumed by another Turns goes on at its cursor.
// Links    a page about a record that a push on its way may link in a moment is asked for again, like what may pass.
// Errors   what may pass is tried again, up to tries_max times per turn; a refused access pauses the connection and
//          suspends the run; a cursor that the source forgot or the store lost starts the run over as a full one, once;
//          all else fails it.
// Threads  one at a time. Owner  borrows the surroundings and the route.
#pragma once

#include "schedule/surroundings.hpp"

#include <optional>

namespace crosswalk::schedule {

struct Step {
    enum class Kind : unsigned char { again, wait, left } kind = Kind::again;
    model::TimePoint until = {};  // with wait
};

class Turns {
public:
    // `run` is running.
    Turns(Surroundings const& around, model::Route const& route, store::Run run);

    [[nodiscard]] Step step();

private:
    [[nodiscard]] Step look_again(std::string const& unlinked);
    [[nodiscard]] Step take(plugin_host::PollResult page, std::string const& cursor);
    [[nodiscard]] Step go_on_after(model::Error const& error, std::string const& cursor);
    [[nodiscard]] Step try_again(model::Error const& error);
    [[nodiscard]] Step pause_source(model::Error const& error);
    [[nodiscard]] Step start_over(std::string const& why);
    [[nodiscard]] Step suspend(std::string const& reason, std::vector<store::NewDelivery> letters = {});
    [[nodiscard]] Step fail(std::string const& reason);
    [[nodiscard]] Step wait_for_store(model::Error const& error);
    void say(std::string const& reason);
    [[nodiscard]] bool is_news(std::string const& reason) const;

    Surroundings const& around_;
    model::Route const& route_;
    std::string const selection_;
    store::Run run_;
    int tries_ = 0;              // of the turn that comes next, all failed
    bool started_over_ = false;  // by this Turns
    // Of the turn that comes next: when it first met a record without a link, and whether no push can link it any more.
    std::optional<model::TimePoint> unlinked_since_ = {};
    bool links_are_final_ = false;
};

}  // namespace crosswalk::schedule
