// Which of the requisition switches may be on together.
//
// Shape    pure: the switches in, a verdict in words out. mapping/settings.schema.json says what each switch does.
// Rule     jobs have exactly one source of truth. Reverse Sync makes the remote system the record; Sync On Change and
//          Reconciliation make ChartHop the record. Hires flow into ChartHop in both directions and have no switch.
#pragma once

#include <string>

namespace crosswalk::charthop {

enum class Source : unsigned char { charthop, remote };

struct Switches {
    Source source_of_truth = Source::charthop;
    bool run_daily = false;
    bool sync_on_change = false;
    bool reverse_sync = false;
    bool reconciliation = false;
    bool remote_location_as_default = false;
    bool strict_direction = true;
};

struct Judgement {
    std::string refusal;  // empty: allowed. Names both options that contradict each other.
    std::string warning;  // allowed, but somebody should know
};

[[nodiscard]] Judgement judge(Switches const& switches);

}  // namespace crosswalk::charthop
