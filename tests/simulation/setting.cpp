// How a schedule's configuration and its vendors are made from the seed.
#include "simulation/schedule.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace crosswalk::simulation {
namespace {

constexpr std::size_t page_events = 2;

std::uint64_t number_of(std::string_view event_id) {
    std::uint64_t number = 0;
    std::from_chars(event_id.data() + 1, event_id.data() + event_id.size(), number);
    return number;
}

std::string record_of(std::string const& id) {
    return R"({"id":")" + id + R"("})";
}

model::Route route_to(std::string const& target, Random& random) {
    model::Route route;
    route.name = "to-" + target;
    route.from_connection = target == "d" ? "board" : "ats";
    route.from_event = target == "d" ? "posting.changed" : "candidate.hired";
    route.to_connection = target;
    route.to_action = "create";
    route.retry = {2 + static_cast<int>(below(random, 5)), std::chrono::seconds(2), std::chrono::hours(1)};
    if (target == "d") {
        route.schedule = model::Schedule{};
        route.schedule->every = std::chrono::minutes(30);
    }
    return route;
}

}  // namespace

std::string thing_of(std::string_view record_json) {
    constexpr std::string_view before = R"("id":")";
    std::size_t const at = record_json.find(before);
    if (at == std::string_view::npos) {
        return {};
    }
    record_json.remove_prefix(at + before.size());
    return std::string(record_json.substr(0, record_json.find('"')));
}

std::string second_of(std::string const& id) {
    return id + "+";
}

Fate fate_of(std::string_view event_id) {
    switch (number_of(event_id) % 12) {
        case 7:
            return Fate::filtered;
        case 11:
            return Fate::refused;
        default:
            return Fate::passes;
    }
}

