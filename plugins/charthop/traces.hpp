// What the connector remembers of a create that it began: ChartHop takes no idempotency key.
//
// Shape    one small entry per thing that was to be made, under the hash of what it was to be made for. It is written
//          before the create goes out, gets the id afterwards, and is kept.
// Why      a person or job that was not there before and is there now is ours, when such an entry says that we sent it.
//          ChartHop shows what was made only after a while, so within settle_time what cannot be seen is not made
//          again.
// Units    milliseconds.
#pragma once

#include "settings.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace crosswalk::charthop {

struct Trace {
    std::string push;        // idempotency key of the push that sent it; empty: nothing was sent
    std::int64_t at_ms = 0;  // when
    std::string id;          // what ChartHop called it; empty: not known
    bool done = false;       // everything that belongs to it is done
};

// Unknown, with the words for people: nothing is sent again before ChartHop can show what became of the first.
[[nodiscard]] connector::Outcome not_known_yet(Call& call);

class Traces {
public:
    // `what` and `whom` are hashed; neither is kept.
    Traces(Call& call, std::string_view what, std::string const& whom)
        : call_(&call), key_(std::string(what) + ":" + call.sha256_hex(whom)) {}

    [[nodiscard]] Trace read() const;
    void write(Trace const& trace) const;
    // Was it sent so recently that ChartHop may not show it yet?
    [[nodiscard]] bool is_settling(Trace const& trace) const;

private:
    Call* call_;
    std::string key_;
};

}  // namespace crosswalk::charthop
