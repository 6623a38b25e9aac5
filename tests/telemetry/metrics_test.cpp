#include "telemetry/metrics.hpp"

#include <gtest/gtest.h>

namespace crosswalk::telemetry {
namespace {

TEST(Metrics, RendersCountersAndGaugesInThePrometheusFormat) {
    Metrics metrics;
    metrics.counter("crosswalk_a_total", "As.", {{"result", "good"}}).add(2);
    metrics.gauge("crosswalk_b", "Bs.", [] { return 1.5; });
    EXPECT_EQ(metrics.render(),
              "# HELP crosswalk_a_total As.\n# TYPE crosswalk_a_total counter\ncrosswalk_a_total{result=\"good\"} 2\n"
              "# HELP crosswalk_b Bs.\n# TYPE crosswalk_b gauge\ncrosswalk_b 1.5\n");
}

TEST(Metrics, GivesTheSameCounterForTheSameNameAndLabels) {
    Metrics metrics;
    Counter& first = metrics.counter("crosswalk_a_total", "As.", {{"x", "1"}});
    EXPECT_EQ(&first, &metrics.counter("crosswalk_a_total", "As.", {{"x", "1"}}));
    EXPECT_NE(&first, &metrics.counter("crosswalk_a_total", "As.", {{"x", "2"}}));
}

TEST(Metrics, EscapesLabelValues) {
    Metrics metrics;
    metrics.counter("crosswalk_a_total", "As.", {{"x", "a\"b\nc\\"}}).add();
    EXPECT_NE(metrics.render().find(R"(x="a\"b\nc\\")"), std::string::npos);
}

}  // namespace
}  // namespace crosswalk::telemetry
