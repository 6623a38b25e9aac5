// A store in a folder of its own that goes with the test.
#pragma once

#include "store/history.hpp"
#include "store/inbox.hpp"
#include "store/outbox.hpp"
#include "store/runs.hpp"
#include "store/state.hpp"
#include "store/store.hpp"

#include <filesystem>
#include <random>
#include <sstream>
#include <stdexcept>
#include <string>

namespace crosswalk::support {

// A fresh folder, removed with its content at the end.
class TemporaryFolder {
public:
    TemporaryFolder() : path_(std::filesystem::temp_directory_path() / ("crosswalk-test-" + random_name())) {
        std::filesystem::create_directories(path_);
    }
    TemporaryFolder(TemporaryFolder const&) = delete;
    TemporaryFolder& operator=(TemporaryFolder const&) = delete;
    ~TemporaryFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    [[nodiscard]] std::filesystem::path const& path() const noexcept { return path_; }

private:
    static std::string random_name() {
        std::random_device device;
        std::ostringstream name;
        name << std::hex << device() << device();
        return name.str();
    }
    std::filesystem::path path_;
};

class TestStore {
public:
    // The path is this object's own.
    explicit TestStore(model::Clock const& clock, store::StoreOptions const& options = {})
        : logger_(log_, clock),
          store_(open(options, folder_, clock, logger_)),
          inbox(*store_),
          outbox(*store_),
          state(*store_),
          history(*store_),
          runs(*store_) {}

    [[nodiscard]] store::Store& store() noexcept { return *store_; }
    [[nodiscard]] telemetry::Logger& logger() noexcept { return logger_; }
    [[nodiscard]] std::string log() const { return log_.str(); }
    [[nodiscard]] std::filesystem::path path() const { return folder_.path() / "crosswalk.db"; }

private:
    static std::unique_ptr<store::Store> open(store::StoreOptions options, TemporaryFolder const& folder,
                                              model::Clock const& clock, telemetry::Logger& logger) {
        options.path = folder.path() / "crosswalk.db";
        options.key = model::Secret(std::string(64, '5'));
        auto opened = store::Store::open(options, clock, logger);
        if (!opened) {
            throw std::runtime_error(opened.error().detail);
        }
        return std::move(*opened);
    }
    TemporaryFolder folder_;
    std::ostringstream log_;
    telemetry::Logger logger_;
    std::unique_ptr<store::Store> store_;

public:
    store::Inbox inbox;
    store::Outbox outbox;
    store::State state;
    store::History history;
    store::Runs runs;
};

}  // namespace crosswalk::support
