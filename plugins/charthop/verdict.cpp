#include "verdict.hpp"

namespace crosswalk::charthop {

Judgement judge(Switches const& switches) {
    bool const remote = switches.source_of_truth == Source::remote;
    if (switches.reverse_sync && switches.sync_on_change) {
        return {
            "Sync On Change and Reverse Sync cannot both be on: the one makes ChartHop the record of jobs, the other "
            "the remote system. Switch one of them off.",
            {}};
    }
    if (switches.reverse_sync && switches.reconciliation) {
        return {
            "Reconciliation and Reverse Sync cannot both be on: the one makes ChartHop the record of jobs, the other "
            "the remote system. Switch one of them off.",
            {}};
    }
    if (switches.reverse_sync && !remote) {
        return {
            "Reverse Sync and the source of truth 'charthop' contradict each other: Reverse Sync makes the remote "
            "system the record of jobs. Switch it off, or set source_of_truth to remote.",
            {}};
    }
    if (switches.sync_on_change && remote) {
        return {
            "Sync On Change and the source of truth 'remote' contradict each other: Sync On Change sends ChartHop's "
            "jobs out. Switch it off, or set source_of_truth to charthop.",
            {}};
    }
    if (switches.reconciliation && remote) {
        if (switches.strict_direction) {
            return {
                "Reconciliation and the source of truth 'remote' contradict each other: Reconciliation takes "
                "ChartHop's jobs as the truth. Switch it off, or set source_of_truth to charthop.",
                {}};
        }
        return {{},
                "Reconciliation overwrites the remote system's requisitions although source_of_truth is remote; "
                "strict_direction is off, so it is allowed."};
    }
    return {};
}

}  // namespace crosswalk::charthop
