// A store whose file was changed behind its back: by a disk, by a cut, by a person.
//
// Input    of `store`: first byte 0 edits the database after a checkpoint, else the write-ahead log of a host that was
//          killed. Then edits: three bytes of a place and one that is added there, or where the place's highest bit is
//          set, how much is cut off the end. The image holds one of everything that the store keeps.
// Promises every call returns, with a value or an Error that has words; nothing crashes and nothing hangs. Which values
//          come back is not promised: SQLite has no checksum for them.
#include "fuzz/targets.hpp"
#include "store/codec.hpp"
#include "store/dead_letters.hpp"
#include "store/file_uses.hpp"
#include "store/handles.hpp"
#include "store/history.hpp"
#include "store/inbox.hpp"
#include "store/links.hpp"
#include "store/outbox.hpp"
#include "store/runs.hpp"
#include "store/sealed.hpp"
#include "store/state.hpp"
#include "store/store.hpp"
#include "support/fake_clock.hpp"

#include <sqlite3.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <unistd.h>

namespace crosswalk::fuzz {
namespace {

namespace fs = std::filesystem;
using namespace store;

constexpr std::size_t edits_max = 64;

std::string content(fs::path const& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// A value is good, and so is an error that says something.
template <class Outcome>
Outcome const& said(Outcome const& outcome) {
    require(outcome.has_value() || !outcome.error().detail.empty(), "an error has words");
    return outcome;
}

class Workshop {
public:
    Workshop() { fs::create_directories(folder_); }
    Workshop(Workshop const&) = delete;
    Workshop& operator=(Workshop const&) = delete;
    ~Workshop() {
        std::error_code ignored;
        fs::remove_all(folder_, ignored);
    }

    [[nodiscard]] model::Result<std::unique_ptr<Store>> open() {
        log_.str({});
        StoreOptions options;
        options.path = path();
        options.key = model::Secret(std::string(64, '5'));
        options.own_threads = false;  // nobody else is there to share a commit with
        return Store::open(options, clock_, logger_);
    }
    void put(std::string const& database, std::string const& log) {
        std::ofstream(path(), std::ios::binary | std::ios::trunc) << database;
        std::ofstream(beside("-wal"), std::ios::binary | std::ios::trunc) << log;
        fs::remove(beside("-shm"));
    }
    [[nodiscard]] fs::path path() const { return folder_ / "crosswalk.db"; }
    [[nodiscard]] fs::path beside(char const* suffix) const { return folder_ / (std::string("crosswalk.db") + suffix); }
    [[nodiscard]] support::FakeClock& clock() noexcept { return clock_; }

private:
    fs::path const folder_ = fs::temp_directory_path() / ("crosswalk-fuzz-store-" + std::to_string(getpid()));
    support::FakeClock clock_;
    std::ostringstream log_;
    telemetry::Logger logger_{log_, clock_};
};

NewDelivery delivery(std::string const& key) {
    NewDelivery made;
    made.route = "hires";
    made.connection = "goco";
    made.action = "create_employee";
    made.subject = "person-" + key;
    made.idempotency_key = key;
    made.record = {"goco.employee/1", "target-" + key, R"({"first":"Ada","file":"aa"})"};
    made.sources = {{"first", "/first_name"}};
    made.warnings = {{"last", "left out"}};
    return made;
}

// One of everything, in as many states as there are.
void fill(Store& store, support::FakeClock& clock) {
    Inbox inbox(store);
    Outbox outbox(store);
    for (std::string const key : {"a", "b", "c", "d"}) {
        Accepted item;
        item.connection = "lever";
        item.event_type = "candidate.hired";
        item.dedupe_key = key;
        item.raw = {"POST", "/hooks/lever", {{"content-type", "application/json"}}, R"({"id":1})"};
        auto const verdict = inbox.accept(std::move(item));
        require(verdict.has_value(), "the image can be made");
        model::Event event{key,          "candidate.hired", "person-" + key,
                           "Ada " + key, 1'795'334'400'000, {"crosswalk.hire/1", key, R"({"first_name":"Ada"})"}};
        if (key == "d") {
            static_cast<void>(inbox.bury(verdict->id, {model::ErrorCode::invalid_argument, "No hire."}, {}));
        } else if (key != "c") {
            static_cast<void>(inbox.dispatch(verdict->id, {{event, {delivery(key), delivery(key + "2")}}}, ""));
        }
    }
    auto const leased = outbox.lease_due(clock.now(), 10);
    require(leased && leased->size() > 1, "the image has deliveries");
    model::AttemptReport report;
    report.outcome = model::Outcome::delivered;
    static_cast<void>(outbox.settle(leased->front().id, {DeliveryState::delivered, clock.now(), report, {}}));
    Runs runs(store);
    auto const run = runs.open("jobs", RunCause::person, false);
    static_cast<void>(runs.begin(run->id, "selection"));
    static_cast<void>(Links(store).put({"lever", "candidate", "1"}, {"goco", "employee", "2"}));
    static_cast<void>(State(store).put("lever", "key", "value", std::nullopt));
    static_cast<void>(State(store).pause_connection("charthop", "by hand"));
    static_cast<void>(State(store).set_route_mode("hires2", RouteMode::paused));
    static_cast<void>(Sealed(store).change("lever", {{"oauth", "sealed bytes"}}));
}

struct Image {
    std::string database;
    std::string log;
};
// As a kill leaves it: most of it stands in the log alone. Checkpointed: all of it stands in the database.
Image make_image(bool checkpointed) {
    Workshop workshop;
    auto store = workshop.open();
    require(store.has_value(), "the image can be made");
    fill(**store, workshop.clock());
    if (checkpointed) {
        store->reset();
    }
    return {content(workshop.path()), checkpointed ? std::string() : content(workshop.beside("-wal"))};
}

void edit(std::string& bytes, std::string_view edits) {
    for (std::size_t i = 0; i < edits_max && edits.size() >= 4 && !bytes.empty(); ++i) {
        auto const at = [&](std::size_t index) { return static_cast<unsigned char>(edits[index]); };
        std::size_t const place = (at(0) & 0x7FU) * 65536U + at(1) * 256U + at(2);
        if ((at(0) & 0x80U) != 0) {
            bytes.resize(bytes.size() - place % bytes.size());
        } else {
            char& byte = bytes[place % bytes.size()];
            byte = static_cast<char>(static_cast<unsigned char>(byte) + at(3));
        }
        edits.remove_prefix(4);
    }
}

void read_all(Store& store) {
    Inbox inbox(store);
    History history(store);
    said(inbox.pending());
    said(inbox.next_due("lever"));
    for (InboxId id = 0; id < 6; ++id) {
        said(inbox.read(id));
        said(history.show(id));
    }
    for (DeliveryId id = 0; id < 6; ++id) {
        said(history.delivery(id));
        said(history.event_of(id));
    }
    for (char const* const state : {"", "dead", "received", "delivered"}) {
        said(history.list({.text = "ada", .state = state}));
    }
    said(DeadLetters(store).causes());
    said(history.conservation());
    Runs runs(store);
    said(runs.unfinished());
    said(runs.list("jobs", 0, 10));
    said(runs.counts(1));
    said(runs.of_route("jobs"));
    said(runs.by_state());
    said(Links(store).list("lever", "", 10));
    said(Links(store).find({"lever", "candidate", "1"}));
    said(State(store).get("lever", "key"));
    said(State(store).connection("charthop"));
    said(Sealed(store).get("lever", "oauth"));
    said(files_in_use(store, {std::string(64, 'a')}));
}

void write_all(Store& store, model::TimePoint now) {
    Inbox inbox(store);
    Outbox outbox(store);
    Accepted item;
    item.connection = "lever";
    item.event_type = "candidate.hired";
    item.dedupe_key = "a";
    said(inbox.accept(item));
    auto const due = said(inbox.due("lever", now, 10));
    if (due) {
        for (InboxItem const& pending : *due) {
            said(inbox.dispatch(pending.id, {}, "Nobody wanted it."));
        }
    }
    said(outbox.next_due());
    auto const leased = said(outbox.lease_due(now, 10));
    if (leased) {
        for (Delivery const& one : *leased) {
            said(outbox.release(one.id, now));
        }
    }
    said(outbox.retry_now(2, true));
    said(inbox.replay(4));
    said(store.purge(std::chrono::hours(0)));
    said(store.probe());
}

}  // namespace

void run_store(std::string_view input) {
    static Image const killed = make_image(false);
    static Image const at_rest = make_image(true);
    bool const log_alone = take_byte(input).value_or(0) != 0;
    Image image = log_alone ? killed : at_rest;
    edit(log_alone ? image.log : image.database, input);
    static Workshop workshop;
    workshop.put(image.database, image.log);
    auto const store = workshop.open();
    said(store);
    if (store) {
        read_all(**store);
        write_all(**store, workshop.clock().now());
        read_all(**store);
    }
}

// What stands in the columns before it is encrypted. What can be read is written the same way, so that nothing changes
// by being read.
void run_codec(std::string_view input) {
    if (auto const payload = said(decode_payload(input))) {
        std::string const bytes = encode_payload(payload->raw, payload->event);
        auto const again = decode_payload(bytes);
        require(again && encode_payload(again->raw, again->event) == bytes, "a payload comes back as it went in");
    }
    if (auto const story = said(decode_delivery_story(input))) {
        std::string const bytes = encode_delivery_story(*story);
        auto const again = decode_delivery_story(bytes);
        require(again && encode_delivery_story(*again) == bytes, "a delivery comes back as it went in");
    }
    if (auto const texts = said(decode_texts(input, 2))) {
        auto const again = decode_texts(encode_texts({(*texts)[0], (*texts)[1]}), 2);
        require(again && *again == *texts, "texts come back as they went in");
    }
    said(decode_request(input));
    said(decode_event(input));
    said(decode_problems(input));
    said(decode_sources(input));
    static_cast<void>(handles_of({"crosswalk.hire/1", "", std::string(input)}));
    static_cast<void>(handles_of({"lever.opportunity/1", "", std::string(input)}));
    // Header values need not be UTF-8.
    RawRequest const raw{"POST", "/hooks/lever", {{"x-any", std::string(input)}}, std::string(input)};
    auto const back = decode_payload(encode_payload(raw, std::nullopt));
    require(back && back->raw.headers == raw.headers && back->raw.body == raw.body, "any bytes come back");
}

}  // namespace crosswalk::fuzz
