#include "plugin_host/connector.hpp"
#include "plugin_host/descriptor.hpp"
#include "plugin_host/instance.hpp"
#include "plugin_host/preflight.hpp"
#include <crosswalk/connector.h>

#include <boost/dll/shared_library.hpp>

#include <algorithm>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace crosswalk::plugin_host {
namespace {

using model::Error;
using model::ErrorCode;
using model::Result;

constexpr std::uint32_t connectors_max = 32;

using Entry = decltype(cw_connector_entry_v0);

// Loads the file and leaves it loaded for the life of the process. Unloading is not real: a template static pins the
// object, thread-local destructors of it crash later, and a thread that it forgot would run unmapped code. So the
// handles are never destroyed, not even at exit; they stay reachable for leak checkers.
Result<boost::dll::shared_library*> load_for_ever(std::string const& path) {
    static auto* const kept = new std::vector<std::unique_ptr<boost::dll::shared_library>>();
    static std::mutex mutex;
    try {
        // rtld_now: a symbol that is missing shows here and not at its first use, a week later.
        auto library = std::make_unique<boost::dll::shared_library>(
            path, boost::dll::load_mode::rtld_now | boost::dll::load_mode::rtld_local);
        std::lock_guard const lock(mutex);
        return kept->emplace_back(std::move(library)).get();
    } catch (std::exception const& error) {
        // Only the throwing overload carries the loader's own words.
        return Error{ErrorCode::failed_precondition,
                     "The connector library \"" + path + "\" could not be loaded: " + error.what()};
    }
}

class LoadedLibrary final : public Library {
public:
    LoadedLibrary(std::string path, cw_library const* table) : path_(std::move(path)), table_(table) {}

    [[nodiscard]] Result<void> describe();
    [[nodiscard]] std::vector<ConnectorInfo> const& connectors() const noexcept override { return infos_; }
    [[nodiscard]] Result<std::unique_ptr<Connector>> create(std::string const& id, Services services) override;

private:
    // Constant after describe().
    std::string const path_;
    cw_library const* const table_;
    std::vector<ConnectorInfo> infos_;
    std::vector<cw_descriptor const*> descriptors_;  // beside infos_

    std::mutex create_mutex_;  // create is [lib]
};

Result<void> LoadedLibrary::describe() {
    auto const broken = [this](std::string const& what) {
        return Error{ErrorCode::invalid_argument, "The connector library \"" + path_ + "\" " + what};
    };
    if (cw_status const status = table_->open(path_.c_str()); status != CW_OK) {
        return broken("refused to open (status " + std::to_string(status) + ").");
    }
    std::uint32_t const count = table_->count();
    if (count == 0 || count > connectors_max) {
        return broken("offers " + std::to_string(count) + " connectors; 1 to 32 are allowed.");
    }
    for (std::uint32_t i = 0; i < count; ++i) {
        cw_descriptor const* const descriptor = table_->describe(i);
        Result<ConnectorInfo> info = copy_descriptor(path_, table_->toolchain, descriptor);
        if (!info) {
            return info.error();
        }
        if (std::any_of(infos_.begin(), infos_.end(),
                        [&info](ConnectorInfo const& other) { return other.id == info->id; })) {
            return broken("describes \"" + info->id + "\" twice.");
        }
        infos_.push_back(std::move(*info));
        descriptors_.push_back(descriptor);
    }
    return {};
}

Result<std::unique_ptr<Connector>> LoadedLibrary::create(std::string const& id, Services services) {
    auto const found =
        std::find_if(infos_.begin(), infos_.end(), [&id](ConnectorInfo const& info) { return info.id == id; });
    if (found == infos_.end()) {
        return Error{ErrorCode::not_found, "The connector library \"" + path_ + "\" has no connector \"" + id + "\"."};
    }
    auto const index = static_cast<std::size_t>(found - infos_.begin());
    return Instance::start(*found, descriptors_[index], std::move(services),
                           [this, &id](cw_host const* host, cw_connector** out) {
                               std::lock_guard const lock(create_mutex_);
                               return table_->create(id.c_str(), host, out);
                           });
}

}  // namespace

Result<std::shared_ptr<Library>> Library::load(std::string const& absolute_path, std::string const& sha256,
                                               telemetry::Logger& logger) {
    if (auto const sound = check_file(absolute_path, sha256); !sound) {
        return sound.error();
    }
    Result<boost::dll::shared_library*> const loaded = load_for_ever(absolute_path);
    if (!loaded) {
        return loaded.error();
    }
    try {
        cw_library const* const table = (*loaded)->get<Entry>(entry_symbol())();
        if (auto const sound = check_library(absolute_path, table); !sound) {
            return sound.error();
        }
        // Shared: every connection's connector keeps its library's tables in use.
        auto library = std::make_shared<LoadedLibrary>(absolute_path, table);
        if (auto const described = library->describe(); !described) {
            return described.error();
        }
        for (ConnectorInfo const& info : library->connectors()) {
            logger.info("Connector loaded.", {{"connector", info.id},
                                              {"version", info.version},
                                              {"library", info.library},
                                              {"toolchain", info.toolchain}});
        }
        return std::shared_ptr<Library>(std::move(library));
    } catch (std::exception const& error) {
        return Error{ErrorCode::invalid_argument,
                     "The connector library \"" + absolute_path + "\" threw while it was opened: " + error.what()};
    } catch (...) {
        return Error{ErrorCode::invalid_argument,
                     "The connector library \"" + absolute_path + "\" threw while it was opened."};
    }
}

}  // namespace crosswalk::plugin_host
