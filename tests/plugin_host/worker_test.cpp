// Connectors in worker processes: whatever one of them does, the host and the others go on. F.1
#include "platform/child_process.hpp"
#include "platform/process.hpp"
#include "plugin_host/lane.hpp"
#include "plugin_host/remote_library.hpp"
#include "plugin_host/wire.hpp"
#include "versatile.hpp"

#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <future>
#include <iterator>
#include <memory>
#include <optional>
#include <thread>
#include <utility>

namespace crosswalk::plugin_host {
namespace {

using model::ErrorCode;
using model::Outcome;
using std::chrono::milliseconds;
using ::testing::HasSubstr;

class Worker : public Versatile {
protected:
    [[nodiscard]] static WorkerOptions quick() {
        WorkerOptions options;
        options.executable = WORKER;
        options.grace = milliseconds(100);
        options.restart.delay_first = milliseconds(1);
        options.restart.delay_max = milliseconds(20);
        return options;
    }
    [[nodiscard]] Services services(boost::json::object settings = {}) {
        settings["api_key"] = "secret:test/key";
        return {"here", boost::json::value(std::move(settings)), http_, secrets_, key_values_, fake_clock_, logger_};
    }
    [[nodiscard]] std::unique_ptr<Connector> make(boost::json::object settings = {},
                                                  std::string const& id = "versatile-parallel",
                                                  WorkerOptions const& options = quick()) {
        auto library = load_in_worker(fixture("versatile"), "", options);
        EXPECT_TRUE(library) << library.error().detail;
        auto made = (*library)->create(id, services(std::move(settings)));
        EXPECT_TRUE(made) << made.error().detail;
        return made ? std::move(*made) : nullptr;
    }
    void start_quick(boost::json::object settings = {}) { connector_ = make(std::move(settings)); }
    // Waits until a worker runs again; crashes far apart are not a loop.
    void wait_for_worker() {
        fake_clock_.advance(std::chrono::hours(1));
        while (push("outcome|1").outcome != Outcome::delivered) {
            std::this_thread::sleep_for(milliseconds(1));
        }
    }
    [[nodiscard]] model::AttemptReport push_of(Connector& connector, std::string const& script) {
        return connector.push("obey", "idem-1", 1, {"versatile.thing/1", script, "{}"}, patience);
    }
};

std::string const crashes[] = {"abort", "segfault", "exit|3"};

TEST_F(Worker, APushThatCrashesMayHaveBeenApplied) {
    start_quick();
    struct {
        char const* crash;
        char const* how;
    } const cases[] = {{"abort", "signal 6"}, {"segfault", "signal 11"}, {"exit|3", "exit status 3"}};
    for (auto const& one : cases) {
        auto const report = push(one.crash);
        EXPECT_EQ(report.outcome, Outcome::unknown) << one.crash;
        EXPECT_THAT(report.reason, HasSubstr("worker process of the connector \"versatile-parallel\" ended"));
        EXPECT_THAT(report.reason, HasSubstr(one.how));
        wait_for_worker();
    }
}

TEST_F(Worker, ACrashInAnyOtherHookMayBeTriedAgain) {
    start_quick({{"probe", "abort"}});
    for (std::string const& crash : crashes) {
        EXPECT_EQ(verify(crash).error().code, ErrorCode::unavailable) << crash;
        wait_for_worker();
        EXPECT_EQ(parse(crash).error().code, ErrorCode::unavailable) << crash;
        wait_for_worker();
        EXPECT_EQ(connector_->poll({"", crash}, patience).error().code, ErrorCode::unavailable) << crash;
        wait_for_worker();
        EXPECT_EQ(map(crash).error().code, ErrorCode::unavailable) << crash;
        wait_for_worker();
        EXPECT_EQ(look_up(crash).outcome, Outcome::unknown) << crash;
        wait_for_worker();
    }
    EXPECT_EQ(connector_->probe(patience).error().code, ErrorCode::unavailable);
}

TEST_F(Worker, EventsOfAParseThatCrashedAreNotTaken) {
    start_quick();
    EXPECT_FALSE(parse("event|e-1|person-1|{}\nabort"));
}

TEST_F(Worker, ACrashWhileItStartsFailsTheStart) {
    for (char const* hook : {"init", "activate"}) {
        auto library = load_in_worker(fixture("versatile"), "", quick());
        ASSERT_TRUE(library) << library.error().detail;
        auto const made = (*library)->create("versatile", services({{hook, "abort"}}));
        ASSERT_FALSE(made) << hook;
        EXPECT_EQ(made.error().code, ErrorCode::unavailable) << hook;
        EXPECT_THAT(made.error().detail, HasSubstr("signal 6")) << hook;
    }
}

TEST_F(Worker, OneCrashesAndTheOtherGoesOn) {
    start_quick();
    auto const other = make();
    auto sleeping =
        std::async(std::launch::async, [&] { return push_of(*other, "kv_put|started|1\nsleep|100\noutcome|1"); });
    while (!key_values_.get("started")) {
        std::this_thread::yield();
    }
    EXPECT_EQ(push("segfault").outcome, Outcome::unknown);
    EXPECT_EQ(sleeping.get().outcome, Outcome::delivered);
    EXPECT_EQ(push_of(*other, "outcome|1").outcome, Outcome::delivered);
}

TEST_F(Worker, ACrashEndsEveryCallOfItsWorker) {
    start_quick();
    auto sleeping = std::async(std::launch::async, [&] { return push("kv_put|started|1\nhang"); });
    while (!key_values_.get("started")) {
        std::this_thread::yield();
    }
    EXPECT_EQ(push("abort").outcome, Outcome::unknown);
    EXPECT_EQ(sleeping.get().outcome, Outcome::unknown);
}

TEST_F(Worker, ACallAfterACrashWaitsForTheNextWorkerByBeingRetried) {
    WorkerOptions slow = quick();
    slow.restart.delay_first = std::chrono::hours(1);
    slow.restart.delay_max = std::chrono::hours(1);
    connector_ = make({}, "versatile", slow);
    (void)push("abort");
    EXPECT_EQ(push("outcome|1").outcome, Outcome::retry);
    EXPECT_EQ(map("").error().code, ErrorCode::unavailable);
    EXPECT_EQ(look_up("outcome|1").outcome, Outcome::unknown);
    EXPECT_TRUE(connector_->can_look_up());
}

TEST_F(Worker, AFifthCrashQuarantinesAndSaysWhich) {
    start_quick();
    for (int i = 0; i < 5; ++i) {
        while (map("").has_error()) {
            std::this_thread::sleep_for(milliseconds(1));
        }
        (void)push("abort");
    }
    auto mapped = map("");
    while (mapped.error().code == ErrorCode::unavailable) {
        std::this_thread::sleep_for(milliseconds(1));
        mapped = map("");
    }
    EXPECT_EQ(mapped.error().code, ErrorCode::failed_precondition);
    EXPECT_THAT(mapped.error().detail, HasSubstr("\"versatile-parallel\""));
    auto const report = push("outcome|1");
    EXPECT_EQ(report.outcome, Outcome::auth) << "the connection pauses and the delivery is kept";
    EXPECT_EQ(report.error_code, ErrorCode::failed_precondition);
}

TEST_F(Worker, AHookThatHangsPastItsDeadlineIsEndedWithItsProcess) {
    start_quick();
    auto const report = push("hang", milliseconds(50));
    EXPECT_EQ(report.outcome, Outcome::unknown);
    EXPECT_EQ(report.error_code, ErrorCode::deadline_exceeded);
    EXPECT_THAT(report.reason, HasSubstr("did not return"));
    wait_for_worker();
    auto const parsed = connector_->parse_webhook({"POST", "/", headers_, "hang", ""}, milliseconds(50));
    EXPECT_EQ(parsed.error().code, ErrorCode::deadline_exceeded);
}

TEST_F(Worker, AHookThatHangsDoesNotKeepTheHostFromStopping) {
    start_quick();
    auto hanging = std::async(std::launch::async, [&] { return push("kv_put|started|1\nhang", milliseconds(200)); });
    while (!key_values_.get("started")) {
        std::this_thread::yield();
    }
    connector_->cancel();
    EXPECT_EQ(hanging.get().outcome, Outcome::unknown);
    connector_.reset();
}

TEST_F(Worker, AnInstanceIsNotDestroyedWhileItIsToldToCancel) {
    start_quick({{"cancel", "slow"}});
    auto running = std::async(std::launch::async, [&] { return push("kv_put|started|1\nuntil_told"); });
    while (!key_values_.get("started")) {
        std::this_thread::yield();
    }
    connector_->cancel();
    EXPECT_EQ(running.get().outcome, Outcome::delivered) << "the call is over before its cancel is";
    connector_.reset();
    EXPECT_THAT(log(), ::testing::ContainsRegex("told to cancel(.|\n)*was destroyed"));
}

TEST_F(Worker, TheLibraryIsNeverLoadedIntoTheHost) {
    // Under a name of its own: other tests of this process load the fixture itself.
    auto const copy = std::filesystem::temp_directory_path() /
                      ("crosswalk-only-in-a-worker-" + std::to_string(platform::process_id()) + LIBRARY_SUFFIX);
    std::filesystem::copy_file(fixture("versatile"), copy, std::filesystem::copy_options::overwrite_existing);
    auto library = load_in_worker(copy.string(), "", quick());
    ASSERT_TRUE(library) << library.error().detail;
    connector_ = *(*library)->create("versatile", services());
    EXPECT_EQ(push("outcome|1").outcome, Outcome::delivered);
    std::ifstream maps("/proc/self/maps");
    std::string const all(std::istreambuf_iterator<char>(maps), {});
    EXPECT_THAT(all, HasSubstr("libstdc++"));
    EXPECT_THAT(all, ::testing::Not(HasSubstr("crosswalk-only-in-a-worker")));
    std::filesystem::remove(copy);
}

TEST_F(Worker, AWorkerSeesNothingOfTheHostsEnvironment) {
    ASSERT_EQ(::setenv("CROSSWALK_TEST_SECRET", "s3cret", 1), 0);
    auto child = platform::ChildProcess::start(WORKER);
    ASSERT_TRUE(child);
    std::ifstream file("/proc/" + std::to_string((*child)->id()) + "/environ");
    std::string const all(std::istreambuf_iterator<char>(file), {});
    EXPECT_THAT(all, ::testing::Not(HasSubstr("CROSSWALK_TEST_SECRET")));
}

TEST_F(Worker, AHookThatHangsHoldsUpNoOther) {
    start_quick();
    auto hanging = std::async(std::launch::async, [&] { return push("kv_put|started|1\nhang", milliseconds(500)); });
    while (!key_values_.get("started")) {
        std::this_thread::yield();
    }
    auto const begin = std::chrono::steady_clock::now();
    EXPECT_EQ(push("outcome|1").outcome, Outcome::delivered);
    EXPECT_LT(std::chrono::steady_clock::now() - begin, milliseconds(500));
    EXPECT_EQ(hanging.get().error_code, ErrorCode::deadline_exceeded);
}

TEST_F(Worker, WhatIsDeferredKeepsItsOrderAmongWhatIsAsked) {
    start_quick();
    auto const polled = connector_->poll(
        {"", "event|e-1|p|{}\ncursor|c-1\nkv_put|k|v\nevent|e-2|p|{}\nevents|600|1000\ncursor|c-2"}, patience);
    ASSERT_TRUE(polled) << polled.error().detail;
    ASSERT_EQ(polled->events.size(), 602U) << "more than may wait in the worker at once";
    EXPECT_EQ(polled->events[0].id, "e-1");
    EXPECT_EQ(polled->events[1].id, "e-2");
    EXPECT_EQ(polled->events[601].id, "599");
    EXPECT_EQ(polled->cursor, "c-2");
}

// ---- a worker without a host ------------------------------------------------------------------------------------

// Speaks the host's part frame by frame.
class BareWorker : public Worker {
protected:
    void SetUp() override {
        auto child = platform::ChildProcess::start(WORKER);
        ASSERT_TRUE(child) << child.error().detail;
        child_ = std::move(*child);
        auto ends = platform::Channel::pair();
        ASSERT_TRUE(ends) << ends.error().detail;
        lane_.emplace(std::move(ends->first));
        Fields none;
        ASSERT_TRUE(child_->channel().send(*none.frame(FrameType::lane, 0), *ends->second, soon_));
    }
    void begin(std::string const& settings) {
        ask(FrameType::open, 1, std::move(Fields().put(wire_protocol).put(fixture("versatile")).put("")));
        ask(FrameType::create, 2, std::move(Fields().put("versatile").put("host").put("here").put(settings)));
    }
    void say(FrameType type, std::uint64_t call, Fields fields) { EXPECT_TRUE(lane_->send(type, call, fields, soon_)); }
    // The frame that comes back.
    Frame ask(FrameType type, std::uint64_t call, Fields fields) {
        say(type, call, std::move(fields));
        Frame answer;
        EXPECT_EQ(lane_->hear(answer, soon_), Lane::Heard::frame);
        return answer;
    }
    [[nodiscard]] static Fields map_of(std::string const& script) {
        Fields in;
        in.put(std::int64_t{10'000}).put(std::int64_t{CW_MAP_IN}).put(script);
        return std::move(in.put("versatile.thing/1").put("k").put("").put("{}"));
    }
    [[nodiscard]] static std::string deferred_of(Frame const& result) {
        Reader in(result.fields);
        static_cast<void>(in.number() + in.number());
        (void)in.text();
        return std::string(in.text());
    }

    std::chrono::steady_clock::time_point const soon_ = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    std::unique_ptr<platform::ChildProcess> child_;
    std::optional<Lane> lane_;
};

TEST_F(BareWorker, AHookThatOnlyGivesCostsOneRoundTrip) {
    begin("{}");
    Frame const result = ask(FrameType::map, 3, map_of("record|crosswalk.hire/1|{\"a\":1}\nwarn|phone|was left out"));
    EXPECT_EQ(result.type, FrameType::result);
    EXPECT_THAT(deferred_of(result), HasSubstr("{\"a\":1}"));
    EXPECT_THAT(deferred_of(result), HasSubstr("was left out"));
}

TEST_F(BareWorker, AnOutputThatMayBeRefusedIsAskedAbout) {
    begin("{}");
    std::string const doubtful[] = {"record|crosswalk.hire/1|[]",
                                    "record||{}",
                                    "record|crosswalk.hire/1|{\"a\":\"\xFF\"}",
                                    "event|e|p|{}",
                                    "note|1|\xFF",
                                    "note|8|x"};
    std::uint64_t call = 3;
    for (std::string const& script : doubtful) {
        EXPECT_EQ(ask(FrameType::map, call, map_of(script)).type, FrameType::request) << script;
        EXPECT_EQ(ask(FrameType::response, call, std::move(Fields().put(std::int64_t{CW_ERR_INVALID}))).type,
                  FrameType::result)
            << script;
        ++call;
    }
}

TEST_F(BareWorker, ACancelThatComesBeforeItsCallCancelsIt) {
    begin("{}");
    Fields none;
    ASSERT_TRUE(child_->channel().send(*none.frame(FrameType::cancel, 4), soon_));
    // Nothing says when a cancel was read. Read too late it makes this test fail, never pass.
    std::this_thread::sleep_for(milliseconds(200));
    EXPECT_THAT(deferred_of(ask(FrameType::map, 3, map_of("cancelled"))), ::testing::EndsWith("0"));
    EXPECT_THAT(deferred_of(ask(FrameType::map, 4, map_of("cancelled"))), ::testing::EndsWith("1"));
}

TEST_F(BareWorker, EndsWithItsHostEvenWhileItsHookHangs) {
    begin("{\"init\":\"hang\"}");
    say(FrameType::init, 3, std::move(Fields().put(std::int64_t{60'000})));
    // What the kernel does with the host's end when the host dies.
    child_->channel().shut_down();
    EXPECT_EQ(child_->end(std::chrono::seconds(10)), "exit status 0");
}

// ---- a worker that breaks the rules -----------------------------------------------------------------------------

class FakeWorker : public Worker {
protected:
    [[nodiscard]] model::Result<std::unique_ptr<Connector>> fake(std::string const& how) {
        WorkerOptions options = quick();
        options.executable = FAKE_WORKER;
        auto library = load_in_worker(how, "", options);
        return library ? (*library)->create("fake", services()) : library.error();
    }
};

TEST_F(FakeWorker, IsKilledForAFrameThatMakesNoSense) {
    for (char const* how : {"noise", "oversized", "wrong_call", "hosts_frame", "unknown_request", "broken_request",
                            "broken_result", "too_many_headers", "two_at_once", "deferred_secret", "deferred_noise"}) {
        auto made = fake(how);
        ASSERT_TRUE(made) << how << ": " << made.error().detail;
        auto const report = push_of(**made, "x");
        EXPECT_EQ(report.outcome, Outcome::unknown) << how;
        EXPECT_THAT(report.reason, HasSubstr("broke the protocol")) << how;
    }
}

TEST_F(FakeWorker, IsNotBelievedThatWhatItDeferredIsSound) {
    EXPECT_EQ(push_of(**fake("sound_note"), "x").target_key, "id-1");
    EXPECT_EQ(push_of(**fake("unsound_note"), "x").target_key, "");
}

TEST_F(FakeWorker, IsNotBelievedWhatItDescribes) {
    EXPECT_THAT(fake("bad_id").error().detail, HasSubstr("id must be"));
    EXPECT_THAT(fake("bad_utf8").error().detail, HasSubstr("name is missing"));
    EXPECT_FALSE(fake("cut_short"));
}

TEST_F(FakeWorker, ThatNeverDescribesItsLibraryIsEnded) {
    WorkerOptions options = quick();
    options.executable = FAKE_WORKER;
    options.load_time_max = milliseconds(100);
    auto const library = load_in_worker("silent", "", options);
    ASSERT_FALSE(library);
    EXPECT_THAT(library.error().detail, HasSubstr("did not return after its deadline"));
}

TEST_F(FakeWorker, OfAnotherProtocolIsRefused) {
    auto const made = fake("old_protocol");
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, ErrorCode::failed_precondition);
    EXPECT_THAT(made.error().detail, HasSubstr("same version"));
}

TEST_F(FakeWorker, ThatIsNotThereIsNamed) {
    WorkerOptions options = quick();
    options.executable = "/nonexistent/crosswalk-worker";
    auto const library = load_in_worker(fixture("versatile"), "", options);
    ASSERT_FALSE(library);
    EXPECT_THAT(library.error().detail, HasSubstr("/nonexistent/crosswalk-worker"));
}

}  // namespace
}  // namespace crosswalk::plugin_host
