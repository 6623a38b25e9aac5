#include "torture/row.hpp"

#include <gtest/gtest-spi.h>

#include <cstdio>
#include <ostream>

namespace crosswalk::torture {

void Report::expect(bool holds, std::string what) {
    if (!holds) {
        broken_.push_back(std::move(what));
    }
}

void Report::figure(std::string_view name, std::string_view value) {
    figures_.append(figures_.empty() ? "" : ", ").append(name).append(" ").append(value);
}

void Report::figure(std::string_view name, double value) {
    char digits[32];
    std::snprintf(digits, sizeof digits, "%.3g", value);
    figure(name, std::string_view(digits));
}

void Report::print(std::ostream& out) const {
    if (!figures_.empty()) {
        out << "     " << figures_ << '\n';
    }
    for (std::string const& what : broken_) {
        out << "     BROKEN: " << what << '\n';
    }
    if (!passed() && !last_words_.empty()) {
        out << "---- the end of the host's log\n" << last_words_ << "\n----\n";
    }
}

Report run(Row const& row, Order const& order) {
    Report report;
    // A world that ends judges the books of its host, and says what is wrong as a failure of the test it is in.
    testing::TestPartResultArray judged;
    {
        testing::ScopedFakeTestPartResultReporter const reporter(
            testing::ScopedFakeTestPartResultReporter::INTERCEPT_ALL_THREADS, &judged);
        try {
            row.run(order, report);
        } catch (std::exception const& failure) {
            report.expect(false, std::string("the row could not be run: ") + failure.what());
        }
    }
    for (int i = 0; i < judged.size(); ++i) {
        report.expect(judged.GetTestPartResult(i).passed(), judged.GetTestPartResult(i).message());
    }
    return report;
}

std::vector<Row> const& rows() {
    static std::vector<Row> const all{
        {"T1", "kill -9 and SIGSTOP at random moments of the whole pipeline",
         "0 acknowledged lost, 0 duplicate employees, difference 0", kills},
        {"T1b", "kill -9 and cut answers before a target that cannot be asked",
         "0 lost, 0 twice by the host: what nobody can know is parked for a person", blind_target},
        {"T1c", "the same before a target that cannot be asked but honours idempotency keys",
         "0 lost, 0 twice, and no person is asked: the host repeats by itself", keyed_target},
        {"T2", "full disk, EIO and failing fsync under load and kills",
         "0 lost; 503, /readyz and one log line say so; recovers by itself", disk},
        {"T3", "a connector in a worker crashes, hangs and takes 2 GB",
         "host up; quarantine; other routes' p99 not shown to be beyond 10 %", connectors},
        {"T4", "webhooks repeated and mixed up; a target that refuses, stalls, cuts and lies",
         "order of arrival kept per subject; 0 twice; Retry-After obeyed; unknown resolved by look-up", vendors},
        {"T5", "orderly restarts under load", "0 lost, 0 duplicates, every stop clean", restarts},
        {"T7", "the same load for a while", "memory and file handles level", soak},
        {"T8", "canary values through every way a vendor can fail", "found in no log, metric, health page or cause",
         canaries},
        {"T9", "starts with an empty and a full inbox", "ready in 0.5 s and 2 s; memory does not grow with backlog",
         backlog},
        {"L1", "1,000 clients that send a byte a second", "webhooks acknowledged under 1 s at p99", slow_clients},
    };
    return all;
}

}  // namespace crosswalk::torture
