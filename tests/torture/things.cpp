#include "torture/things.hpp"

#include "torture/chance.hpp"

#include <stdexcept>

namespace crosswalk::torture {
namespace {

namespace json = boost::json;

constexpr int target_threads = 64;
constexpr std::int64_t calls_between_storms = 300;
constexpr std::chrono::milliseconds storm_time{100};
constexpr std::chrono::seconds retry_after{1};
// What was on its way when the first refusal went out does not count.
constexpr std::chrono::milliseconds on_its_way{400};

std::string member(sandbox::Request const& request, std::string_view name) {
    auto const body = request.json_object();
    json::value const* const found = body ? body->if_contains(name) : nullptr;
    return found != nullptr && found->is_string() ? std::string(found->get_string()) : std::string();
}

}  // namespace

Target::Target(std::uint32_t seed, Keys keys) : seed_(seed), keys_(keys) {
    auto const port =
        listener_.start(0, target_threads, [this](sandbox::Request const& request) { return reply(request); });
    if (!port) {
        throw std::runtime_error("the target cannot listen: " + port.error().detail);
    }
    port_ = *port;
}

Target::~Target() {
    listener_.stop();
}

// With the lock held.
std::string Target::draw(std::string const& key) {
    static constexpr char const* kinds[] = {"503", "500 after effect", "cut before", "cut after", "slow answer"};
    double const share = share_;
    double const drawn = chance_of(seed_, key, ++came_[key]);
    if (drawn >= share) {
        return {};
    }
    std::string kind = kinds[static_cast<std::size_t>(drawn / share * std::size(kinds))];
    ++troubles_[kind];
    return kind;
}

void Target::keep(sandbox::Request const& request) {
    if (keys_ == Keys::honoured && !seen_.emplace(request.header("Idempotency-Key")).second) {
        ++repeats_;
        return;
    }
    std::string const key(request.header("X-Key"));
    Kept& kept = kept_[key];
    ++kept.times;
    kept.at = std::chrono::steady_clock::now();
    by_subject_[member(request, "subject")].push_back(key);
    arrived_.notify_all();
}

// With the lock held.
bool Target::has_had_enough() {
    if (share_ == 0) {
        return false;
    }
    auto const now = std::chrono::steady_clock::now();
    if (++calls_ % calls_between_storms == 0) {
        storm_ = now;
        ++storms_;
    }
    auto const since = now - storm_;
    bool const enough = storms_ > 0 && since < storm_time;
    troubles_["429"] += enough ? 1 : 0;
    early_ += storms_ > 0 && since > on_its_way && since < retry_after - storm_time ? 1 : 0;
    return enough;
}

sandbox::Reply Target::reply(sandbox::Request const& request) {
    std::lock_guard const lock(mutex_);
    if (has_had_enough()) {
        sandbox::Reply refusal{sandbox::json_answer(429, json::object{})};
        refusal.answer.headers.push_back({"Retry-After", std::to_string(retry_after.count())});
        return refusal;
    }
    if (request.method == "GET") {
        bool const found = kept_.contains(request.parameter("key").value_or(""));
        return {sandbox::json_answer(found ? 200 : 404, json::object{{"found", found}})};
    }
    std::string const trouble = draw(std::string(request.header("X-Key")));
    if (trouble == "503") {
        sandbox::Reply refusal{sandbox::json_answer(503, json::object{})};
        refusal.answer.headers.push_back({"Retry-After", "0"});
        return refusal;
    }
    sandbox::Reply reply;
    if (trouble == "cut before") {
        reply.cut = true;
        return reply;
    }
    keep(request);
    reply.answer = sandbox::json_answer(trouble == "500 after effect" ? 500 : 201, json::object{{"kept", true}});
    reply.cut = trouble == "cut after";
    if (trouble == "slow answer") {
        reply.drip_bytes = 1;
        reply.drip_gap = std::chrono::milliseconds(20);
    }
    return reply;
}

bool Target::waits_for(std::string const& key, std::chrono::milliseconds patience) const {
    std::unique_lock lock(mutex_);
    return arrived_.wait_for(lock, patience, [&] { return kept_.contains(key); });
}

bool Target::has(std::string const& key) const {
    std::lock_guard const lock(mutex_);
    return kept_.contains(key);
}

std::size_t Target::keys() const {
    std::lock_guard const lock(mutex_);
    return kept_.size();
}

std::int64_t Target::repeats() const {
    std::lock_guard const lock(mutex_);
    return repeats_;
}

std::int64_t Target::duplicates() const {
    std::lock_guard const lock(mutex_);
    std::int64_t above = 0;
    for (auto const& [key, kept] : kept_) {
        above += kept.times - 1;
    }
    return above;
}

std::vector<std::string> Target::order_of(std::string const& subject) const {
    std::lock_guard const lock(mutex_);
    auto const found = by_subject_.find(subject);
    return found == by_subject_.end() ? std::vector<std::string>() : found->second;
}

std::pair<std::int64_t, std::int64_t> Target::storms_and_early_calls() const {
    std::lock_guard const lock(mutex_);
    return {storms_, early_};
}

std::map<std::string, std::int64_t> Target::troubles() const {
    std::lock_guard const lock(mutex_);
    return troubles_;
}

std::chrono::steady_clock::time_point Target::time_of(std::string const& key) const {
    std::lock_guard const lock(mutex_);
    auto const found = kept_.find(key);
    return found == kept_.end() ? std::chrono::steady_clock::time_point() : found->second.at;
}

void add_thing(scenarios::World const& world, std::string const& name, std::string const& isolation,
               Target const& target) {
    world.edit("crosswalk.yaml", "connectors:\n",
               "connectors:\n  " + name + ": { enabled: true, library: \"" + THINGS + name +
                   ".so\", isolation: " + isolation + " }\n");
    world.write("connections/" + name + ".yaml", "connection: " + name + "\nconnector: " + name +
                                                     "\nrequests_per_second: 10000\nsettings: { base_url: \"" +
                                                     target.url() + "\" }\n");
    world.write("routes/" + name + ".yaml",
                "route: " + name + "\ntitle: Things of " + name + "\nenabled: true\nfrom: { connection: " + name +
                    ", event: thing.changed }\nto: { connection: " + name +
                    ", action: keep_thing }\nretry: { attempts_max: 1000, first: 50ms, longest: 200ms }\n");
}

std::int64_t send_thing(scenarios::World const& world, std::string const& connection, std::string const& id,
                        std::string const& subject, std::string const& act) {
    json::object const thing{{"id", id}, {"subject", subject}, {"act", act}};
    auto const answer = world.hook(json::serialize(thing), "/hooks/" + connection);
    return answer.status == 200 ? scenarios::number(answer.value(), "/event") : 0;
}

}  // namespace crosswalk::torture
