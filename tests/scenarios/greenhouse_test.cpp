// Hires out of Greenhouse, as config/greenhouse-to-goco has it: employees in GoCo, notes in the activity feed, and what
// its webhooks are answered.
#include "scenarios/world.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace crosswalk::scenarios {
namespace {

using testing::HasSubstr;

constexpr char route[] = "greenhouse-hires-to-goco";
constexpr char webhook_key[] = "scenario-greenhouse-key-5d08c3";

// The example with the sandbox's addresses and credentials for the vendors' own, and notes of successes too.
class GreenhouseWorld : public World {
public:
    GreenhouseWorld() : World(GREENHOUSE_CONFIG) {
        std::string const greenhouse = "connections/greenhouse.yaml";
        edit(greenhouse, "example-client-id", "greenhouse-sandbox.client");
        edit(greenhouse, "1000001", "92120");
        edit(greenhouse, "people-ops@example.com", "gh.admin@example.com");
        append(greenhouse,
               "  base_url: " + vendors_url() + "/greenhouse\n  token_url: " + vendors_url() + "/greenhouse/token\n");
        edit("connections/goco.yaml", "https://api.example.com/v1", vendors_url() + "/goco");
        edit("connections/goco.yaml", "example-company", "acme-demo");
        append("connections/goco.yaml", "  allow_insecure: true\n");
        edit("crosswalk.yaml", "/var/lib/crosswalk/crosswalk.db", "crosswalk.db");
        edit("routes/greenhouse-hires-to-goco.yaml", "[skipped, failed]", "[delivered, skipped, failed]");
        take_secret("crosswalk.yaml", "admin-token");
        take_secret(greenhouse, "greenhouse-client-secret", "greenhouse-sandbox-secret");
        take_secret(greenhouse, "greenhouse-webhook-key", webhook_key);
        take_secret("connections/goco.yaml", "goco-api-key", "goco-sandbox-key");
    }

