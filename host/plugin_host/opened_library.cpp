#include "plugin_host/opened_library.hpp"

#include "plugin_host/descriptor.hpp"
#include "plugin_host/preflight.hpp"

#include <boost/dll/shared_library.hpp>

#include <algorithm>
#include <memory>
#include <mutex>
#include <utility>

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

Result<void> describe(std::string const& path, OpenedLibrary& library) {
    auto const broken = [&path](std::string const& what) {
        return Error{ErrorCode::invalid_argument, "The connector library \"" + path + "\" " + what};
    };
    if (cw_status const status = library.table->open(path.c_str()); status != CW_OK) {
        return broken("refused to open (status " + std::to_string(status) + ").");
    }
    std::uint32_t const count = library.table->count();
    if (count == 0 || count > connectors_max) {
        return broken("offers " + std::to_string(count) + " connectors; 1 to 32 are allowed.");
    }
    for (std::uint32_t i = 0; i < count; ++i) {
        cw_descriptor const* const descriptor = library.table->describe(i);
        Result<ConnectorInfo> info = copy_descriptor(path, library.table->toolchain, descriptor);
        if (!info) {
            return info.error();
        }
        if (std::any_of(library.infos.begin(), library.infos.end(),
                        [&info](ConnectorInfo const& other) { return other.id == info->id; })) {
            return broken("describes \"" + info->id + "\" twice.");
        }
        library.infos.push_back(std::move(*info));
        library.descriptors.push_back(descriptor);
    }
    return {};
}

}  // namespace

Result<OpenedLibrary> open_library(std::string const& absolute_path, std::string const& sha256) {
    if (auto const sound = check_file(absolute_path, sha256); !sound) {
        return sound.error();
    }
    Result<boost::dll::shared_library*> const loaded = load_for_ever(absolute_path);
    if (!loaded) {
        return loaded.error();
    }
    try {
        OpenedLibrary library;
        library.table = (*loaded)->get<Entry>(entry_symbol())();
        if (auto const sound = check_library(absolute_path, library.table); !sound) {
            return sound.error();
        }
        if (auto const described = describe(absolute_path, library); !described) {
            return described.error();
        }
        return library;
    } catch (std::exception const& error) {
        return Error{ErrorCode::invalid_argument,
                     "The connector library \"" + absolute_path + "\" threw while it was opened: " + error.what()};
    } catch (...) {
        return Error{ErrorCode::invalid_argument,
                     "The connector library \"" + absolute_path + "\" threw while it was opened."};
    }
}

}  // namespace crosswalk::plugin_host
