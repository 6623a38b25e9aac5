// T8: values that must not get out are put in and looked for in what the host says.
#include "torture/judge.hpp"

namespace crosswalk::torture {
namespace {

using scenarios::World;

constexpr char first_name[] = "Canaryfirst";
constexpr char last_name[] = "Canarylast";
constexpr char address[] = "canary.address@example.com";
constexpr char phone[] = "+1 555 0190417";

void look_in(std::string const& place, std::string const& text, Report& report) {
    for (std::string_view const canary :
         {std::string_view(first_name), std::string_view(last_name), std::string_view(address), std::string_view(phone),
          std::string_view("lever-sandbox-key"), std::string_view("goco-sandbox-key"),
          std::string_view("scenario-admin-token"), std::string_view("scenario-webhook-token")}) {
        report.expect(text.find(canary) == std::string::npos, "no " + std::string(canary) + " in " + place);
    }
}

}  // namespace

void canaries(Order const&, Report& report) {
    World world;
    world.hurry();
    world.register_webhook();
    world.start_host();
    auto const hire = [&](std::string const& number) {
        std::string const opportunity = world.candidate({{"name", std::string(first_name) + number + " " + last_name},
                                                         {"email", number + address},
                                                         {"phone", phone}});
        (void)world.hire(opportunity);
        return opportunity;
    };
    std::string const plain = hire("a");
    report.expect(scenarios::eventually([&] { return world.has_note(plain, "Exported to GoCo"); }),
                  "the canaries arrive at the target, or the row proves nothing");
    // Every way in which a vendor can fail makes the host say something; some repeat what they were sent.
    for (char const* kind : {"cut_before", "cut_after", "wrong_json", "empty_body"}) {
        world.fault({{"kind", kind}, {"vendor", "goco"}, {"count", 2}});
    }
    world.fault({{"kind", "status"},
                 {"vendor", "goco"},
                 {"status", 422},
                 {"count", 2},
                 {"body", std::string("refused: ") + first_name + " " + address}});
    world.fault({{"kind", "status"}, {"vendor", "lever"}, {"status", 500}, {"count", 2}, {"body", address}});
    for (char const* number : {"b", "c", "d", "e", "f"}) {
        (void)hire(number);
    }
    (void)world.hook(std::string("{\"broken\": \"") + address);
    report.expect(scenarios::eventually([&] { return scenarios::number(world.conservation(), "/held") == 0; }),
                  "the host comes to rest");
    look_in("/metrics", world.stranger("GET", "/metrics").body, report);
    look_in("/readyz", world.stranger("GET", "/readyz").body, report);
    auto const causes = world.admin("GET", "/api/v1/dead/causes");
    report.expect(!scenarios::list(causes.value(), "/causes").empty(), "some hires die, or the row proves nothing");
    look_in("the causes of dead letters", causes.body, report);
    world.kill_host();
    std::string const log = world.log();
    report.expect(!log.empty(), "there is a log");
    look_in("the log", log, report);
    report.figure("bytes of log", static_cast<std::int64_t>(log.size()));
}

}  // namespace crosswalk::torture
