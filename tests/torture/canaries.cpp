// T8: values that must not get out are put in and looked for in what the host says.
#include "torture/judge.hpp"

namespace crosswalk::torture {
namespace {

using scenarios::list;
using scenarios::number;
using scenarios::World;

constexpr char first_name[] = "Canaryfirst";
constexpr char last_name[] = "Canarylast";
constexpr char address[] = "canary.address@example.com";
constexpr char phone[] = "+1 555 0190417";
constexpr int hires = 6;
constexpr int refused = 2;

void look_in(std::string const& place, std::string const& text, Report& report) {
    for (std::string_view const canary :
         {std::string_view(first_name), std::string_view(last_name), std::string_view(address), std::string_view(phone),
          std::string_view("lever-sandbox-key"), std::string_view("goco-sandbox-key"),
          std::string_view("scenario-admin-token"), std::string_view("scenario-webhook-token")}) {
        report.expect(text.find(canary) == std::string::npos, "no " + std::string(canary) + " in " + place);
    }
}

// Nothing is held before the webhooks have come, either; so they are counted.
void judge_rest(World const& world, Report& report) {
    auto const at_rest = [&] {
        auto const books = world.conservation();
        return number(books, "/received") == hires && number(books, "/held") == 0;
    };
    bool const rests = scenarios::eventually(at_rest, std::chrono::seconds(60));
    report.expect(rests,
                  "all hires arrive and the host comes to rest: " + boost::json::serialize(world.conservation()));
    for (auto const& fault : list(world.control("GET", "/faults").value(), "/faults")) {
        report.expect(number(fault, "/left") == 0,
                      "every fault was run into, or the row proves nothing: " + boost::json::serialize(fault));
    }
}

}  // namespace

void canaries(Order const&, Report& report) {
    World world;
    world.hurry();
    world.register_webhook();
    world.start_host();
    auto const hire = [&](std::string const& name) {
        std::string const opportunity = world.candidate(
            {{"name", std::string(first_name) + name + " " + last_name}, {"email", name + address}, {"phone", phone}});
        (void)world.hire(opportunity);
        return opportunity;
    };
    std::string const plain = hire("a");
    report.expect(scenarios::eventually([&] { return world.has_note(plain, "Exported to GoCo"); }),
                  "the canaries arrive at the target, or the row proves nothing");
    // Every way in which a vendor can fail makes the host say something; some repeat what they were sent. The refusals
    // come first and meet creations only, so that two hires die of them; the other three run into the rest.
    world.fault({{"kind", "status"},
                 {"vendor", "goco"},
                 {"method", "POST"},
                 {"status", 422},
                 {"count", refused},
                 {"body", std::string("refused: ") + first_name + " " + address}});
    for (char const* kind : {"cut_before", "cut_after", "wrong_json", "empty_body"}) {
        world.fault({{"kind", kind}, {"vendor", "goco"}, {"count", 2}});
    }
    world.fault({{"kind", "status"}, {"vendor", "lever"}, {"status", 500}, {"count", 2}, {"body", address}});
    for (char const* name : {"b", "c", "d", "e", "f"}) {
        (void)hire(name);
    }
    (void)world.hook(std::string("{\"broken\": \"") + address);
    judge_rest(world, report);
    look_in("/metrics", world.stranger("GET", "/metrics").body, report);
    look_in("/readyz", world.stranger("GET", "/readyz").body, report);
    auto const causes = world.admin("GET", "/api/v1/dead/causes");
    report.expect(number(world.conservation(), "/dead") == refused && !list(causes.value(), "/causes").empty(),
                  "two hires die, or the row proves nothing: " + boost::json::serialize(world.conservation()));
    look_in("the causes of dead letters", causes.body, report);
    world.kill_host();
    std::string const log = world.log();
    report.expect(!log.empty(), "there is a log");
    look_in("the log", log, report);
    report.figure("bytes of log", static_cast<std::int64_t>(log.size()));
}

}  // namespace crosswalk::torture