    // What Greenhouse shows after it has set the webhook up, which begins with a ping unless there shall be none.
    [[nodiscard]] json::value add_webhook(std::string_view key = webhook_key, bool ping = true) const {
        (void)control("POST", "/greenhouse/webhooks/settings", {{"tries", 1}, {"timeout_ms", 20'000}});
        return control("POST", "/greenhouse/webhooks",
                       {{"event", "hire_candidate"},
                        {"url", hook_url("greenhouse")},
                        {"secret_key", json::string(key)},
                        {"ping", ping}})
            .value();
    }

    [[nodiscard]] std::string make(json::object const& fields) const {
        return text(control("POST", "/greenhouse/candidates", fields).value(), "/candidate_id");
    }

    // The id of the webhook's delivery.
    [[nodiscard]] std::string mark_hired(std::string const& candidate) const {
        return text(control("POST", "/greenhouse/candidates/" + candidate + "/hire").value(), "/deliveries/0");
    }

    // The delivery when it was answered or given up.
    [[nodiscard]] json::value settled(std::string const& delivery) const {
        return control("GET", "/greenhouse/deliveries/" + delivery + "?wait_ms=20000").value();
    }

    [[nodiscard]] std::vector<std::string> feed(std::string const& candidate) const {
        std::vector<std::string> bodies;
        Answer const answer = control("GET", "/greenhouse/notes?candidate=" + candidate);
        for (json::value const& note : list(answer.value(), "/notes")) {
            bodies.push_back(text(note, "/body"));
        }
        return bodies;
    }

    // All of the feed once there is something in it.
    [[nodiscard]] std::vector<std::string> awaited_feed(std::string const& candidate) const {
        EXPECT_TRUE(eventually([&] { return !feed(candidate).empty(); })) << "no note";
        return feed(candidate);
    }

private:
    // A file instead of the service manager's credential.
    void take_secret(std::string const& file, std::string const& name, std::string_view value = {}) const {
        edit(file, "secret:credential/" + name, "secret:file/" + name);
        if (!value.empty()) {
            set_secret(name, value);
        }
    }
};

// B.8
TEST(GreenhouseScenario, PingIsAnswered200OnlyWhileTheRouteRuns) {
    GreenhouseWorld world;
    world.start_host();
    ASSERT_EQ(world.crosswalk({"routes", "stop", route}).exit, 0);
    json::value const refused = world.add_webhook();
    EXPECT_EQ(text(refused, "/ping/attempts/0/status"), "409") << json::serialize(refused);
    EXPECT_EQ(text(refused, "/active"), "false");

    ASSERT_EQ(world.crosswalk({"routes", "start", route}).exit, 0);
    json::value const accepted = world.control("POST", "/greenhouse/webhooks/ping/" + text(refused, "/id")).value();
    EXPECT_EQ(text(accepted, "/ping/attempts/0/status"), "200") << json::serialize(accepted);
    EXPECT_EQ(text(accepted, "/active"), "true");
    EXPECT_EQ(world.events().size(), 0U) << "A ping is no event.";
}

// B.14 B.15 B.21 B.24 B.25 B.26 B.29 B.31
TEST(GreenhouseScenario, HireBecomesOneEmployeeWithItsDocumentAndANoteInTheFeed) {
    GreenhouseWorld world;
    world.append("routes/greenhouse-hires-to-goco.yaml", "map:\n  personal_phone: { from: /custom/private_phone }\n");
    world.start_host();
    ASSERT_EQ(text(world.add_webhook(), "/active"), "true");
    std::string const candidate = world.make(
        {{"first_name", "Grete"},
         {"last_name", "Example"},
         {"email", "grete@example.com"},
         {"custom_fields", {{"private_phone", "+1 555 0177"}}},
         {"offer",
          {{"starts_on", "2026-12-07"},
           {"custom_fields", {{"job_title", "Support Engineer"}, {"employment_type", "Full-time"}}}}},
         {"documents",
          {{{"filename", "offer.pdf"}, {"type", "signed_offer_letter"}, {"content", "%PDF-1.4 an offer"}}}}});
    json::value const sent = world.settled(world.mark_hired(candidate));
    EXPECT_EQ(text(sent, "/attempts/0/status"), "200") << json::serialize(sent);

    std::vector<std::string> const notes = world.awaited_feed(candidate);
    ASSERT_EQ(notes.size(), 1U) << json::serialize(world.event(1));
    EXPECT_THAT(notes[0], HasSubstr("Exported to GoCo."));
    json::value const found = world.control("GET", "/goco/employees?import_source=Greenhouse%20Recruiting").value();
    ASSERT_EQ(list(found, "/employees").size(), 1U);
    EXPECT_EQ(text(found, "/employees/0/first_name"), "Grete");
    EXPECT_EQ(text(found, "/employees/0/last_name"), "Example");
    EXPECT_EQ(text(found, "/employees/0/personal_email"), "grete@example.com");
    EXPECT_EQ(text(found, "/employees/0/personal_phone"), "+1 555 0177") << "the custom field";
    EXPECT_EQ(text(found, "/employees/0/job_title"), "Support Engineer");
    EXPECT_EQ(text(found, "/employees/0/employment_type"), "full_time");
    EXPECT_EQ(text(found, "/employees/0/start_date"), "2026-12-07");
    json::value const documents =
        world.control("GET", "/goco/documents?employee=" + text(found, "/employees/0/id")).value();
    ASSERT_EQ(list(documents, "/documents").size(), 1U);
    EXPECT_EQ(text(documents, "/documents/0/name"), "offer.pdf");
    EXPECT_EQ(text(documents, "/documents/0/size"), "17");
}

// B.14: the same delivery again, and the same hire under another event id.
TEST(GreenhouseScenario, SameHireAgainMakesNoSecondEmployee) {
    GreenhouseWorld world;
    world.start_host();
    ASSERT_EQ(text(world.add_webhook(), "/active"), "true");
    std::string const candidate =
        world.make({{"first_name", "Again"}, {"last_name", "Example"}, {"offer", json::object()}});
    std::string const delivery = world.mark_hired(candidate);
    ASSERT_EQ(world.awaited_feed(candidate).size(), 1U);
    for (bool const fresh : {false, true}) {
        Answer const rerun =
            world.control("POST", "/greenhouse/webhooks/rerun/" + delivery, {{"fresh_event_id", fresh}});
        json::value const sent = world.settled(text(rerun.value(), "/delivery"));
        EXPECT_EQ(text(sent, "/attempts/0/status"), "200") << json::serialize(sent);
    }
    EXPECT_TRUE(eventually([&] { return number(world.conservation(), "/held") == 0; }));
    EXPECT_EQ(world.employees("Again", "Example"), 1U);
    EXPECT_EQ(world.feed(candidate).size(), 1U);
    EXPECT_EQ(number(world.conservation(), "/difference"), 0);
}

// B.30 B.31
TEST(GreenhouseScenario, NamesakeIsNotCreatedAndTheNoteSaysWhy) {
    GreenhouseWorld world;
    world.start_host();
    ASSERT_EQ(text(world.add_webhook(), "/active"), "true");
    (void)world.control("POST", "/goco/employees", {{"first_name", "Same"}, {"last_name", "Example"}});
    std::string const candidate =
        world.make({{"first_name", "Same"}, {"last_name", "Example"}, {"email", "other.same@example.com"}});
    (void)world.mark_hired(candidate);
    std::vector<std::string> const notes = world.awaited_feed(candidate);
    ASSERT_EQ(notes.size(), 1U);
    EXPECT_THAT(notes[0], HasSubstr("Not exported to GoCo: already there (duplicate)."));
    EXPECT_EQ(world.employees("Same", "Example"), 1U);
    EXPECT_EQ(number(world.conservation(), "/duplicate"), 1);
}

// B.11
TEST(GreenhouseScenario, WronglySignedHireIsRefusedWith401AndCreatesNobody) {
    GreenhouseWorld world;
    world.start_host();
    json::value const hook = world.add_webhook("some-other-key-than-ours", false);
    std::string const candidate = world.make({{"first_name", "Forged"}, {"last_name", "Example"}});
    json::value const sent = world.settled(world.mark_hired(candidate));
    EXPECT_EQ(text(sent, "/attempts/0/status"), "401") << json::serialize(sent);
    EXPECT_EQ(world.events().size(), 0U);
    EXPECT_EQ(world.employees("Forged", "Example"), 0U);

    // Its ping is refused for the same reason, so Greenhouse keeps such a webhook disabled.
    json::value const pinged = world.control("POST", "/greenhouse/webhooks/ping/" + text(hook, "/id")).value();
    EXPECT_EQ(text(pinged, "/ping/attempts/0/status"), "401");
    EXPECT_EQ(text(pinged, "/active"), "false");
}

class GreenhouseSweepWorld : public GreenhouseWorld {
public:
    explicit GreenhouseSweepWorld(std::string const& settle) {
        append("connections/greenhouse.yaml", "sweep: { every: 200ms, look_back: 1h, settle: " + settle + " }\n");
    }
    [[nodiscard]] std::string swept_at() const {
        for (json::value const& one : list(admin("GET", "/api/v1/connections").value(), "/connections")) {
            if (text(one, "/connection") == "greenhouse") {
                return text(one, "/sweep/ended_at");
            }
        }
        return {};
    }
    // The first round notes since when hires can be missing.
    void begin() {
        start_host();
        ASSERT_TRUE(eventually([&] { return !swept_at().empty(); }));
    }
    [[nodiscard]] std::string hire_person(std::string const& first) const {
        std::string const candidate = make({{"first_name", first},
                                            {"last_name", "Swept"},
                                            {"email", first + "@example.com"},
                                            {"offer", {{"starts_on", "2026-12-01"}}}});
        (void)mark_hired(candidate);
        return candidate;
    }
};

TEST(GreenhouseScenario, ASweepFindsTheHireThatNoWebhookToldOf) {
    GreenhouseSweepWorld world("0s");
    world.begin();
    (void)world.hire_person("Nora");  // nobody made a webhook
    EXPECT_TRUE(eventually([&] { return world.employees("Nora", "Swept") == 1; })) << json::serialize(world.events());
    EXPECT_EQ(text(world.events().at(0), "/found_by"), "sweep");
    std::string const before = world.swept_at();
    ASSERT_TRUE(eventually([&] { return world.swept_at() != before; }));
    EXPECT_EQ(world.events().size(), 1U) << "it is found once";
    EXPECT_EQ(world.employees("Nora", "Swept"), 1U);
}

TEST(GreenhouseScenario, ASweepKnowsTheHireThatItsWebhookBrought) {
    GreenhouseSweepWorld world("1s");
    world.begin();
    (void)world.add_webhook();
    (void)world.hire_person("Olga");
    EXPECT_TRUE(eventually([&] { return world.employees("Olga", "Swept") == 1; })) << json::serialize(world.events());
    auto const listed = [&] {
        for (json::value const& one : list(world.admin("GET", "/api/v1/connections").value(), "/connections")) {
            if (text(one, "/connection") == "greenhouse") {
                return number(one, "/sweep/listed");
            }
        }
        return std::int64_t{-1};
    };
    ASSERT_TRUE(eventually([&] { return listed() == 1; })) << "the sweep sees it";
    for (json::value const& event : world.events()) {
        EXPECT_EQ(text(event, "/found_by"), "") << json::serialize(event);
    }
}

}  // namespace
}  // namespace crosswalk::scenarios