void Schedule::set_up() {
    setting_.checkpoint_pages = std::array<std::size_t, 3>{4, 20, 200}.at(below(random_, 3));
    setting_.wal_pages_brake = std::array<std::size_t, 3>{12, 60, 8000}.at(below(random_, 3));
    setting_.recent_hashes_max = std::array<std::size_t, 3>{0, 4, 16'384}.at(below(random_, 3));
    setting_.look_ups_max = 2 + static_cast<int>(below(random_, 5));
    if (chance(25)) {
        setting_.emails = {"hr-ops@example.com"};
    }
    std::uint64_t const chosen = 1 + below(random_, 15);  // a bit for each route
    for (std::uint64_t bit = 0; bit < 4; ++bit) {
        if ((chosen >> bit & 1U) != 0) {
            setting_.routes.push_back(route_to(std::string(1, static_cast<char>('a' + bit)), random_));
        }
    }
    if (setting_.routes.size() == 4) {
        setting_.routes.erase(setting_.routes.begin() + static_cast<std::ptrdiff_t>(below(random_, 4)));
    }
    if (chance(40)) {
        setting_.routes.front().feedback = {
            {{model::FeedbackOn::delivered, model::FeedbackOn::failed}, "ats", "add_note"}};
    }
    auto const any_memory = [this] { return static_cast<Memory>(below(random_, 3)); };
    targets_.emplace("ats", Target(any_memory()));
    targets_.emplace("a", Target(Memory::looks_up));
    targets_.emplace("b", Target(Memory::honours_keys));
    targets_.emplace("c", Target(Memory::nothing));
    targets_.emplace("d", Target(any_memory()));
    set_up_connectors();
}

void Schedule::set_up_connectors() {
    for (char const* const name : {"ats", "board", "a", "b", "c", "d"}) {
        support::FakeConnector& connector = connectors_[name];
        connector.info().id = name;
        connector.info().triggers = {{"candidate.hired", "A hire", "fake.hire/1", "crosswalk.hire/1", 1},
                                     {"posting.changed", "A posting", "fake.hire/1", "crosswalk.hire/1", 2}};
        auto const target = targets_.find(name);
        bool const is_target = target != targets_.end();
        connector.looks_up = is_target && target->second.memory() == Memory::looks_up;
        if (is_target && target->second.memory() == Memory::honours_keys) {
            connector.info().caps |= 1U << 5U;
        }
        connector.on_map = [](model::Record const& record,
                              std::string const& schema) -> model::Result<plugin_host::MapResult> {
            bool const in = record.schema == "fake.hire/1";
            Fate const fate = record.schema == "crosswalk.note/1" ? Fate::passes : fate_of(thing_of(record.json));
            if (in && fate == Fate::filtered) {
                return plugin_host::MapResult{{}, {}, "It is of no use."};
            }
            if (!in && fate == Fate::refused) {
                return model::Error{model::ErrorCode::invalid_argument, "The target has no place for it."};
            }
            return plugin_host::MapResult{{{schema, record.key, record.json}}, {}, {}};
        };
        connector.on_push = [this, connection = std::string(name)](support::FakeConnector::Push const& request) {
            return push(connection, request);
        };
    }
    connectors_.find("ats")->second.on_parse = [this](plugin_host::HttpRequestView const& request) {
        return parse(std::string(request.body));
    };
    connectors_.find("board")->second.on_poll = [this](plugin_host::PollRequest const& request) {
        return poll_board(request);
    };
    outside_.connector = [this](std::string_view name) -> support::FakeConnector* {
        auto const found = connectors_.find(name);
        return found == connectors_.end() ? nullptr : &found->second;
    };
    outside_.send_notice = [this](model::Record const&) {
        if (current_ != nullptr) {
            watch_push(*current_);
        }
        bool const fails = !calm_ && chance(30);
        say(fails ? "mail fails" : "mail goes");
        return report(fails ? model::Outcome::retry : model::Outcome::delivered, "The mail server said so.");
    };
    // What the dispatcher's workers would take: they are what pushes here.
    outside_.at_once.allowance = [this](std::string const&, std::string const&) {
        std::size_t const room = leased_max - std::min(leased_max, leased_.size());
        return store::Allowance{std::min<std::size_t>(room, below(random_, 4)), room > 0 && chance(20)};
    };
    outside_.at_once.take = [this](std::vector<store::Delivery> leased, bool) {
        for (store::Delivery& delivery : leased) {
            say("leases " + std::to_string(delivery.id) + " at once");
            leased_.push_back(std::move(delivery));
        }
    };
    outside_.jitter = [this] { return static_cast<double>(below(random_, 1000)) / 1000.0; };
}

// Every seventh webhook tells of two people.
model::Result<plugin_host::ParseResult> Schedule::parse(std::string const& body) {
    if (!calm_ && chance(12)) {
        static constexpr std::array causes{model::ErrorCode::unavailable, model::ErrorCode::rate_limited,
                                           model::ErrorCode::unauthenticated, model::ErrorCode::internal,
                                           model::ErrorCode::invalid_argument};
        model::ErrorCode const cause = causes.at(below(random_, causes.size()));
        say("parse fails: " + std::string(model::name(cause)));
        return model::Error{cause, "The vendor said so."};
    }
    auto const found = std::find_if(sent_.begin(), sent_.end(), [&](Happening const& one) { return one.id == body; });
    plugin_host::ParseResult result;
    auto const add = [&](std::string const& id, std::string const& subject) {
        result.events.push_back({id, "candidate.hired", subject, id, 0, {"fake.hire/1", {}, record_of(id)}});
    };
    add(body, found->subject);
    if (number_of(body) % 7 == 3) {
        add(second_of(body), "person-9");
    }
    return result;
}

model::Result<plugin_host::PollResult> Schedule::poll_board(plugin_host::PollRequest const& request) {
    if (!calm_ && chance(20)) {
        static constexpr std::array causes{model::ErrorCode::unavailable, model::ErrorCode::unauthenticated,
                                           model::ErrorCode::not_found, model::ErrorCode::invalid_argument};
        model::ErrorCode const cause = causes.at(below(random_, causes.size()));
        say("poll fails: " + std::string(model::name(cause)));
        return model::Error{cause, "The board said so."};
    }
    std::size_t at = 0;
    std::from_chars(request.cursor.data(), request.cursor.data() + request.cursor.size(), at);
    plugin_host::PollResult page;
    std::size_t const end = std::min(at + page_events, board_.size());
    for (; at < end; ++at) {
        Happening const& event = board_[at];
        page.events.push_back(
            {event.id, "posting.changed", event.subject, event.id, 0, {"fake.hire/1", {}, record_of(event.id)}});
    }
    page.cursor = std::to_string(at);
    page.more = at < board_.size();
    board_read_ = calm_ && !page.more;
    say("page to " + *page.cursor);
    return page;
}

Answer Schedule::next_answer() {
    if (calm_) {
        return Answer::delivered;
    }
    static constexpr std::array often{Answer::unchanged,
                                      Answer::duplicate,
                                      Answer::skipped,
                                      Answer::rejected,
                                      Answer::retry,
                                      Answer::retry,
                                      Answer::auth,
                                      Answer::unknown_applied,
                                      Answer::unknown_applied,
                                      Answer::unknown_not_applied,
                                      Answer::dies_before,
                                      Answer::dies_after};
    return chance(50) ? Answer::delivered : often.at(below(random_, often.size()));
}

model::AttemptReport Schedule::push(std::string const& connection, support::FakeConnector::Push const& request) {
    if (current_ != nullptr) {
        watch_push(*current_);
    }
    Answer const answer = next_answer();
    say((request.look_up ? "looks up " : "pushes ") + request.idempotency_key.substr(0, 8) + " at " + connection +
        ", " + std::to_string(request.attempt) + ": " + std::to_string(static_cast<int>(answer)));
    Target& target = target_of(connection);
    if (request.look_up) {
        ++outcome_.tally.look_ups;
        return target.look_up(request.idempotency_key, answer);
    }
    // A note is about its own key: each is written once.
    std::string const thing = request.action == "create" ? thing_of(request.record.json) : request.idempotency_key;
    return target.push(thing, request.idempotency_key, answer);
}

}  // namespace crosswalk::simulation
