#include "conformance/subject.hpp"

#include "kept.hpp"
#include "spool/spool.hpp"

#include <gtest/gtest.h>

#include <map>
#include <mutex>
#include <optional>
#include <random>
#include <thread>

namespace crosswalk::conformance {
namespace {

using model::AttemptReport;
using model::Error;
using model::ErrorCode;
using model::Outcome;
using model::Result;

class Secrets final : public model::SecretSource {
public:
    explicit Secrets(std::map<std::string, std::string> const& values) : values_(values) {}
    [[nodiscard]] Result<model::Secret> resolve(std::string_view reference) const override {
        auto const at = values_.find(std::string(reference.substr(reference.find('/') + 1)));
        return at == values_.end() ? Result<model::Secret>(Error{ErrorCode::not_found, "no such secret"})
                                   : Result<model::Secret>(model::Secret(at->second));
    }

private:
    std::map<std::string, std::string> const& values_;
};

class KeyValues final : public plugin_host::KeyValues {
public:
    [[nodiscard]] Result<std::pair<std::string, std::uint64_t>> get(std::string const& key) override {
        std::lock_guard const lock(mutex_);
        auto const at = values_.find(key);
        if (at == values_.end()) {
            return Error{ErrorCode::not_found, "no such key"};
        }
        return at->second;
    }
    [[nodiscard]] Result<void> put(std::string const& key, std::string const& value,
                                   std::optional<std::uint64_t> if_version) override {
        std::lock_guard const lock(mutex_);
        auto& at = values_[key];
        if (if_version && *if_version != at.second) {
            return Error{ErrorCode::already_exists, "changed meanwhile"};
        }
        at = {value, at.second + 1};
        return {};
    }
    [[nodiscard]] Result<void> remove(std::string const& key, std::optional<std::uint64_t>) override {
        std::lock_guard const lock(mutex_);
        values_.erase(key);
        return {};
    }

private:
    std::mutex mutex_;  // guards values_
    std::map<std::string, std::pair<std::string, std::uint64_t>> values_;
};

class Links final : public plugin_host::Links {
public:
    [[nodiscard]] Result<void> put(plugin_host::Ref const& ours, plugin_host::Ref const& theirs) override {
        std::lock_guard const lock(mutex_);
        std::erase_if(links_, [&](auto const& link) {
            return link.second == theirs && link.first.system == ours.system && link.first.kind == ours.kind;
        });
        links_.emplace_back(ours, theirs);
        return {};
    }
    [[nodiscard]] Result<std::vector<plugin_host::Ref>> find(plugin_host::Ref const& of) override {
        std::lock_guard const lock(mutex_);
        std::vector<plugin_host::Ref> found;
        for (auto const& [ours, theirs] : links_) {
            if (ours == of || theirs == of) {
                found.push_back(ours == of ? theirs : ours);
            }
        }
        return found;
    }
    [[nodiscard]] Result<void> remove(plugin_host::Ref const& ours, plugin_host::Ref const& theirs) override {
        std::lock_guard const lock(mutex_);
        std::erase(links_, std::pair(ours, theirs));
        return {};
    }

private:
    std::mutex mutex_;  // guards links_
    std::vector<std::pair<plugin_host::Ref, plugin_host::Ref>> links_;
};

// The host's own files, in a folder that goes with the test.
class Files {
public:
    Files(model::Clock const& clock, telemetry::Logger& logger)
        : folder_(std::filesystem::temp_directory_path() /
                  ("crosswalk-conformance-" + std::to_string(std::random_device{}()))) {
        spool::SpoolOptions options;
        options.folder = folder_;
        auto opened = spool::Spool::open(options, vault::Key::random().value(), clock, logger);
        EXPECT_TRUE(opened);
        spool_ = std::move(opened.value());
        files_.emplace(*spool_);
    }
    Files(Files const&) = delete;
    Files& operator=(Files const&) = delete;
    ~Files() {
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }
    [[nodiscard]] plugin_host::Files& operator*() noexcept { return *files_; }

private:
    std::filesystem::path folder_;
    std::unique_ptr<spool::Spool> spool_;
    std::optional<SpooledFiles> files_;
};

http::ClientOptions client_options() {
    http::ClientOptions options;
    options.user_agent = "crosswalk/0.1.0 (conformance)";
    return options;
}

}  // namespace

class Subject::Kept {
public:
    Kept(Profile const& profile, model::Clock const& clock, telemetry::Logger& logger)
        : secrets(profile.secrets), files(clock, logger) {}
    Secrets secrets;
    KeyValues key_values;
    Links links;
    Files files;
};

Subject::Subject(Profile const& profile)
    : profile_(profile),
      logger_(log_, clock_, telemetry::Level::warn),
      http_(client_options(), clock_, logger_),
      kept_(std::make_unique<Kept>(profile, clock_, logger_)) {
    auto const port = sandbox_.start({.port = 0, .threads = 16});
    EXPECT_TRUE(port);
    address_ = "http://127.0.0.1:" + std::to_string(port ? *port : 0);
    if (profile_.prepare) {
        profile_.prepare(sandbox_);
    }
    restart();
}

plugin_host::Links& Subject::links() noexcept {
    return kept_->links;
}

Subject::~Subject() {
    connector_.reset();
    sandbox_.stop();
}

void Subject::restart() {
    connector_.reset();
    auto const path = CONNECTORS + profile_.connector + "/" + profile_.connector + LIBRARY_SUFFIX;
    auto library = plugin_host::Library::load(path, "", logger_);
    ASSERT_TRUE(library) << library.error().detail;
    plugin_host::Services services{profile_.connector,
                                   profile_.settings(address_),
                                   http_,
                                   kept_->secrets,
                                   kept_->key_values,
                                   clock_,
                                   logger_,
                                   1000};
    services.links = &kept_->links;
    services.files = &*kept_->files;
    auto made = (*library)->create(profile_.connector, std::move(services));
    ASSERT_TRUE(made) << made.error().detail;
    connector_ = std::move(*made);
}

void Subject::fault(json::object const& ordered) {
    json::object order = ordered;
    order["vendor"] = profile_.vendor;
    (void)control(sandbox_, "POST", "/faults", order);
}

void Subject::no_more_faults() {
    (void)control(sandbox_, "DELETE", "/faults");
}

bool Subject::wait_for(std::function<bool()> const& done) {
    auto const end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (!done()) {
        if (std::chrono::steady_clock::now() > end) {
            return false;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return true;
}

json::object Subject::with_file(Push const& push, json::object record) {
    if (!push.content.empty()) {
        auto const id = (*kept_->files).put(push.content);
        EXPECT_TRUE(id);
        record["bytes"] = id ? *id : std::string();
        record["sha256"] = record["bytes"];
        record["size"] = push.content.size();
    }
    return record;
}

Result<model::Record> Subject::mapped(Push const& push, json::object const& canonical) {
    for (plugin_host::ActionInfo const& action : connector_->info().actions) {
        if (action.name == push.action) {
            auto out =
                connector_->map_out({action.canonical, {}, json::serialize(canonical)}, action.schema, usual_time);
            if (!out) {
                return out.error();
            }
            if (out->records.empty()) {
                return Error{ErrorCode::failed_precondition, "filtered: " + out->reason};
            }
            return out->records.front();
        }
    }
    return Error{ErrorCode::not_found, "no action " + push.action};
}

AttemptReport Subject::push(Push const& push, json::object const& canonical, std::string const& key, int attempt,
                            std::chrono::milliseconds time_max) {
    auto const record = mapped(push, canonical);
    if (!record) {
        return {Outcome::rejected, record.error().detail, record.error().fields};
    }
    return connector_->push(push.action, key, attempt, *record, time_max);
}

AttemptReport Subject::deliver(Push const& push, json::object const& canonical, std::string const& key,
                               int first_attempt) {
    auto const record = mapped(push, canonical);
    if (!record) {
        return {Outcome::rejected, record.error().detail, record.error().fields};
    }
    AttemptReport report;
    report.outcome = first_attempt == 1 ? Outcome::retry : Outcome::unknown;
    for (int attempt = first_attempt; attempt < first_attempt + 8 && !model::is_final(report.outcome); ++attempt) {
        report = report.outcome == Outcome::unknown && connector_->can_look_up()
                     ? connector_->look_up(push.action, key, attempt, *record, usual_time)
                     : connector_->push(push.action, key, attempt, *record, usual_time);
        clock_.hurry(std::chrono::minutes(2));
    }
    return report;
}

}  // namespace crosswalk::conformance
