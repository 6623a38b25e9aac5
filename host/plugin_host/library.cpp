#include "plugin_host/connector.hpp"
#include "plugin_host/instance.hpp"
#include "plugin_host/opened_library.hpp"
#include "plugin_host/remote_library.hpp"
#include "plugin_host/settings_check.hpp"
#include <crosswalk/connector.h>

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

class LoadedLibrary final : public Library {
public:
    LoadedLibrary(std::string path, OpenedLibrary opened) : path_(std::move(path)), opened_(std::move(opened)) {}

    [[nodiscard]] std::vector<ConnectorInfo> const& connectors() const noexcept override { return opened_.infos; }
    [[nodiscard]] Result<std::unique_ptr<Connector>> create(std::string const& id, Services services) override;
    [[nodiscard]] Result<void> check_settings(std::string const& id, SettingsCheck check) override;

private:
    [[nodiscard]] Result<std::size_t> index_of(std::string const& id) const;
    [[nodiscard]] Instance::Create creator(std::string const& id);

    std::string const path_;
    OpenedLibrary const opened_;
    std::mutex create_mutex_;  // create is [lib]
};

Result<std::size_t> LoadedLibrary::index_of(std::string const& id) const {
    auto const found = std::find_if(opened_.infos.begin(), opened_.infos.end(),
                                    [&id](ConnectorInfo const& info) { return info.id == id; });
    if (found == opened_.infos.end()) {
        return Error{ErrorCode::not_found, "The connector library \"" + path_ + "\" has no connector \"" + id + "\"."};
    }
    return static_cast<std::size_t>(found - opened_.infos.begin());
}

Instance::Create LoadedLibrary::creator(std::string const& id) {
    return [this, id](cw_host const* host, cw_connector** out) {
        std::lock_guard const lock(create_mutex_);
        return opened_.table->create(id.c_str(), host, out);
    };
}

Result<std::unique_ptr<Connector>> LoadedLibrary::create(std::string const& id, Services services) {
    auto const index = index_of(id);
    return index ? Instance::start(opened_.infos[*index], opened_.descriptors[*index], std::move(services), creator(id))
                 : index.error();
}

Result<void> LoadedLibrary::check_settings(std::string const& id, SettingsCheck check) {
    auto const index = index_of(id);
    if (!index) {
        return index.error();
    }
    CheckServices around(std::move(check));
    return Instance::try_init(opened_.infos[*index], opened_.descriptors[*index], around.services(), creator(id));
}

Result<std::shared_ptr<Library>> load_here(std::string const& absolute_path, std::string const& sha256) {
    Result<OpenedLibrary> opened = open_library(absolute_path, sha256);
    if (!opened) {
        return opened.error();
    }
    // Shared: every connection's connector keeps its library's tables in use.
    return std::shared_ptr<Library>(std::make_shared<LoadedLibrary>(absolute_path, std::move(*opened)));
}

}  // namespace

Result<std::shared_ptr<Library>> Library::load(std::string const& absolute_path, std::string const& sha256,
                                               telemetry::Logger& logger, Isolation isolation) {
    Result<std::shared_ptr<Library>> library = isolation == Isolation::worker
                                                   ? load_in_worker(absolute_path, sha256, WorkerOptions())
                                                   : load_here(absolute_path, sha256);
    if (!library) {
        return library.error();
    }
    for (ConnectorInfo const& info : (*library)->connectors()) {
        logger.info("Connector loaded.", {{"connector", info.id},
                                          {"version", info.version},
                                          {"library", info.library},
                                          {"toolchain", info.toolchain},
                                          {"isolation", isolation == Isolation::worker ? "worker" : "in-process"}});
    }
    return library;
}

}  // namespace crosswalk::plugin_host
