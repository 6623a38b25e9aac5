#include "telemetry/metrics.hpp"

#include <algorithm>
#include <sstream>

namespace crosswalk::telemetry {
namespace {

std::string escape(std::string_view text) {
    std::string out;
    for (char const c : text) {
        if (c == '\\' || c == '"') {
            out += '\\';
        }
        if (c == '\n') {
            out += "\\n";
        } else {
            out += c;
        }
    }
    return out;
}

}  // namespace

Counter& Metrics::counter(std::string const& name, std::string const& help, Labels const& labels) {
    std::lock_guard const lock(mutex_);
    Family& family = families_[name];
    family.help = help;
    auto const found = std::find_if(family.series.begin(), family.series.end(),
                                    [&](Series const& series) { return series.labels == labels; });
    if (found != family.series.end()) {
        return *found->counter;
    }
    Counter& made = counters_.emplace_back();
    family.series.push_back({labels, &made, {}});
    return made;
}

void Metrics::gauge(std::string const& name, std::string const& help, std::function<double()> read,
                    Labels const& labels) {
    std::lock_guard const lock(mutex_);
    Family& family = families_[name];
    family.help = help;
    family.is_gauge = true;
    family.series.push_back({labels, nullptr, std::move(read)});
}

std::string Metrics::render() const {
    std::lock_guard const lock(mutex_);
    std::ostringstream out;
    for (auto const& [name, family] : families_) {
        out << "# HELP " << name << ' ' << family.help << "\n# TYPE " << name
            << (family.is_gauge ? " gauge\n" : " counter\n");
        for (Series const& series : family.series) {
            out << name;
            for (std::size_t i = 0; i < series.labels.size(); ++i) {
                out << (i == 0 ? "{" : ",") << series.labels[i].first << "=\"" << escape(series.labels[i].second)
                    << '"';
            }
            out << (series.labels.empty() ? " " : "} ");
            if (series.counter != nullptr) {
                out << series.counter->value();
            } else {
                out << series.read();
            }
            out << '\n';
        }
    }
    return out.str();
}

}  // namespace crosswalk::telemetry
